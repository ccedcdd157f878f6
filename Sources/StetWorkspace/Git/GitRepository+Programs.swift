import CGit2

/// Contents that lie in git as a program made them of the file: stet runs none, so it can't tell the file from them.
extension GitRepository {
  /// How such contents begin: git-lfs's pointers, git-crypt's ciphertext. The attributes that say so may lie where stet
  /// does not look.
  private static let marks: [(program: String, head: [UInt8])] = [
    ("lfs", Array("version https://git-lfs.github.com/spec/".utf8)),
    ("git-crypt", Array("\0GITCRYPT\0".utf8)),
  ]

  /// The program that git would run over the file; nil for none.
  func program(_ name: String) throws(WorkspaceError) -> String? {
    for attribute in ["filter", "working-tree-encoding"] {
      var value: UnsafePointer<CChar>?
      try GitLibrary.check("libgit2 can't read the attributes of \(name)") {
        git_attr_get(&value, handle, 0, name, attribute)
      }
      if git_attr_value(value) == GIT_ATTR_VALUE_STRING, let value { return String(cString: value) }
    }
    return nil
  }

  /// The program that made what git holds of a file; nil for none.
  func program(_ name: String, _ blob: FileState) throws(WorkspaceError) -> String? {
    guard blob.kind == .regular else { return nil }
    if let program = try program(name) { return program }
    return Self.marks.first { blob.bytes.starts(with: $0.head) }?.program
  }
}
