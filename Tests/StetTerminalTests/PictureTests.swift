import StetTestSupport
import StetText
import StetUI
import Testing

@testable import StetTerminal

/// Real pictures: how they are told to terminals, and when (issue 7).
@Suite struct PictureEncoderTests {
  private static func request(_ way: PictureAbility.Way) -> PictureRequest {
    PictureRequest(
      path: "/p", size: Size(columns: 8, rows: 2), ability: PictureAbility(way, cellWidth: 5, cellHeight: 10))
  }

  /// Red on the left, blue on the right, a hole in the first pixel.
  private static func pixels(_ width: Int, _ height: Int) -> [UInt8] {
    (0..<width * height).flatMap { place -> [UInt8] in
      place == 0 ? [0, 0, 0, 0] : place % width < width / 2 ? [255, 0, 0, 255] : [0, 0, 255, 255]
    }
  }

  @Test("issue 7: sixels say the pixels, in their colours, and leave holes")
  func sixel() throws {
    let (width, height) = (20, 13)
    let drawing = try #require(
      PictureEncoder.drawing(
        Self.pixels(width, height), width: width, height: height, for: Self.request(.sixel), id: 1))
    #expect(drawing.store.isEmpty && drawing.hide.isEmpty)
    let text = String(decoding: drawing.show, as: UTF8.self)
    #expect(text.hasPrefix("\u{1B}P0;1;0q\"1;1;20;13") && text.hasSuffix("\u{1B}\\"))
    #expect(text.contains("#180;2;100;0;0") && text.contains("#5;2;0;0;100"))
    // A reader of its own puts the picture together again.
    var grid = [[Int]](repeating: [Int](repeating: -1, count: width), count: height)
    var (x, top, colour, count) = (0, 0, 0, 1)
    var rest = text.drop { $0 != "q" }.dropFirst().drop { $0 != "#" }
    while let character = rest.popFirst(), character != "\u{1B}" {
      func number() -> Int {
        let digits = rest.prefix { $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return Int(digits) ?? 0
      }
      switch character {
      case "#":
        colour = number()
        while rest.first == ";" { rest.removeFirst(); _ = number() }
      case "!": count = number()
      case "$": x = 0
      case "-": (x, top) = (0, top + 6)
      default:
        let bits = Int(character.asciiValue ?? 63) - 63
        for _ in 0..<count {
          for row in 0..<6 where bits & (1 << row) != 0 { grid[top + row][x] = colour }
          x += 1
        }
        count = 1
      }
    }
    for (y, row) in grid.enumerated() {
      for (x, colour) in row.enumerated() {
        #expect(colour == (x == 0 && y == 0 ? -1 : x < 10 ? 180 : 5), "\(x),\(y)")
      }
    }
  }

  @Test("issue 7: kitty gets the pixels once, in pieces, and shows them in so many cells")
  func kitty() throws {
    let drawing = try #require(
      PictureEncoder.drawing(Self.pixels(80, 40), width: 80, height: 40, for: Self.request(.kitty), id: 9))
    let commands = String(decoding: drawing.store, as: UTF8.self).split(separator: "\u{1B}\\")
    #expect(commands.count == 5 && commands.allSatisfy { $0.hasPrefix("\u{1B}_G") && $0.count < 4200 })
    #expect(commands.first?.contains("a=t,f=32,s=80,v=40,i=9,q=2,m=1;") == true)
    #expect(commands.last?.contains("m=0;") == true)
    #expect(String(decoding: drawing.show, as: UTF8.self) == "\u{1B}_Ga=p,i=9,p=1,c=8,C=1,q=2\u{1B}\\")
    #expect(String(decoding: drawing.hide, as: UTF8.self) == "\u{1B}_Ga=d,d=i,i=9,q=2\u{1B}\\")
    // What has no holes needs no fourth byte.
    let opaque = [UInt8](repeating: 255, count: 4 * 4)
    let small = try #require(
      PictureEncoder.drawing(opaque, width: 2, height: 2, for: Self.request(.kitty), id: 1))
    #expect(String(decoding: small.store, as: UTF8.self).contains("f=24,s=2,v=2") && small.store.count < 80)
  }

  @Test("issue 7: a picture fits its cells, whatever its shape, and wrong pixels are none")
  func fits() {
    for (width, height) in [(4000, 10), (10, 4000), (40, 20), (3, 2), (0, 5)] {
      for way in [PictureAbility.Way.kitty, .sixel] {
        let side = PictureEncoder.side(Self.request(way), width: width, height: height)
        let longest = max(width, height, 1)
        #expect(side >= 1 && width * side / longest <= 40 && height * side / longest <= 20)
      }
    }
    #expect(PictureEncoder.drawing([1, 2, 3], width: 1, height: 1, for: Self.request(.sixel), id: 1) == nil)
    #expect(PictureEncoder.drawing([], width: 0, height: 0, for: Self.request(.kitty), id: 1) == nil)
  }
}

extension ScreenTests {
  @Suite struct FramePictureTests {
    private static func frame(_ pictures: [FramePicture], _ rows: [String] = ["one", "two"]) -> Frame {
      Frame(surface: PainterRig.surface(rows), cursor: Point(x: 0, y: 11), pictures: pictures)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("issue 7: a picture is stored once, shown where it stands, and taken away when it moves")
    func kitty() throws {
      let rig = try PainterRig()
      let drawing = PictureDrawing(
        id: 3, store: Array("[store]".utf8), show: Array("[show]".utf8), hide: Array("[hide]".utf8))
      func paint(_ frame: Frame) -> String { Self.text(rig.painter.paint(frame, theme: PainterRig.theme)) }
      func at(_ y: Int) -> [FramePicture] {
        [FramePicture(drawing, in: Rect(x: 3, y: y, width: 4, height: 2))]
      }
      #expect(!paint(Self.frame([])).contains("[show]"))
      #expect(paint(Self.frame(at(4))).contains("[store]\u{1B}7\u{1B}[5;4H[show]\u{1B}8"))
      // At rest it costs nothing, also while other rows change.
      #expect(paint(Self.frame(at(4))).isEmpty)
      #expect(!paint(Self.frame(at(4), ["one", "two and more"])).contains("[show]"))
      let moved = paint(Self.frame(at(6), ["one", "two and more"]))
      #expect(moved.contains("[hide]") && moved.contains("\u{1B}[7;4H[show]") && !moved.contains("[store]"))
      let gone = paint(Self.frame([], ["one", "two and more"]))
      #expect(gone.contains("[hide]") && !gone.contains("[show]"))
      _ = paint(Self.frame(at(6)))
      #expect(Self.text(rig.painter.leave()).contains("[hide]"))
      // Whoever had the terminal meanwhile may have dropped what it kept.
      #expect(paint(Self.frame(at(6))).contains("[store]"))
    }

    @Test("issue 7: sixels go away by writing the screen anew")
    func sixel() throws {
      let rig = try PainterRig()
      let drawing = PictureDrawing(id: 3, show: Array("[show]".utf8))
      func paint(_ frame: Frame) -> String { Self.text(rig.painter.paint(frame, theme: PainterRig.theme)) }
      _ = paint(Self.frame([]))
      #expect(
        paint(Self.frame([FramePicture(drawing, in: Rect(x: 3, y: 4, width: 4, height: 2))])).contains(
          "[show]"))
      let gone = paint(Self.frame([]))
      #expect(gone.contains("one") && gone.contains("two") && !gone.contains("[show]"))
    }
  }
}
