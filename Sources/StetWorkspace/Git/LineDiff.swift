import CGit2

/// One difference between two lists of lines: `base` lines give way to `new` lines. 0-based, half open.
struct LineChange: Hashable, Sendable {
  var base: Range<Int>
  var new: Range<Int>
}

/// The line diff of two buffers, by libgit2, on raw bytes: lines end at LF; a CR or a missing LF is part of
/// a line.
enum LineDiff {
  /// Above this a file is decided as a whole: a line diff would cost seconds and no one reads it.
  static let byteLimit = 16 << 20

  /// The changes in order, disjoint in both buffers.
  static func changes(from base: [UInt8], to new: [UInt8]) throws(WorkspaceError) -> [LineChange] {
    try compare(base, new).changes
  }

  /// The changes and how many lines each side has.
  static func compare(
    _ base: [UInt8], _ new: [UInt8]
  ) throws(WorkspaceError) -> (changes: [LineChange], baseCount: Int, newCount: Int) {
    // libgit2 looks at which lines are equal and how they are indented, and hashes all that it gets more than once: so it
    // gets a name of four bytes in place of each line.
    var names = LineNames()
    let old = names.encode(base)
    let fresh = names.encode(new)
    guard base != new else { return ([], old.count, fresh.count) }
    var options = git_diff_options()
    try GitLibrary.check("libgit2 has no diff options") {
      git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
    }
    options.context_lines = 0
    options.interhunk_lines = 0
    options.flags = UInt32(GIT_DIFF_FORCE_TEXT.rawValue) | UInt32(GIT_DIFF_INDENT_HEURISTIC.rawValue)
    var changes: [LineChange] = []
    let take: git_diff_hunk_cb = { _, hunk, payload in
      guard let hunk = hunk?.pointee, let payload else { return GIT_ERROR.rawValue }
      payload.assumingMemoryBound(to: [LineChange].self).pointee.append(
        LineChange(
          base: LineDiff.range(Int(hunk.old_start), Int(hunk.old_lines)),
          new: LineDiff.range(Int(hunk.new_start), Int(hunk.new_lines))))
      return 0
    }
    try GitLibrary.check("libgit2 can't compare the contents") {
      old.bytes.withUnsafeBytes { old in
        fresh.bytes.withUnsafeBytes { fresh in
          withUnsafeMutablePointer(to: &changes) { changes in
            git_diff_buffers(
              old.baseAddress, old.count, nil, fresh.baseAddress, fresh.count, nil, &options, nil, nil, take,
              nil, changes)
          }
        }
      }
    }
    return (changes, old.count, fresh.count)
  }

  /// A hunk header names the line before an empty range, and the first line of any other.
  private static func range(_ start: Int, _ count: Int) -> Range<Int> {
    let first = count == 0 ? start : start - 1
    return first..<(first + count)
  }
}

/// A buffer seen as lines, without copying: line `i` includes its LF, the last may lack one.
struct LineIndex: Sendable {
  let bytes: [UInt8]
  /// Where each line starts, and the end of the buffer last.
  private let starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      for index in buffer.indices where buffer[index] == 10 { starts.append(index + 1) }
    }
    if starts[starts.count - 1] != bytes.count { starts.append(bytes.count) }
    self.starts = starts
  }

  var count: Int { starts.count - 1 }

  func line(_ index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  func lines(_ range: Range<Int>) -> ArraySlice<UInt8> {
    bytes[starts[range.lowerBound]..<starts[range.upperBound]]
  }
}
