import StetJSON

/// The facts behind the context layers. They are kept in the thread's log, so that a later turn, also after a
/// restart, appends only what is different (P4, P5).
struct PromptFacts: Codable, Hashable, Sendable {
  var cwd: String
  var shell: String
  /// With the precision of a day (P12).
  var date: String
  /// The permissions text as last sent.
  var permissions: String
  /// The text of the collaboration mode as last sent; nil where none was.
  var mode: String?
  /// The list of skills as last sent; nil where there were none.
  var skills: String?
  /// The client's instructions as last sent; nil while those hold that the thread began with.
  @OmitIfNil var developer: String?
  /// Project documents in the order of the prompt.
  var documents: [Document]

  struct Document: Codable, Hashable, Sendable {
    var path: String
    var hash: String
  }
}
