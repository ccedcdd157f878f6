import StetProtocol

/// The server's open questions, oldest first; the first one is on the screen.
struct PromptQueue: Sendable {
  private(set) var prompts: [Prompt] = []
  /// The user asked for the keys to go to this prompt (ctrl-x).
  var focused: RequestID?

  /// More open questions than a turn can have; further ones are refused.
  static let maxPrompts = 64

  var current: Prompt? { prompts.first }
  var count: Int { prompts.count }

  mutating func add(_ prompt: Prompt) {
    // A resend after a reconnect replaces the question it repeats.
    if let index = prompts.firstIndex(where: { $0.id == prompt.id }) {
      prompts[index] = prompt
    } else {
      prompts.append(prompt)
    }
  }

  mutating func remove(_ id: RequestID) {
    prompts.removeAll { $0.id == id }
    if focused == id { focused = nil }
  }

  mutating func removeAll() {
    prompts = []
    focused = nil
  }

  /// Changes the question on the screen.
  mutating func updateCurrent(_ change: (inout Prompt) -> Void) {
    guard !prompts.isEmpty else { return }
    change(&prompts[0])
  }

  /// Changes the review that an operation or a screen belongs to.
  mutating func updateReview(_ change: (inout ReviewState) -> Void) {
    guard !prompts.isEmpty, case .review(var review) = prompts[0].kind else { return }
    change(&review)
    prompts[0].kind = .review(review)
  }

  var review: ReviewState? {
    guard case .review(let review) = current?.kind else { return nil }
    return review
  }

  var isCurrentFocused: Bool { current.map { $0.id == focused } ?? false }
}
