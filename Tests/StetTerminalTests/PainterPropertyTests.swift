import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Testing

/// Random pictures in a row: what a terminal shows must be what each frame says, however ncurses came to its bytes.
extension ScreenTests {
  @Suite struct PainterPropertyTests {
    private static let words = [
      "the", "formatter", "漢字", "zone", "naïve", "日本", "e\u{301}é", "│", "─┐", "→ x", "✓", "  ", "0123456789",
    ]
    private static let styles: [Style] = ["text", "plain", "red", "bright", "loud", "dim", "gone"]

    private func line(_ random: inout SplitMix) -> Line {
      var spans: [Span] = []
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let link =
          Int.random(in: 0...12, using: &random) == 0
          ? "https://example.com/\(Int.random(in: 0...3, using: &random))" : nil
        let word = Self.words.randomElement(using: &random) ?? ""
        spans.append(Span(word, Self.styles.randomElement(using: &random) ?? "text", link: link))
      }
      return Line(spans)
    }

    /// Changes some rows, scrolls, or puts a box over the middle.
    private func mutate(_ lines: inout [Line], _ random: inout SplitMix) {
      switch Int.random(in: 0...5, using: &random) {
      case 0:
        let count = Int.random(in: 1...4, using: &random)
        for _ in 0..<count { lines.append(line(&random)) }
        lines.removeFirst(min(count, lines.count))
      case 1:
        lines.insert(line(&random), at: 0)
        lines.removeLast()
      case 2:
        let place = Int.random(in: 0..<lines.count, using: &random)
        lines.remove(at: place)
        lines.insert(line(&random), at: Int.random(in: 0...lines.count, using: &random))
      default:
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          lines[Int.random(in: 0..<lines.count, using: &random)] = line(&random)
        }
      }
    }

    private func surface(_ lines: [Line], _ size: Size, _ random: inout SplitMix) -> Surface {
      var surface = Surface(size: size, style: Self.styles[Int.random(in: 0...1, using: &random)])
      surface.place(lines, in: surface.bounds)
      if Int.random(in: 0...4, using: &random) == 0 {
        let box = Rect(x: 3, y: 2, width: size.columns / 2, height: size.rows / 2)
        surface.fill(box, style: "bright")
        surface.write("popup 漢", "bright", at: Point(x: 4, y: 3), in: box)
      }
      return surface
    }

    @Test(arguments: [true, false], [1, 2, 3, 4])
    func everyFrameIsShownExactly(erasesWithBackground: Bool, seed: UInt64) throws {
      var random = SplitMix(state: seed)
      let size = Size(columns: 30 + Int(seed) * 7, rows: 10 + Int(seed) * 3)
      var rig = try PainterRig(
        columns: size.columns, rows: size.rows, erasesWithBackground: erasesWithBackground)
      var lines = (0..<size.rows).map { _ in line(&random) }
      for frame in 0..<60 {
        mutate(&lines, &random)
        let surface = surface(lines, size, &random)
        let cursor = Point(
          x: Int.random(in: 0..<size.columns, using: &random),
          y: Int.random(in: 0..<size.rows, using: &random))
        rig.paint(surface, cursor: cursor)
        if let difference = rig.difference(from: surface) {
          Issue.record("frame \(frame): \(difference)")
          return
        }
        #expect(rig.screen.cursor == cursor)
      }
    }

    @Test("U13: after random resizes each frame is shown exactly", arguments: [1, 2])
    func u13_resizes(seed: UInt64) throws {
      var random = SplitMix(state: seed)
      var rig = try PainterRig()
      for step in 0..<50 {
        let size = Size(
          columns: Int.random(in: 1...120, using: &random), rows: Int.random(in: 1...50, using: &random))
        rig.screen.resize(size)
        let lines = (0..<size.rows).map { _ in line(&random) }
        let surface = surface(lines, size, &random)
        rig.paint(surface)
        if let difference = rig.difference(from: surface) {
          Issue.record("step \(step), \(size): \(difference)")
          return
        }
      }
    }

    @Test(arguments: [
      ("xterm-256color", ColorDepth.indexed256), ("xterm", .basic), ("linux", .basic), ("tmux", .basic),
      ("screen", .basic),
      ("tmux-256color", .none), ("rxvt", .none), ("vt220", .none),
    ])
    func everyTerminalShowsTheText(term: String, depth: ColorDepth) throws {
      var random = SplitMix(state: 42)
      let size = Size(columns: 50, rows: 14)
      var rig = try PainterRig(depth: depth, term: term, columns: size.columns, rows: size.rows)
      var lines = (0..<size.rows).map { _ in line(&random) }
      for frame in 0..<40 {
        mutate(&lines, &random)
        let surface = surface(lines, size, &random)
        rig.paint(surface)
        // Old terminals have sequences of their own; their text must be right all the same.
        let wrong = zip(surface.rows, rig.screen.rows).enumerated().first { $0.element.0 != $0.element.1 }
        if let wrong {
          Issue.record("\(term) frame \(frame) row \(wrong.offset): \(wrong.element) \(rig.screen.unknown)")
          return
        }
      }
    }
  }
}
