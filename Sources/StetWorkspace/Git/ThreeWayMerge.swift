import CGit2

/// Three-way merge of raw bytes by `git_merge_file`.
enum ThreeWayMerge {
  /// The merge of two descendants of `base`, nil when they conflict. Never answers conflict markers.
  static func clean(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws(WorkspaceError) -> [UInt8]? {
    if ours == theirs || theirs == base { return ours }
    if ours == base { return theirs }
    var ancestor = git_merge_file_input()
    var mine = git_merge_file_input()
    var other = git_merge_file_input()
    var options = git_merge_file_options()
    try GitLibrary.check("libgit2 has no merge options") {
      let version = UInt32(GIT_MERGE_FILE_INPUT_VERSION)
      return min(
        git_merge_file_input_init(&ancestor, version), git_merge_file_input_init(&mine, version),
        git_merge_file_input_init(&other, version),
        git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION)))
    }
    var result = git_merge_file_result()
    defer { git_merge_file_result_free(&result) }
    try GitLibrary.check("libgit2 can't merge the contents") {
      withText(base, &ancestor) { a in
        withText(ours, &mine) { o in
          withText(theirs, &other) { t in git_merge_file(&result, a, o, t, &options) }
        }
      }
    }
    guard result.automergeable == 1 else { return nil }
    guard let start = result.ptr, result.len > 0 else { return [] }
    return start.withMemoryRebound(to: UInt8.self, capacity: result.len) { bytes in
      Array(UnsafeBufferPointer(start: bytes, count: result.len))
    }
  }

  private static func withText(
    _ bytes: [UInt8], _ input: inout git_merge_file_input,
    _ body: (UnsafePointer<git_merge_file_input>) -> Int32
  ) -> Int32 {
    // An empty array has no address, and libgit2 wants one.
    let held = bytes.isEmpty ? [0] : bytes
    return held.withUnsafeBytes { buffer in
      input.ptr = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      input.size = bytes.count
      return withUnsafePointer(to: &input, body)
    }
  }
}
