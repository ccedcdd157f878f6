import StetWorkspace

/// Files in memory, by their plain names.
struct MemoryTree: PatchTree {
  var files: [String: FileState]
  var newFileMode: UInt16 { 0o644 }

  init(_ files: [String: FileState]) { self.files = files }

  init(_ texts: [String: String]) { files = texts.mapValues { .regular(Array($0.utf8)) } }

  func look(_ spelled: String, follow: Bool) throws(WorkspaceError) -> (path: String, state: FileState) {
    (spelled, files[spelled] ?? .absent)
  }

  /// The tree after a patch.
  func patched(_ patch: String) throws -> [String: FileState] {
    try patched(bytes: Array(patch.utf8))
  }

  func patched(bytes: [UInt8]) throws -> [String: FileState] {
    var files = files
    for change in try PatchApplier.propose(try PatchParser.parse(bytes), tree: self).changes {
      files[change.path] = nil
      if change.proposed.kind != .absent { files[change.movePath ?? change.path] = change.proposed }
    }
    return files
  }

  /// The text of one file after an update of it alone.
  static func update(_ text: String, _ hunks: String) throws -> String {
    let patch = "*** Begin Patch\n*** Update File: f\n\(hunks)*** End Patch\n"
    let state = try MemoryTree(["f": text]).patched(patch)["f"]
    return String(decoding: state?.bytes ?? [], as: UTF8.self)
  }
}
