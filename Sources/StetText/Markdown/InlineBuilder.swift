/// Collects the styled text of one paragraph, heading or table cell.
struct InlineBuilder {
  private struct Mark {
    var attributes: Attributes = []
    var scope: Scope?
    var link: String?
    /// What the link's own text is, to compare with its target.
    var text = ""
    var isImage = false
  }

  /// Emphasis nested deeper than this changes nothing more.
  private static let maximumDepth = 32

  private let base: Style
  private var marks: [Mark] = []
  /// Marks beyond the greatest depth, which are counted and not kept.
  private var ignored = 0
  private var lines: [[Span]] = [[]]
  private var pending = ""
  private var pendingStyle: Style
  private var pendingLink: String?

  init(base: Style) {
    self.base = base
    pendingStyle = base
  }

  mutating func text(_ text: String) {
    if text.isEmpty { return }
    let style = style
    let link = marks.last { $0.link != nil }?.link
    if style != pendingStyle || link != pendingLink { flush() }
    pendingStyle = style
    pendingLink = link
    pending += text
    for index in marks.indices where marks[index].link != nil { marks[index].text += text }
  }

  mutating func lineBreak() {
    flush()
    lines.append([])
  }

  mutating func enter(
    _ attributes: Attributes = [], scope: Scope? = nil, link: String? = nil, isImage: Bool = false
  ) {
    guard marks.count < Self.maximumDepth else {
      ignored += 1
      return
    }
    marks.append(Mark(attributes: attributes, scope: scope, link: link, isImage: isImage))
    if isImage { text("image: ") }
  }

  mutating func leave() {
    if ignored > 0 {
      ignored -= 1
      return
    }
    guard let mark = marks.popLast() else { return }
    guard let link = mark.link, !link.isEmpty else { return }
    let shown = Sanitizer.display(link)
    let plain = shown.hasPrefix("mailto:") ? String(shown.dropFirst(7)) : shown
    if mark.text == shown || mark.text == plain || "http://" + mark.text == shown { return }
    flush()
    pendingStyle = Style(.dimmed, on: base.background, base.attributes.intersection(.italic))
    pendingLink = link
    pending = " (" + shown + ")"
    flush()
  }

  mutating func finish() -> [Line] {
    flush()
    while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { Line($0) }
  }

  private var style: Style {
    marks.reduce(into: base) { style, mark in
      style.attributes.formUnion(mark.attributes)
      if let scope = mark.scope, style.foreground != .inlineCode { style.foreground = scope }
    }
  }

  private mutating func flush() {
    if !pending.isEmpty {
      lines[lines.count - 1].append(
        Span(Sanitizer.display(pending), pendingStyle, link: pendingLink.map(Self.target)))
    }
    pending = ""
  }

  /// A link target without what could end the escape sequence that carries it.
  private static func target(_ link: String) -> String { Sanitizer.exact(link) }
}
