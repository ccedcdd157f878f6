import StetJSON

/// What happens to a turn.
enum TurnEvent: Sendable {
  /// The input is in the prompt: ask the model.
  case begin
  /// The turn can't ask the model at all.
  case cannotBegin(TurnFailure)
  /// Something from the response of this number; events of other responses are stale and dropped.
  case model(ModelEvent, response: Int)
  /// The response of this number broke. `jitter` is a random number from -1 to 1.
  case failed(ModelError, response: Int, jitter: Double)
  /// A wait that was asked for is over.
  case retryDue(response: Int)
  case toolFinished(itemId: String, ToolOutput)
  /// Input while the turn runs.
  case steer(SteeredInput)
  case interrupt
  /// The time that cancelled tools have is over.
  case graceOver
  /// The window is too full for the request of this number; 0: before the turn's first one.
  case overfull(response: Int)
  /// The turn needs no model, and what it was for is done.
  case done
  /// The turn is nothing but a compaction.
  case compactOnly
  case compacted(CompactionEnd)
  /// Items for the prompt that are no reason to ask the model: they wait for a place between two requests.
  case note([JSONValue])
  /// The user's programs have seen the answer: what they want done goes to the model, nothing ends the turn.
  case endChecked(goOn: [JSONValue])
  /// The user's answer to `.askAboutLoop`.
  case loopAnswered(goOn: Bool)
}

/// Input that came during a turn: the prompt items to append and the key under which the session keeps the rest.
struct SteeredInput: Sendable, Hashable {
  let key: String
  let items: [JSONValue]
}

/// What the session has to do, in this order.
enum TurnAction: Sendable, Hashable {
  /// Append the context and the user's message: once, before anything else comes into the prompt.
  case open
  /// Replace the history by a shorter one and send `.compacted`.
  case compact(CompactionReason)
  /// Ask the model with the prompt as it is now.
  case request(response: Int)
  case cancelResponse
  case show(ShownEvent)
  /// Append an item to the prompt.
  case append(JSONValue)
  case run(ToolCall)
  /// Cancel the tasks of all running tools.
  case cancelTools
  /// Show the user message of a steer; its prompt items follow as `.append`.
  case consumed(SteeredInput)
  /// The turn ends before it could take these steers: they become queued messages (L7).
  case putBack([SteeredInput])
  case usage(ModelUsage?)
  /// Tell the clients that a try is coming, unless `notice` is nil; then wait and send `.retryDue`.
  case wait(ms: Int, notice: TurnFailure?, response: Int)
  /// Send `.graceOver` after so many milliseconds.
  case grace(ms: Int)
  /// The same call gave the same result `TurnMachine.loopLimit` times in a row: ask the user (L12).
  case askAboutLoop(tool: String)
  /// Show the answer to the user's programs and send `.endChecked`.
  case checkEnd(answer: String)
  case warn(String)
  case finish(TurnOutcome)
}

/// How a turn ended.
enum TurnOutcome: Sendable, Hashable {
  case completed
  case interrupted
  case failed(TurnFailure)
}
