/// A file with instructions for the agent, as it goes into the prompt.
struct ProjectDocument: Hashable, Sendable {
  /// Absolute path.
  let path: String
  /// SHA-256 of the whole file, hex.
  let hash: String
  /// The text, perhaps cut at a line with a note at its end (P6).
  let text: String
  /// Bytes that were left out.
  let omittedBytes: Int

  var directory: String { PathText.parent(path) }
  var name: String { PathText.name(path) }
}
