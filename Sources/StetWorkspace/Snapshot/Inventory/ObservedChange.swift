/// What a scan found changed at one path.
struct ObservedChange {
  let path: String
  /// Nil where its bytes are not kept; `beforeStamp` then has no hash.
  let before: FileState?
  let beforeStamp: FileStamp
  let after: FileStamp
  /// The command that ran, for the user.
  let via: String
  /// Of the file that was there before.
  var identity: FileIdentity?
}

/// A directory that was made, removed, or got another mode.
struct ObservedDirectory: Hashable {
  let path: String
  /// Before; nil of one that was made.
  let mode: UInt16?
  /// After; nil of one that was removed, and where older stets made one.
  var after: UInt16?

  /// Whether it was there before and after.
  var isChange: Bool { mode != nil && after != nil }
}

extension FileStamp {
  /// A file whose content is not known.
  static func unkept(_ kind: FileState.Kind, mode: UInt16) -> FileStamp {
    FileStamp(kind: kind, hash: nil, mode: kind == .symlink ? 0 : mode)
  }

  /// Of a file whose name is not UTF-8: it can be told of and not put back.
  static let unnamed = FileStamp(kind: .other, hash: nil, mode: 0)

  /// Whether this says what the content is.
  var isKnown: Bool { hash != nil || kind == .absent }
}
