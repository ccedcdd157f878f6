import StetText

/// Looks at files and searches that follow each other stand in one line: the last of them shows it, and those before it
/// show nothing. Only the last one need look back, so a long run costs no more than a short one.
enum QuietGroup {
  /// Entries that one line tells of; a longer run has several lines.
  static let most = 100

  /// The entry is told of by a later one.
  static func isAbsorbed(_ index: Int, _ items: [TranscriptItem]) -> Bool {
    items.indices.contains(index + 1) && items[index].isGrouped && items[index + 1].isGrouped
      && (index + 1) % most != 0
  }

  /// The entries that the one at `last` tells of, itself included.
  static func members(endingAt last: Int, _ items: [TranscriptItem]) -> ClosedRange<Int> {
    var first = last
    while first > 0, isAbsorbed(first - 1, items) { first -= 1 }
    return first...last
  }
}

/// One line for all entries of a group.
enum QuietGroupView {
  /// Subjects that are named; the count tells of the others.
  static let most = 12

  static func lines(_ items: ArraySlice<TranscriptItem>, _ context: ViewContext) -> [Line] {
    var verbs: [(verb: String, subjects: [String])] = []
    for words in items.compactMap(\.quietWords) {
      let subject = words.isPath ? context.path(words.subject) : Words.firstLine(words.subject)
      if let place = verbs.firstIndex(where: { $0.verb == words.verb }) {
        if !verbs[place].subjects.contains(subject) { verbs[place].subjects.append(subject) }
      } else {
        verbs.append((words.verb, [subject]))
      }
    }
    let parts = verbs.map { $0.verb + " " + $0.subjects.prefix(most).joined(separator: ", ") }
    let count = context.width >= 60 ? Words.plural(items.count, "look") : "\(items.count)"
    return [
      context.header(
        context.marker("◦", Look.dim), Line(parts.joined(separator: " · "), Look.dim),
        Line(count, Look.dim))
    ]
  }
}

extension TranscriptItem {
  /// Shown as one dim line that may stand directly below another one.
  var isQuiet: Bool {
    switch content {
    case .command(let command): command.isQuietNow && folded
    case .webSearch: true
    default: false
    }
  }

  /// Joins its neighbours in one line, unless it was taken out by hand.
  var isGrouped: Bool { isFolded == nil && isQuiet }

  /// What was done, and with what.
  var quietWords: (verb: String, subject: String, isPath: Bool)? {
    switch content {
    case .command(let command): command.quiet.map { ($0.verb, $0.subject, true) }
    case .webSearch(let search): (search.action, search.query, false)
    default: nil
    }
  }
}

extension CommandContent {
  /// It only looks, and nothing about it is worth more than a line.
  var isQuietNow: Bool { quiet != nil && state == .succeeded }
}

extension Transcript {
  /// The entries that stand in one line with this one, itself included.
  func group(of index: Int) -> ClosedRange<Int> {
    guard items.indices.contains(index) else { return index...index }
    var last = index
    while QuietGroup.isAbsorbed(last, items) { last += 1 }
    return QuietGroup.members(endingAt: last, items)
  }

  /// What is selected can be seen: of a group it is the last.
  mutating func settleSelection() {
    if let selected, items.indices.contains(selected) { self.selected = group(of: selected).upperBound }
  }
}
