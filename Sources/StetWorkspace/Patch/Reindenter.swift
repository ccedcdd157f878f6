/// Gives new lines the indentation of the file where the old lines were found in spite of another one.
///
/// A pair of a line as written and as found tells that one indentation stands for another; a new line takes
/// the translation of the longest such indentation that it starts with.
struct Reindenter {
  private var table: [(written: [UInt8], found: [UInt8])] = []

  init(written: [[UInt8]], found: [ArraySlice<UInt8>]) {
    var seen: [[UInt8]: [UInt8]?] = [:]
    for (written, found) in zip(written, found) where !Blanks.trimmed(written[...]).isEmpty {
      let from = Array(Blanks.indentation(written[...]))
      let to = Array(Blanks.indentation(found))
      if let known = seen[from], known != to {
        // Two meanings: this one says nothing.
        seen[from] = .some(nil)
      } else {
        seen[from] = to
      }
    }
    for (from, to) in seen { if let to { table.append((from, to)) } }
    table.sort { $0.written.count > $1.written.count }
  }

  var changesNothing: Bool { table.allSatisfy { $0.written == $0.found } }

  func line(_ text: [UInt8]) -> [UInt8] {
    if Blanks.trimmed(text[...]).isEmpty { return text }
    let indent = Blanks.indentation(text[...])
    guard let entry = table.first(where: { indent.starts(with: $0.written) }) else { return text }
    return entry.found + text.dropFirst(entry.written.count)
  }
}
