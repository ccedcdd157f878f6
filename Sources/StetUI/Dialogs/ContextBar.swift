import StetProtocol
import StetText

/// What the model's window is filled with, as a bar and its legend. Each part has a picture of its own: colour only
/// helps.
enum ContextBar {
  private struct Part {
    let picture: String
    let name: String
    let tokens: Int
    let style: Style
  }

  /// Cells of a bar that has room: more say nothing more.
  private static let widest = 60

  /// A server's number as far as it can be a count of tokens.
  private static func sane(_ tokens: Int) -> Int { min(max(0, tokens), 1 << 40) }

  /// The bar, then the legend.
  static func lines(_ use: StetContextUse, width: Int) -> [Line] {
    [bar(use, cells: max(1, min(widest, width)))] + legend(use, width: max(1, width))
  }

  private static func parts(_ use: StetContextUse) -> [Part] {
    [
      Part(picture: Sign.slim("█"), name: "prompt", tokens: sane(use.prompt), style: Look.reasoning),
      Part(picture: Sign.slim("▓"), name: "documents", tokens: sane(use.documents), style: Look.link),
      Part(picture: Sign.slim("▒"), name: "tool output", tokens: sane(use.toolOutput), style: Look.warning),
      Part(picture: "░", name: "conversation", tokens: sane(use.conversation), style: Look.text),
    ]
  }

  private static func bar(_ use: StetContextUse, cells: Int) -> Line {
    let window = max(1, sane(use.window))
    func cell(_ tokens: Int) -> Int { Int((Double(tokens) / Double(window) * Double(cells)).rounded()) }
    var spans: [Span] = []
    var used = 0
    var tokens = 0
    for part in parts(use) where part.tokens > 0 && used < cells {
      tokens = min(window, tokens + min(window, part.tokens))
      // What is there is seen, however little it is.
      let count = min(cells - used, max(1, cell(tokens) - used))
      spans.append(Span(String(repeating: part.picture, count: count), part.style))
      used += count
    }
    let free = cells - used
    guard free > 0 else { return Line(spans) }
    // Where the history is compacted.
    let mark = min(cells - 1, cell(min(window, sane(use.limit)))) - used
    if mark >= 0, mark < free, use.limit < window {
      spans.append(Span(String(repeating: Sign.slim("·"), count: mark), Look.dim))
      spans.append(Span(Sign.slim("│"), Look.statusWarning))
      spans.append(Span(String(repeating: Sign.slim("·"), count: free - mark - 1), Look.dim))
    } else {
      spans.append(Span(String(repeating: Sign.slim("·"), count: free), Look.dim))
    }
    return Line(spans)
  }

  /// As many parts on a line as fit, none of them broken where that can be helped.
  private static func legend(_ use: StetContextUse, width: Int) -> [Line] {
    var pieces = parts(use).map { part in
      Line((part.picture + " ", part.style), ("\(part.name) \(Words.count(part.tokens))", Look.text))
    }
    pieces.append(
      Line(
        (Sign.slim("·") + " ", Look.dim),
        ("free \(Words.count(max(0, sane(use.window) - sane(use.tokens))))", Look.text)))
    if use.limit < use.window {
      pieces.append(
        Line((Sign.slim("│") + " ", Look.statusWarning), ("compacts at \(Words.count(use.limit))", Look.text))
      )
    }
    var lines: [Line] = []
    var current: [Span] = []
    var columns = 0
    for piece in pieces {
      let gap = columns == 0 ? 0 : 2
      if columns > 0, columns + gap + piece.width > width {
        lines.append(Line(current))
        (current, columns) = ([], 0)
      } else if gap > 0 {
        current.append(Span("  ", Look.text))
        columns += gap
      }
      current += piece.truncated(to: width).spans
      columns += piece.width
    }
    if !current.isEmpty { lines.append(Line(current)) }
    return lines
  }
}
