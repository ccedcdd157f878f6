/// The result of a search and replace.
public struct EditResult: Hashable, Sendable {
  public let bytes: [UInt8]
  public let replacements: Int
  /// Found in spite of other blanks at the ends of its lines; the new text was indented like the old.
  public let fuzzy: Bool
}

/// Search and replace as models use it (T2): the exact text, or a single place that differs only in the
/// blanks around its lines. Pure. Nothing or several places are an error that shows where.
public enum EditReplacement {
  /// Places named in an error.
  static let shownHits = 20

  public static func propose(
    _ bytes: [UInt8], old: String, new: String, replaceAll: Bool
  ) throws(WorkspaceError) -> EditResult {
    guard !old.isEmpty else {
      guard bytes.isEmpty else {
        throw WorkspaceError(
          .refused, "old_string is empty, but the file is not", hint: "Name the text that shall be replaced.")
      }
      return EditResult(bytes: Array(new.utf8), replacements: 1, fuzzy: false)
    }
    guard Array(old.utf8) != Array(new.utf8) else {
      throw WorkspaceError(
        .refused, "old_string and new_string are the same", hint: "Nothing needs to be done.")
    }
    for (from, to) in spellings(old, new, bytes) {
      let hits = occurrences(of: from, in: bytes)
      if hits.isEmpty { continue }
      guard hits.count == 1 || replaceAll else { throw ambiguous(hits.map { line(of: $0, in: bytes) }) }
      return EditResult(bytes: replaced(bytes, hits, from.count, to), replacements: hits.count, fuzzy: false)
    }
    return try byLines(bytes, old: old, new: new)
  }

  /// The texts as given and, in a file of CRLF lines, with CRLF.
  private static func spellings(_ old: String, _ new: String, _ bytes: [UInt8]) -> [([UInt8], [UInt8])] {
    let from = Array(old.utf8)
    let to = Array(new.utf8)
    let crlf = LineEndings.matching(base: bytes, proposed: from)
    let replacement = LineEndings.matching(base: bytes, proposed: to).bytes
    return crlf.converted ? [(crlf.bytes, replacement), (from, to)] : [(from, replacement)]
  }

  private static func occurrences(of pattern: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = pattern.first, pattern.count <= bytes.count else { return [] }
    var hits: [Int] = []
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      let last = buffer.count - pattern.count
      while index <= last {
        if buffer[index] == first, buffer[index..<(index + pattern.count)].elementsEqual(pattern) {
          hits.append(index)
          index += pattern.count
        } else {
          index += 1
        }
      }
    }
    return hits
  }

  private static func replaced(_ bytes: [UInt8], _ hits: [Int], _ length: Int, _ new: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + hits.count * max(0, new.count - length))
    var cursor = 0
    for hit in hits {
      out.append(contentsOf: bytes[cursor..<hit])
      out.append(contentsOf: new)
      cursor = hit + length
    }
    out.append(contentsOf: bytes[cursor...])
    return out
  }

  /// Whole lines that differ in outer blanks only, if there is one such place.
  private static func byLines(_ bytes: [UInt8], old: String, new: String) throws(WorkspaceError) -> EditResult
  {
    let text = TextLines(bytes)
    let file = text.lines.map(\.text)
    let wanted = TextLines(Array(old.utf8)).lines.map { Array($0.text) }
    var search = LineSearch(file)
    let isBlank = wanted.allSatisfy { Blanks.trimmed($0[...]).isEmpty }
    let found = isBlank ? [] : search.positions(wanted, .trimmed)
    if found.count > 1 { throw ambiguous(found.map { $0 + 1 }) }
    guard let start = found.first else { throw missing(wanted, file) }
    let end = start + wanted.count
    let reindent = Reindenter(written: wanted, found: Array(file[start..<end]))
    let added = TextLines(Array(new.utf8)).lines.map { reindent.line(Array($0.text)) }
    var out = Array(bytes[..<file[start].startIndex])
    let ending = text.lines[start].ending.isEmpty ? text.firstEnding[...] : text.lines[start].ending
    for line in added {
      out.append(contentsOf: line)
      out.append(contentsOf: ending)
    }
    // The last line ends as the one it replaces did.
    if !added.isEmpty { out.removeLast(ending.count) }
    if !added.isEmpty { out.append(contentsOf: text.lines[end - 1].ending) }
    out.append(contentsOf: bytes[text.lines[end - 1].ending.endIndex...])
    return EditResult(bytes: out, replacements: 1, fuzzy: true)
  }

  private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    bytes[..<offset].reduce(1) { $1 == 10 ? $0 + 1 : $0 }
  }

  private static func ambiguous(_ lines: [Int]) -> WorkspaceError {
    let shown = lines.prefix(shownHits).map(String.init).joined(separator: ", ")
    let more = lines.count > shownHits ? " …" : ""
    return WorkspaceError(
      .ambiguous, "old_string is found \(lines.count) times, at lines \(shown)\(more)",
      hint: "Give more of the lines around it, or set replace_all.")
  }

  private static func missing(_ wanted: [[UInt8]], _ file: [ArraySlice<UInt8>]) -> WorkspaceError {
    WorkspaceError(
      .noMatch, "old_string is not in the file",
      hint: NearestLines.describe(wanted, in: file)
        ?? "Nothing in the file resembles it: read the file again.")
  }
}
