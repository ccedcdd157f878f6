/// What a scan found changed at one path.
struct ObservedChange {
  let path: String
  /// Nil where its bytes are not kept; `beforeStamp` then has no hash.
  let before: FileState?
  let beforeStamp: FileStamp
  let after: FileStamp
  /// The command that ran, for the user.
  let via: String
}

/// A directory that a command made or removed.
struct ObservedDirectory: Hashable {
  let path: String
  /// Of a removed one.
  let mode: UInt16?
}

extension FileStamp {
  /// A file whose content is not known.
  static func unkept(_ kind: FileState.Kind, mode: UInt16) -> FileStamp {
    FileStamp(kind: kind, hash: nil, mode: kind == .symlink ? 0 : mode)
  }

  /// Whether this says what the content is.
  var isKnown: Bool { hash != nil || kind == .absent }
}
