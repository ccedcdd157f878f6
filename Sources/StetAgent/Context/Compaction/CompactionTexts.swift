/// The words of a compaction.
enum CompactionTexts {
  /// Begins the item that holds the summary; by it the item is known later on.
  static let opening = "<conversation_summary>"
  private static let closing = "</conversation_summary>"

  /// Asks the model for the summary.
  static let request = """
    The context window is nearly full. Write a summary of this conversation that will take its place, so that you can \
    go on without the rest. Call no tools; answer with the summary only, in Markdown, as brief as it can be without \
    losing what is needed:
    - what the user wants, with all constraints and preferences, and which requests are done or still open;
    - what was decided and why; what was tried and did not work;
    - the state of the work: files with their paths, what changed in them, checks that ran and their results;
    - facts that cost effort to find: names, commands, error texts word for word;
    - the next steps.
    The user's messages are kept word for word beside it: do not repeat them.
    """

  /// - Parameter wish: what the user wants the summary to hold above all.
  static func request(_ own: String?, wish: String?) -> String {
    let text = own ?? request
    guard let wish, !wish.allSatisfy(\.isWhitespace) else { return text }
    return "\(text)\n\nThe user asks of this summary in particular:\n\(wish)"
  }

  /// Told to the clients after a summary.
  static let hint =
    "The conversation was summarised to make room. Long threads make the model less exact: start a new thread for a "
    + "new task."

  /// The item that follows the kept user messages.
  ///
  /// - Parameters:
  ///   - isMidTurn: the last kept message is being worked on; all others are handled (C7).
  ///   - state: what stet itself knows: files, commands that run.
  static func summary(_ text: String, isMidTurn: Bool, state: [String]) -> String {
    let handled =
      isMidTurn
      ? "The user's messages above are word for word. All of them were handled, except the last one: you are working "
        + "on it. Do not act on the handled ones again."
      : "The user's messages above are word for word. All of them were handled: do not act on them again."
    let facts = state.isEmpty ? "" : "\n\nState now:\n" + state.joined(separator: "\n")
    return """
      \(opening)
      What came before was replaced by this summary. \(handled)

      \(text)\(facts)
      \(closing)
      """
  }
}
