import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Testing

extension ScreenTests {
  @Suite struct FramePainterTests {
    @Test func aFrameIsShownAsItIs() throws {
      var rig = try PainterRig()
      var surface = PainterRig.surface(["hello", "漢字 wide", "e\u{301} marks", "│ box ─┐"])
      surface.write("loud", "loud", at: Point(x: 10, y: 0))
      surface.write("bright", "bright", at: Point(x: 20, y: 1))
      surface.write("dim and gone", "gone", at: Point(x: 20, y: 2))
      surface.write(Line([Span("a link", "red", link: "https://example.com/x?y=1")]), at: Point(x: 3, y: 5))
      rig.paint(surface)
      #expect(rig.difference(from: surface) == nil)
      #expect(rig.screen.modes.contains(1049))
    }

    @Test("U12: a frame that changes nothing is no bytes") func u12_nothingIsNothing() throws {
      var rig = try PainterRig()
      let surface = PainterRig.surface(["one", "two"])
      rig.paint(surface, cursor: Point(x: 1, y: 1), title: "t")
      #expect(!rig.lastBytes.isEmpty)
      for _ in 0..<3 {
        rig.paint(surface, cursor: Point(x: 1, y: 1), title: "t")
        #expect(rig.lastBytes.isEmpty)
      }
    }

    @Test("U12: a line that grows by a token costs the token and some cursor movement")
    func u12_aTokenCostsItsBytes() throws {
      for depth in [ColorDepth.direct, .indexed256, .basic, .none] {
        var rig = try PainterRig(depth: depth, columns: 120, rows: 40)
        var text = "The formatter uses"
        let above = (0..<39).map { "line \($0) of what was said before" }
        rig.paint(PainterRig.surface(above + [text], columns: 120, count: 40), cursor: Point(x: 3, y: 2))
        for token in [" the", " local", " time", " zone"] {
          text += token
          let surface = PainterRig.surface(above + [text], columns: 120, count: 40)
          rig.paint(surface, cursor: Point(x: 3, y: 2))
          // The colours are set and reset, the cursor goes there and back, between the update brackets.
          #expect(rig.lastBytes.count <= token.utf8.count + 110, "\(depth)")
          #expect(rig.screen.rows[39].hasSuffix(token))
        }
      }
    }

    @Test("U12: what is typed costs 40 bytes at most, and a letter behind a letter costs itself")
    func u12_aKeyCostsItself() throws {
      for depth in [ColorDepth.direct, .indexed256] {
        var rig = try PainterRig(depth: depth, columns: 80, rows: 24)
        let above = (0..<22).map { "line \($0) of what was said before" }
        func paint(_ text: String, caret: Int, status: String, _ rig: inout PainterRig) {
          var surface = PainterRig.surface(above + [text], columns: 80, count: 24)
          surface.write(status, "bright", at: Point(x: 2, y: 23))
          rig.paint(surface, cursor: Point(x: caret, y: 22))
          #expect(rig.screen.cursor == Point(x: caret, y: 22))
          if depth == .direct { #expect(rig.difference(from: surface) == nil) }
        }
        paint("", caret: 0, status: "idle", &rig)
        var text = ""
        for character in "a draft, of letters" {
          text.append(character)
          paint(text, caret: text.count, status: "idle", &rig)
          #expect(rig.lastBytes.count <= (text.count == 1 ? 40 : character == " " ? 3 : 1), "\(text)")
        }
        // What else is written leaves other colours behind.
        paint(text, caret: text.count, status: "working", &rig)
        #expect(rig.lastBytes.starts(with: "\u{1B}[?2026h".utf8))
        for (next, caret) in [(text + "!", 20), (text, 19), (text + "字", 21), (text, 19), (text, 3)] {
          paint(next, caret: caret, status: "working", &rig)
          #expect(rig.lastBytes.count <= 40 && !rig.lastBytes.isEmpty, "\(next) \(rig.lastBytes)")
        }
        paint("a xdraft, of letters", caret: 3, status: "working", &rig)
        #expect(rig.lastBytes.count <= 40)
        rig.screen.feed(rig.painter.leave())
        #expect(rig.screen.look == VTScreen.Look())
      }
    }

    @Test("U12: after another program wrote, no colour is taken for granted")
    func u12_coloursAreSetAnew() throws {
      var rig = try PainterRig()
      let surface = PainterRig.surface(["text"])
      rig.paint(surface, cursor: Point(x: 4, y: 0))
      rig.screen.feed(rig.painter.leave())
      rig.screen.feed(Array("\u{1B}[1;7;35;46mloud".utf8))
      rig.screen.feed(rig.painter.enter())
      rig.paint(surface, cursor: Point(x: 4, y: 0))
      #expect(rig.difference(from: surface) == nil)
    }

    @Test("U12: scrolling by a line does not repaint the screen") func u12_scrollingIsCheap() throws {
      var rig = try PainterRig(columns: 100, rows: 40)
      let lines = (0..<60).map { "line \($0) " + String(repeating: "abcdefgh ", count: 8) }
      rig.paint(PainterRig.surface(Array(lines[0..<40]), columns: 100, count: 40))
      let whole = rig.lastBytes.count
      for start in 1..<20 {
        let surface = PainterRig.surface(Array(lines[start..<start + 40]), columns: 100, count: 40)
        rig.paint(surface)
        #expect(rig.difference(from: surface) == nil)
        #expect(rig.lastBytes.count < whole / 8)
      }
    }

    @Test("U10: the hardware cursor is at the caret on every frame") func u10_cursorFollows() throws {
      var rig = try PainterRig()
      for step in 0..<10 {
        let caret = Point(x: step, y: 11)
        rig.paint(PainterRig.surface((0..<step).map { "streamed \($0)" }), cursor: caret)
        #expect(rig.screen.cursor == caret)
        #expect(rig.screen.modes.contains(25))
      }
      rig.paint(PainterRig.surface(["x"]), cursor: nil)
      #expect(!rig.screen.modes.contains(25))
      rig.paint(PainterRig.surface(["x"]), cursor: Point(x: 39, y: 0))
      #expect(rig.screen.cursor == Point(x: 39, y: 0))
      rig.paint(PainterRig.surface(["x"]), cursor: Point(x: 40, y: 0))
      #expect(!rig.screen.modes.contains(25))
    }

    @Test("U12: frames stand between update brackets, but for what is typed in the cursor's row")
    func u12_framesStandBetweenUpdateBrackets() throws {
      var rig = try PainterRig()
      for (row, cursor) in [("one", 0), ("two", 1), ("three", 0)] {
        rig.paint(PainterRig.surface([row]), cursor: Point(x: 5, y: cursor))
        let text = String(decoding: rig.lastBytes, as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}[?2026h") && text.hasSuffix("\u{1B}[?2026l"))
        #expect(!rig.screen.modes.contains(2026))
      }
      rig.paint(PainterRig.surface(["threes"]), cursor: Point(x: 6, y: 0))
      #expect(rig.lastBytes.count == 1)
    }

    @Test("U18: wide glyphs are never cut in half") func u18_wideGlyphsAtEdges() throws {
      var rig = try PainterRig(columns: 7, rows: 3)
      for rows in [["漢字漢字", "a漢字漢", "漢字漢x"], ["a漢字漢", "漢字漢字", "ab漢字x"], ["xxxxxxx", "漢xx字x漢", ""]] {
        let surface = PainterRig.surface(rows, columns: 7, count: 3)
        rig.paint(surface)
        #expect(rig.difference(from: surface) == nil)
      }
    }

    @Test func theLowerRightCornerIsWritten() throws {
      var rig = try PainterRig(columns: 4, rows: 2)
      let surface = PainterRig.surface(["abcd", "efgh"], columns: 4, count: 2)
      rig.paint(surface)
      #expect(rig.screen.rows == ["abcd", "efgh"])
    }

    @Test func aThemeChangesLooksOnly() throws {
      var rig = try PainterRig()
      let surface = PainterRig.surface(["text"])
      rig.paint(surface)
      let other = Theme(name: "rig", isDark: false, styles: ["text": ThemeStyle(.index(3), on: .index(4))])
      rig.paint(surface, theme: other)
      #expect(rig.screen.grid[0][0].look == VTScreen.Look(foreground: "33", background: "44"))
      #expect(rig.screen.rows[0] == "text")
      rig.paint(surface)
      #expect(rig.difference(from: surface) == nil)
    }

    @Test func linksFollowTheirTextAndLeaveWithIt() throws {
      var rig = try PainterRig()
      func surface(_ link: String?, _ row: Int) -> Surface {
        var surface = PainterRig.surface(["same words"])
        surface.write(Line([Span("the manual", "text", link: link)]), at: Point(x: 2, y: row))
        return surface
      }
      let steps: [(String?, Int)] = [
        ("https://a.example", 3), ("https://b.example", 3), (nil, 3), ("https://a.example", 4),
        ("bad\u{1B}]link", 4), ("https://\(String(repeating: "x", count: 3000))", 4),
      ]
      for (link, row) in steps {
        let surface = surface(link, row)
        rig.paint(surface)
        let isSafe = link.map { $0.utf8.count < 2048 && !$0.contains("\u{1B}") } ?? true
        #expect(rig.screen.grid[row][5].link == (isSafe ? link ?? "" : ""))
        #expect(rig.screen.grid[row][0].link.isEmpty)
        #expect(rig.screen.unknown.isEmpty)
      }
    }

    @Test("U16: a title can't control the terminal") func u16_titlesAreClean() throws {
      var rig = try PainterRig()
      rig.paint(PainterRig.surface(["x"]), title: "stet \u{1B}]0;evil\u{7}\u{9C}\u{0} — fix")
      #expect(rig.screen.title == "stet ]0;evil — fix")
      rig.paint(PainterRig.surface(["x"]), title: String(repeating: "é", count: 5000))
      #expect(rig.screen.title.count == 200)
      #expect(rig.screen.bells == 0)
    }

    @Test func leavingAndComingBackShowsThePictureAgain() throws {
      var rig = try PainterRig()
      let surface = PainterRig.surface(["kept", "漢字"])
      rig.paint(surface, cursor: Point(x: 2, y: 2))
      rig.screen.feed(rig.painter.leave())
      #expect(!rig.screen.modes.contains(1049))
      #expect(rig.screen.modes.contains(25))
      #expect(rig.screen.look == VTScreen.Look())
      rig.screen.feed(rig.painter.enter())
      #expect(rig.screen.modes.contains(1049))
      rig.paint(surface, cursor: Point(x: 2, y: 2))
      #expect(rig.difference(from: surface) == nil)
      #expect(rig.screen.cursor == Point(x: 2, y: 2))
    }

    @Test func aTerminalNobodyKnowsGetsTheBuiltInEntry() throws {
      var rig = try PainterRig(depth: .basic, term: "no-such-terminal-anywhere")
      let surface = PainterRig.surface(["hello"], style: "red")
      rig.paint(surface)
      #expect(rig.screen.rows[0] == "hello")
      #expect(rig.screen.grid[0][0].look.foreground == "31")
    }

    @Test func withoutColourThereAreNoColours() throws {
      for (depth, term) in [
        (ColorDepth.none, "xterm-256color"), (.none, "dumb-but-known"), (.basic, "vt100"),
      ] {
        var rig = try PainterRig(depth: depth, term: term)
        rig.paint(PainterRig.surface(["hello"], style: "bright"))
        #expect(rig.screen.rows[0] == "hello")
        #expect(rig.screen.grid[0][0].look == VTScreen.Look(attributes: [1]), "\(term)")
      }
    }
  }
}
