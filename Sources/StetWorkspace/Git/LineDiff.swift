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
    if base == new { return [] }
    var patch: OpaquePointer?
    var options = git_diff_options()
    try GitLibrary.check("libgit2 has no diff options") {
      git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
    }
    options.context_lines = 0
    options.interhunk_lines = 0
    options.flags = UInt32(GIT_DIFF_FORCE_TEXT.rawValue) | UInt32(GIT_DIFF_INDENT_HEURISTIC.rawValue)
    try GitLibrary.check("libgit2 can't compare the contents") {
      base.withUnsafeBytes { old in
        new.withUnsafeBytes { fresh in
          git_patch_from_buffers(
            &patch, old.baseAddress, old.count, nil, fresh.baseAddress, fresh.count, nil, &options)
        }
      }
    }
    defer { git_patch_free(patch) }
    var changes: [LineChange] = []
    for index in 0..<git_patch_num_hunks(patch) {
      var hunk: UnsafePointer<git_diff_hunk>?
      try GitLibrary.check("libgit2 lost a hunk") { git_patch_get_hunk(&hunk, nil, patch, index) }
      guard let hunk = hunk?.pointee else { continue }
      changes.append(
        LineChange(
          base: range(Int(hunk.old_start), Int(hunk.old_lines)),
          new: range(Int(hunk.new_start), Int(hunk.new_lines))))
    }
    return changes
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
