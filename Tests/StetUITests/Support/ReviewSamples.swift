import StetProtocol

@testable import StetUI

/// A file as pieces: lines that stay, and lines that give way to others.
struct MadeFile {
  enum Piece {
    case same(Int)
    case change(old: [String], new: [String])
  }

  var path: String
  var pieces: [Piece]
  var kind = "update"
  var collapsed: String?
  var note: String?
  var hunkNote: String?

  var base: [String] { sides.base }
  var proposed: [String] { sides.proposed }

  private var sides: (base: [String], proposed: [String]) {
    var (base, proposed): ([String], [String]) = ([], [])
    for piece in pieces {
      switch piece {
      case .same(let count):
        for _ in 0..<count {
          let line = "let line\(base.count) = \(base.count)"
          base.append(line)
          proposed.append(line)
        }
      case .change(let old, let new):
        base += old
        proposed += new
      }
    }
    return (base, proposed)
  }

  /// The unified diff and the server's hunks, three lines of context around each change; changes closer than six lines
  /// are one hunk.
  func described() -> (diff: String, hunks: [StetHunk]) {
    var changes: [(old: Range<Int>, new: Range<Int>)] = []
    var (old, new) = (0, 0)
    for piece in pieces {
      switch piece {
      case .same(let count): (old, new) = (old + count, new + count)
      case .change(let from, let to):
        changes.append((old..<old + from.count, new..<new + to.count))
        (old, new) = (old + from.count, new + to.count)
      }
    }
    var groups: [[(old: Range<Int>, new: Range<Int>)]] = []
    for change in changes {
      if let last = groups.last?.last, change.old.lowerBound - last.old.upperBound <= 6 {
        groups[groups.count - 1].append(change)
      } else {
        groups.append([change])
      }
    }
    let (base, proposed) = sides
    var diff = ""
    var hunks: [StetHunk] = []
    for (number, group) in groups.enumerated() {
      guard let first = group.first, let last = group.last else { continue }
      let lead = min(3, first.old.lowerBound)
      let tail = min(3, base.count - last.old.upperBound)
      let from = first.old.lowerBound - lead..<last.old.upperBound + tail
      let to = first.new.lowerBound - lead..<last.new.upperBound + tail
      diff += "@@ -\(from.lowerBound + 1),\(from.count) +\(to.lowerBound + 1),\(to.count) @@\n"
      var at = from.lowerBound
      for change in group {
        for line in base[at..<change.old.lowerBound] { diff += " \(line)\n" }
        for line in base[change.old] { diff += "-\(line)\n" }
        for line in proposed[change.new] { diff += "+\(line)\n" }
        at = change.old.upperBound
      }
      for line in base[at..<from.upperBound] { diff += " \(line)\n" }
      hunks.append(
        StetHunk(
          hunkId: "\(path)-h\(number)", baseStart: from.lowerBound + 1, baseLines: from.count,
          newStart: to.lowerBound + 1, newLines: to.count, ops: group.flatMap(Self.operations),
          note: number == 0 ? hunkNote : nil))
    }
    return (diff, hunks)
  }

  private static func operations(_ change: (old: Range<Int>, new: Range<Int>)) -> [StetOperation] {
    (0..<max(change.old.count, change.new.count)).map { offset in
      let old = change.old.lowerBound + min(offset, change.old.count)
      let new = change.new.lowerBound + min(offset, change.new.count)
      let oldCount = offset < change.old.count ? 1 : 0
      let newCount = offset < change.new.count ? 1 : 0
      return StetOperation(
        opId: "\(old + 1),\(oldCount):\(new + 1),\(newCount)",
        kind: oldCount == 0 ? "add" : newCount == 0 ? "del" : "replace", baseStart: old + 1,
        baseLines: oldCount, newStart: new + 1, newLines: newCount)
    }
  }

  /// What the decisions sent to the server leave of the file, as the server would walk it.
  func result(_ decision: StetFileDecision) -> [String] {
    if decision.decision == .accept { return proposed }
    if decision.decision == .reject { return base }
    let (base, proposed) = sides
    let verdicts = Dictionary((decision.ops ?? []).map { ($0.opId, $0) }) { first, _ in first }
    var result: [String] = []
    var at = 0
    for hunk in described().hunks {
      if let edit = verdicts[hunk.hunkId], let first = hunk.ops.first, let last = hunk.ops.last {
        result += base[at..<first.baseStart - 1]
        result += (edit.text ?? "").split(separator: "\n").map(String.init)
        at = last.baseStart - 1 + last.baseLines
        continue
      }
      for operation in hunk.ops {
        result += base[at..<operation.baseStart - 1]
        let old = base[operation.baseStart - 1..<operation.baseStart - 1 + operation.baseLines]
        switch verdicts[operation.opId]?.decision {
        case .accept: result += proposed[operation.newStart - 1..<operation.newStart - 1 + operation.newLines]
        case .edit:
          result += (verdicts[operation.opId]?.text ?? "").split(separator: "\n").map(String.init)
        default: result += old
        }
        at = operation.baseStart - 1 + operation.baseLines
      }
    }
    return result + base[at...]
  }
}

enum ReviewSamples {
  static func request(_ files: [MadeFile], supersedes: String? = nil, id: String = "R9") -> (
    [FileUpdateChange], StetReviewRequest
  ) {
    var changes: [FileUpdateChange] = []
    var described: [StetReviewFile] = []
    for file in files {
      let (diff, hunks) = file.described()
      let path = "/home/user/project/" + file.path
      changes.append(FileUpdateChange(path: path, kind: .update(movePath: nil), diff: diff))
      described.append(
        StetReviewFile(
          path: path, kind: file.kind, baseHash: "h-" + file.path, size: 100, note: file.note,
          collapsed: file.collapsed, hunks: hunks))
    }
    return (
      changes,
      StetReviewRequest(reviewId: id, state: .proposed, files: described, supersedes: supersedes)
    )
  }

  static func session(_ files: [MadeFile], _ columns: Int = 100, _ rows: Int = 30) -> Session {
    var s = Samples.working()
    s.size = .init(columns: columns, rows: rows)
    let (changes, review) = request(files)
    s.proposeEdit(changes, review: review)
    _ = s.taken()
    s.answer(Key(.enter))
    return s
  }

  static let code = MadeFile(
    path: "Sources/Date.swift",
    pieces: [
      .same(8),
      .change(
        old: ["  formatter.timeZone = .current", "  formatter.locale = locale"],
        new: ["  formatter.timeZone = .gmt", "  formatter.locale = locale ?? .current"]),
      .same(2), .change(old: [], new: ["  // why not a constant?", "  return formatter // \"done\""]),
      .same(20), .change(old: ["func old() {}"], new: []), .same(5),
    ], note: "the test depends on where it runs", hunkNote: "pin the zone")

  /// Four files as people meet them: code in two hunks, a new file, a generated one, a third with one line.
  static let files = [
    code,
    MadeFile(
      path: "Sources/Parser/Tokens.swift",
      pieces: [.same(3), .change(old: ["case a"], new: ["case a, b"]), .same(3)]),
    MadeFile(
      path: "package-lock.json", pieces: [.same(2), .change(old: ["x", "y"], new: ["z"]), .same(2)],
      collapsed: "generated"),
    MadeFile(
      path: "README.md", pieces: [.same(1), .change(old: ["old words"], new: ["new words", "more"])]),
  ]
}
