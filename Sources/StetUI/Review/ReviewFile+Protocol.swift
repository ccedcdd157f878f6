import StetProtocol
import StetText

extension ReviewFile {
  /// The file as the server describes it, with the text of the item's diff.
  init(_ file: StetReviewFile, diff: FileDiff, hunks described: [StetHunk]) {
    path = file.path
    movePath = file.movePath
    kind = file.kind
    baseHash = file.baseHash
    proposedHash = file.proposedHash
    note = file.note
    size = file.size
    collapsed = file.collapsed
    isFolded = file.collapsed != nil
    language = Language.forPath(file.movePath ?? file.path)
    let index = DiffIndex(diff)
    var taken = 0
    for hunk in described { append(hunk, index, &taken) }
    addMissing(file)
    if hunks.isEmpty {
      lines = index.lines
      operations = [ReviewOperation(role: .whole, removed: 0..<lines.count)]
      hunks = [ReviewHunk(id: file.path, title: "", lines: 0..<lines.count, operations: 0..<1)]
    }
    indexOperations()
    count()
    for hunk in hunks.indices { describe(hunk, file) }
  }

  /// A described hunk: its operations, and the lines of the diff they change with the context around them. Lines that
  /// an earlier hunk shows already are not shown twice, whatever the server says.
  private mutating func append(_ hunk: StetHunk, _ index: DiffIndex, _ taken: inout Int) {
    let places = hunk.ops.map { index.place(of: $0) }
    let all = places.flatMap { [$0.removed, $0.added] }.filter { !$0.isEmpty }
    var shown = 0..<0
    if let low = all.map(\.lowerBound).min(), let high = all.map(\.upperBound).max() {
      let whole = index.withContext(low..<high)
      let lower = max(taken, whole.lowerBound)
      if lower < whole.upperBound { shown = lower..<whole.upperBound }
    }
    taken = max(taken, shown.upperBound)
    let start = lines.count
    lines += index.lines[shown]
    func moved(_ range: Range<Int>) -> Range<Int> {
      let inside = range.clamped(to: shown)
      return inside.isEmpty
        ? 0..<0 : inside.lowerBound - shown.lowerBound + start..<inside.upperBound - shown.lowerBound + start
    }
    let first = operations.count
    for (operation, place) in zip(hunk.ops, places) {
      operations.append(
        ReviewOperation(
          opId: operation.opId, role: Self.role(operation), removed: moved(place.removed),
          added: moved(place.added), new: DiffIndex.range(operation.newStart - 1, operation.newLines)))
    }
    hunks.append(
      ReviewHunk(
        id: hunk.hunkId, title: shown.isEmpty ? "" : index.heading(at: shown.lowerBound), note: hunk.note,
        requires: hunk.requires, lines: start..<lines.count, operations: first..<operations.count))
  }

  private static func role(_ operation: StetOperation) -> ReviewOperation.Role {
    switch (operation.opId, operation.kind) {
    case ("file", _): .whole
    case ("rename", _), (_, "rename"): .rename
    case ("mode", _), (_, "mode"): .mode
    default: .content
    }
  }

  /// A rename and a mode that no hunk is about are decisions all the same.
  private mutating func addMissing(_ file: StetReviewFile) {
    func add(_ role: ReviewOperation.Role, _ id: String, at place: Int) {
      guard !operations.contains(where: { $0.role == role }) else { return }
      operations.append(ReviewOperation(opId: id, role: role))
      let own = operations.count - 1..<operations.count
      hunks.insert(
        ReviewHunk(id: id + ":" + file.path, title: "", lines: 0..<0, operations: own), at: place)
    }
    if file.movePath != nil { add(.rename, "rename", at: 0) }
    if let base = file.baseMode, let proposed = file.proposedMode, base != proposed, kind != "delete",
      kind != "symlink"
    {
      add(.mode, "mode", at: hunks.count)
    }
  }

  /// Says in words what a hunk is that is no change of lines.
  private mutating func describe(_ index: Int, _ file: StetReviewFile) {
    guard let operation = operations[hunks[index].operations].first else { return }
    switch operation.role {
    case .rename: hunks[index].title = "Move to " + Sanitizer.display(file.movePath ?? "?")
    case .mode:
      let (base, proposed) = (file.baseMode ?? 0, file.proposedMode ?? 0)
      hunks[index].title = "Mode \(Self.octal(base)) → \(Self.octal(proposed))" + Self.meaning(base, proposed)
    case .whole: describeWhole(index, file)
    case .content: break
    }
  }

  private mutating func describeWhole(_ index: Int, _ file: StetReviewFile) {
    let bytes = "\(file.size) bytes"
    switch file.kind {
    case "binary":
      hunks[index].title =
        "Binary content, "
        + (file.baseHash == nil ? "new, \(bytes)" : file.proposedHash == nil ? "deleted, \(bytes)" : bytes)
        + (file.proposedHash.map { " · " + $0.prefix(12) } ?? "")
    case "symlink":
      hunks[index].title = "Symbolic link"
      let target = lines.last { $0.kind == .plus }?.text ?? ""
      hunks[index].isAlarming =
        target.hasPrefix("Symbolic link to /") || target.hasPrefix("Symbolic link to ..")
    case "delete": hunks[index].title = "Delete the file, \(Words.plural(removed, "line"))"
    case "add" where lines.isEmpty: hunks[index].title = "Create an empty file"
    case "add": hunks[index].title = "Create the file"
    default:
      guard isLineEndsOnly else { return }
      let isToCRLF = lines.last { $0.kind == .plus }?.text.utf8.last == 0x0D
      hunks[index].title =
        "Line endings only: \(isToCRLF ? "LF → CRLF" : "CRLF → LF"), \(Words.plural(added, "line"))"
      hunks[index].lines = hunks[index].lines.lowerBound..<hunks[index].lines.lowerBound
    }
  }

  /// Each line that goes comes back with another line end.
  private var isLineEndsOnly: Bool {
    func bare(_ kind: DiffLineKind) -> [Substring] {
      lines.filter { $0.kind == kind }.map {
        $0.text.utf8.last == 0x0D ? Substring($0.text.utf8.dropLast()) : $0.text[...]
      }
    }
    return added > 0 && added == removed && bare(.minus) == bare(.plus)
  }

  private static func octal(_ mode: Int) -> String { String(mode & 0o7777, radix: 8) }

  private static func meaning(_ base: Int, _ proposed: Int) -> String {
    let (was, will) = (base & 0o111 != 0, proposed & 0o111 != 0)
    return was == will ? "" : will ? " · becomes executable" : " · no longer executable"
  }
}
