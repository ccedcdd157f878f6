import Glibc
import StetTestSupport
import StetUI
import Testing

@testable import StetTerminal

@Suite struct ColorTests {
  @Test func depthsAreDetected() {
    let cases: [([String: String], ColorDepth)] = [
      (["TERM": "xterm-256color"], .indexed256),
      (["TERM": "xterm-256color", "COLORTERM": "truecolor"], .direct),
      (["TERM": "xterm", "COLORTERM": "24bit"], .direct),
      (["TERM": "screen", "TMUX": "/tmp/x,1,0"], .direct),
      (["TERM": "tmux-256color"], .indexed256), (["TERM": "xterm-kitty"], .direct),
      (["TERM": "alacritty"], .direct),
      (["TERM": "xterm-direct"], .direct), (["TERM": "xterm"], .basic), (["TERM": "linux"], .basic),
      (["TERM": "screen"], .basic), (["TERM": "vt100"], .none),
      (["TERM": "dumb", "COLORTERM": "truecolor"], .none),
      ([:], .none), (["TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"], .none),
      (["TERM": "xterm-256color", "NO_COLOR": ""], .indexed256),
    ]
    for (environment, depth) in cases { #expect(ColorDepth.detect(environment) == depth, "\(environment)") }
  }

  @Test func coloursDegrade() {
    let orange = ThemeColor.rgb(red: 255, green: 135, blue: 0)
    #expect(Palette(depth: .direct).number(orange) == 0xFF8700)
    #expect(Palette(depth: .indexed256).number(orange) == 208)
    #expect([1, 3, 9, 11].contains(Palette(depth: .basic).number(orange)))
    #expect(Palette(depth: .none).number(orange) == -1)
    #expect(Palette(depth: .basic, colors: 8).number(.index(12)) == 4)
    #expect(Palette(depth: .basic).number(.index(12)) == 12)
    #expect(Palette(depth: .basic).number(.index(196)) == 9)
    #expect(Palette(depth: .direct).number(.index(196)) == 196)
    for depth in [ColorDepth.none, .basic, .indexed256, .direct] {
      #expect(Palette(depth: depth).number(.terminalDefault) == -1)
    }
  }

  @Test func everyColourFindsItself() {
    for index in UInt8(16)...255 {
      let look = Palette.rgb(of: index)
      let color = ThemeColor.rgb(red: UInt8(look.red), green: UInt8(look.green), blue: UInt8(look.blue))
      let found = Palette.rgb(of: UInt8(Palette(depth: .indexed256).number(color)))
      #expect(found.distance(look) == 0, "\(index)")
    }
    for index in UInt8(0)...15 {
      let look = Palette.rgb(of: index)
      let color = ThemeColor.rgb(red: UInt8(look.red), green: UInt8(look.green), blue: UInt8(look.blue))
      #expect(Palette(depth: .basic).number(color) == Int32(index))
    }
  }

  @Test func darkBluesDoNotBecomePaletteColours() {
    for blue in UInt8(0)...255 {
      #expect(Palette(depth: .direct).number(.rgb(red: 0, green: 0, blue: blue)) >= 256)
    }
  }

  @Test func theBuiltInEntryIsWhatTicMakesOfItsSource() throws {
    let folder = TempDirectory("stet-terminfo")
    let source = folder.write("entry.ti", DirectEntryTests.source)
    #expect(system("tic -x -o '\(folder.path)/out' '\(source)'") == 0)
    #expect(system("base64 -w 0 '\(folder.path)/out/s/\(DirectEntry.name)' > '\(folder.path)/text'") == 0)
    let file = try #require(fopen("\(folder.path)/text", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = fread(&bytes, 1, bytes.count, file)
    #expect("b64:" + String(decoding: bytes[..<count], as: UTF8.self) == DirectEntry.terminfo)
  }
}

enum DirectEntryTests {
  /// The source of `DirectEntry`. To change it, compile it as the test does and put the text there.
  static let source = #"""
    stet-direct|24-bit colour on a terminal of the xterm family,
    	am, mir, msgr, xenl, RGB,
    	colors#0x1000000, cols#80, lines#24, pairs#0x7fff,
    	bel=^G, civis=\E[?25l, clear=\E[H\E[J, cnorm=\E[?25h, cr=\r,
    	csr=\E[%i%p1%d;%p2%dr, cub=\E[%p1%dD, cub1=^H, cud=\E[%p1%dB, cud1=\n, cuf=\E[%p1%dC, cuf1=\E[C,
    	cup=\E[%i%p1%d;%p2%dH, cuu=\E[%p1%dA, cuu1=\E[A, dch=\E[%p1%dP, dch1=\E[P, dim=\E[2m,
    	dl=\E[%p1%dM, dl1=\E[M, ech=\E[%p1%dX, ed=\E[J, el=\E[K, el1=\E[1K, bold=\E[1m,
    	home=\E[H, hpa=\E[%i%p1%dG, ich=\E[%p1%d@, il=\E[%p1%dL, il1=\E[L, ind=\n, indn=\E[%p1%dS,
    	op=\E[39;49m, rc=\E8, rev=\E[7m, ri=\EM, rin=\E[%p1%dT, ritm=\E[23m, rmcup=\E[?1049l,
    	rmam=\E[?7l, rmso=\E[27m, rmul=\E[24m, sc=\E7, sgr0=\E[m, sitm=\E[3m, smam=\E[?7h, smcup=\E[?1049h, smso=\E[7m, smul=\E[4m,
    	setab=\E[%?%p1%{8}%<%t4%p1%d%e%p1%{16}%<%t10%p1%{8}%-%d%e%p1%{256}%<%t48;5;%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
    	setaf=\E[%?%p1%{8}%<%t3%p1%d%e%p1%{16}%<%t9%p1%{8}%-%d%e%p1%{256}%<%t38;5;%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
    	vpa=\E[%i%p1%dd,
    """#
}
