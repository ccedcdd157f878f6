/// Takes a proposed plan out of a message, delta by delta: the tags may be split anywhere between two deltas. A line
/// feed right behind a tag belongs to the tag.
struct PlanSplitter: Sendable, Hashable {
  enum Part: Sendable, Hashable {
    case message(String)
    case plan(String)
  }

  static let opening = "<proposed_plan>"
  static let closing = "</proposed_plan>"

  private(set) var message = ""
  /// Nil while no plan has begun.
  private(set) var plan: String?
  private var isInside = false
  /// How much of the next tag stands at the end of what came.
  private var matched = 0
  private var dropsLineFeed = false

  /// A whole message at once.
  static func split(_ text: String) -> PlanSplitter {
    var splitter = PlanSplitter()
    _ = splitter.feed(text)
    _ = splitter.finish()
    return splitter
  }

  mutating func feed(_ delta: String) -> [Part] {
    var parts: [Part] = []
    var text = String.UnicodeScalarView()
    for scalar in delta.unicodeScalars {
      if dropsLineFeed {
        dropsLineFeed = false
        if scalar == "\n" { continue }
      }
      let tag = tag
      if scalar == tag[matched] {
        matched += 1
        guard matched == tag.count else { continue }
        parts += take(&text)
        (matched, dropsLineFeed) = (0, true)
        isInside.toggle()
        if isInside, plan == nil { plan = "" }
        continue
      }
      if matched > 0 {
        text.append(contentsOf: tag[..<matched])
        matched = 0
        // A tag has one `<`, its first: a new one may begin here.
        if scalar == tag[0] {
          matched = 1
          continue
        }
      }
      text.append(scalar)
    }
    return parts + take(&text)
  }

  /// The message is over: half a tag was none.
  mutating func finish() -> [Part] {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: tag[..<matched])
    matched = 0
    return take(&text)
  }

  private static let openingTag = Array(opening.unicodeScalars)
  private static let closingTag = Array(closing.unicodeScalars)

  private var tag: [Unicode.Scalar] { isInside ? Self.closingTag : Self.openingTag }

  private mutating func take(_ scalars: inout String.UnicodeScalarView) -> [Part] {
    guard !scalars.isEmpty else { return [] }
    let text = String(scalars)
    scalars = String.UnicodeScalarView()
    if isInside {
      plan = (plan ?? "") + text
      return [.plan(text)]
    }
    message += text
    return [.message(text)]
  }
}
