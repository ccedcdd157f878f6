/// Unified diff text: hunks only, without file headers and without headings, as the wire's `diff` member
/// has it.
public enum UnifiedDiff {
  /// The hunks between two contents, `context` lines around each; "" when they are equal. Bytes that are no
  /// UTF-8 become U+FFFD: this text is for reading, never for applying.
  public static func text(
    old: [UInt8], new: [UInt8], context: Int = 3
  ) throws(WorkspaceError) -> String {
    let changes = try LineDiff.changes(from: old, to: new)
    return text(old: LineIndex(old), new: LineIndex(new), changes: changes, context: context)
  }

  static func text(old: LineIndex, new: LineIndex, changes: [LineChange], context: Int) -> String {
    var out: [UInt8] = []
    for hunk in ContextHunk.group(changes, context: context, baseCount: old.count, newCount: new.count) {
      let header = "@@ -\(position(hunk.base)) +\(position(hunk.new)) @@\n"
      out.append(contentsOf: header.utf8)
      var cursor = hunk.base.lowerBound
      for change in changes[hunk.changes] {
        append(old, cursor..<change.base.lowerBound, mark: " ", to: &out)
        append(old, change.base, mark: "-", to: &out)
        append(new, change.new, mark: "+", to: &out)
        cursor = change.base.upperBound
      }
      append(old, cursor..<hunk.base.upperBound, mark: " ", to: &out)
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func append(_ index: LineIndex, _ range: Range<Int>, mark: Character, to out: inout [UInt8])
  {
    for line in range {
      out.append(contentsOf: mark.utf8)
      let bytes = index.line(line)
      out.append(contentsOf: bytes)
      if bytes.last != 10 { out.append(contentsOf: "\n\\ No newline at end of file\n".utf8) }
    }
  }

  /// "3,4"; a single line drops its count; an empty range names the line before it.
  private static func position(_ range: Range<Int>) -> String {
    if range.isEmpty { return "\(range.lowerBound),0" }
    return range.count == 1 ? "\(range.lowerBound + 1)" : "\(range.lowerBound + 1),\(range.count)"
  }
}

/// `UnifiedDiff.text` under the name other rooms use.
public func unifiedDiff(old: [UInt8], new: [UInt8], context: Int = 3) throws(WorkspaceError) -> String {
  try UnifiedDiff.text(old: old, new: new, context: context)
}

/// Neighbouring changes with the context around them.
struct ContextHunk: Hashable, Sendable {
  /// Indexes into the list of changes.
  var changes: Range<Int>
  var base: Range<Int>
  var new: Range<Int>

  /// Groups changes whose contexts touch or overlap, as git does.
  static func group(_ changes: [LineChange], context: Int, baseCount: Int, newCount: Int) -> [ContextHunk] {
    let context = min(max(context, 0), baseCount + newCount)
    var hunks: [ContextHunk] = []
    var first = 0
    while first < changes.count {
      var last = first
      while last + 1 < changes.count,
        changes[last + 1].base.lowerBound - changes[last].base.upperBound <= 2 * context
      {
        last += 1
      }
      let before = min(context, changes[first].base.lowerBound)
      let after = min(context, baseCount - changes[last].base.upperBound)
      hunks.append(
        ContextHunk(
          changes: first..<(last + 1),
          base: (changes[first].base.lowerBound - before)..<(changes[last].base.upperBound + after),
          new: (changes[first].new.lowerBound - before)..<(changes[last].new.upperBound + after)))
      first = last + 1
    }
    return hunks
  }
}
