import StetProtocol

/// The messages of a thread that wait for a turn of their own, the next one first. Pure.
struct MessageQueue: Sendable, Hashable {
  /// Messages that may wait; the same as the interface's own queue.
  static let limit = 100
  /// Characters of all of them: what one input may have, since each change is written down whole.
  static let characterLimit = RPCError.maxInputCharacters

  private(set) var submissions: [QueuedSubmission] = []
  /// How many at the head were put back: what is put back later was said later.
  private var returned = 0

  var isEmpty: Bool { submissions.isEmpty }
  var head: QueuedSubmission? { submissions.first }

  init(_ submissions: [QueuedSubmission] = []) {
    self.submissions = submissions
  }

  mutating func add(_ submission: QueuedSubmission) throws(RPCError) {
    try check(submission.input, replacing: nil)
    guard submissions.count < Self.limit else {
      throw .invalidRequest("the queue is full: \(Self.limit) messages are the limit")
    }
    submissions.append(submission)
  }

  /// Puts messages that were sent and not taken before the others (L7); they are there already, so nothing limits it.
  mutating func putBack(_ messages: [QueuedSubmission]) {
    submissions.insert(contentsOf: messages, at: returned)
    returned += messages.count
  }

  /// Puts the head back that was taken out.
  mutating func untake(_ head: QueuedSubmission) {
    submissions.insert(head, at: 0)
    returned += 1
  }

  mutating func update(_ id: String, _ input: [UserInput]) throws(RPCError) -> QueuedSubmission {
    guard let index = submissions.firstIndex(where: { $0.id == id }) else { throw .noQueuedSubmission(id) }
    try check(input, replacing: id)
    submissions[index].input = input
    return submissions[index]
  }

  /// Takes a message out, the head unless one is named; nil when there is none.
  mutating func take(_ id: String?) -> QueuedSubmission? {
    guard let index = id.map({ id in submissions.firstIndex { $0.id == id } }) ?? submissions.indices.first
    else { return nil }
    if index < returned { returned -= 1 }
    return submissions.remove(at: index)
  }

  mutating func reorder(_ ids: [String]) throws(RPCError) {
    let known = Dictionary(submissions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    if let stranger = ids.first(where: { known[$0] == nil }) { throw .noQueuedSubmission(stranger) }
    guard Set(ids).count == ids.count, ids.count == known.count else {
      throw .invalidRequest("queuedSubmissionIds must name every queued submission once")
    }
    submissions = ids.compactMap { known[$0] }
    returned = 0
  }

  private func check(_ input: [UserInput], replacing id: String?) throws(RPCError) {
    guard !input.isEmpty else { throw .invalidRequest("input must not be empty") }
    let others = submissions.filter { $0.id != id }
    let count =
      UserInputItems.characters(input) + others.reduce(0) { $0 + UserInputItems.characters($1.input) }
    if count > Self.characterLimit { throw .inputTooLarge(count) }
  }
}

extension RPCError {
  static func noQueuedSubmission(_ id: String) -> RPCError {
    .invalidRequest("queued submission not found: \(id)")
  }
}
