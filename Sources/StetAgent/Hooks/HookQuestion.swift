import StetJSON
import StetProtocol

/// Asks the user about a call that a hook would not let pass, or that a broken hook could not judge.
struct HookQuestion {
  enum Answer { case yes, no, cancelled }

  private static let run = "Run it"
  /// Characters of the call in the question.
  private static let shownLimit = 400

  let call: ToolCall
  let context: ToolContext
  let why: String

  func ask() async -> Answer {
    let question = ToolRequestUserInputQuestion(
      id: "hook", header: "Hook", question: "\(why)\nRun \(Self.shown(call))?",
      options: [
        ToolRequestUserInputOption(label: "Don't run it", description: "The model is told why"),
        ToolRequestUserInputOption(label: Self.run, description: "This once, in spite of the hook"),
      ])
    let answer = await context.approvals.ask(
      .toolRequestUserInput(
        ToolRequestUserInputParams(
          threadId: context.threadId, turnId: context.turnId, itemId: "\(call.itemId)-hook",
          questions: [question], isBlocking: true)))
    switch answer {
    case .cancelled: return .cancelled
    case .failed: return .no
    case .answered(let value):
      let words = value["answers"]?["hook"]?["answers"]?.arrayValue ?? []
      return words.contains { $0.stringValue == Self.run } ? .yes : .no
    }
  }

  /// The call in a sentence.
  static func shown(_ call: ToolCall) -> String {
    let words: String
    switch call.input {
    case .text(let text): words = text
    case .json(let value):
      words = value["cmd"]?.stringValue ?? value["path"]?.stringValue ?? value.text
    }
    return "\(call.name) `\(words.prefix(shownLimit))`"
  }
}
