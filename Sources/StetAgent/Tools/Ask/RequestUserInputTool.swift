import StetProtocol

/// `request_user_input`: asks the user one to three questions while a plan is made.
struct RequestUserInputTool: Tool {
  /// More than that is an interrogation.
  static let questionLimit = 3
  static let optionLimit = 9
  /// Milliseconds without any client after which the model goes on alone.
  static let absenceMs = 600_000

  let name = "request_user_input"
  /// One question at a time, and nothing happens behind it.
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Plan mode only: ask the user 1-3 questions that decide the plan; free text is always possible.",
      [
        "questions": [
          "type": "array",
          "items": [
            "type": "object",
            "properties": [
              "id": ["type": "string"], "header": ["type": "string"], "question": ["type": "string"],
              "options": [
                "type": "array",
                "items": [
                  "type": "object",
                  "properties": ["label": ["type": "string"], "description": ["type": "string"]],
                  "required": ["label", "description"],
                ],
              ],
            ], "required": ["id", "header", "question", "options"],
          ],
        ]
      ], required: ["questions"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    guard context.settings.mode == .plan else {
      return .failure(
        "request_user_input is unavailable in Default mode.",
        "Decide yourself and say what you assumed, or end your answer with the question.")
    }
    let questions: [ToolRequestUserInputQuestion]
    do {
      questions = try Self.questions(call)
    } catch {
      return error.output
    }
    let answer = await context.approvals.ask(
      .toolRequestUserInput(
        ToolRequestUserInputParams(
          threadId: context.threadId, turnId: context.turnId, itemId: call.itemId, questions: questions,
          isBlocking: true)), waiting: .userInput, absenceMs: Self.absenceMs)
    switch answer {
    case .cancelled: return .text("aborted by user", success: false)
    case .failed(let error):
      return .failure(
        "The user can't be asked: \(error.message)", "Decide yourself and say what you assumed.")
    case .answered(let value):
      let given = value["answers"]?.objectValue ?? JSONObject()
      guard given.contains(where: { $0.value["answers"]?.arrayValue?.isEmpty == false }) else {
        return .text("The user skipped the questions. Decide yourself and say what you assumed.")
      }
      let answers: JSONValue = ["answers": .object(given)]
      return .text(LongOutput.cut(answers.text, call, context.outputs))
    }
  }

  // MARK: - Reading

  private static func questions(
    _ call: ToolCall
  ) throws(ToolArgumentError) -> [ToolRequestUserInputQuestion] {
    let given = try ToolArguments(call).array("questions")
    guard (1...questionLimit).contains(given.count) else {
      throw ToolArgumentError("request_user_input takes 1 to \(questionLimit) questions, not \(given.count).")
    }
    var ids: Set<String> = []
    var questions: [ToolRequestUserInputQuestion] = []
    for (index, value) in given.enumerated() {
      guard let text = value["question"]?.stringValue, !text.isEmpty else {
        throw ToolArgumentError("Question \(index + 1) has no `question` text.")
      }
      let id = value["id"]?.stringValue ?? "question_\(index + 1)"
      guard ids.insert(id).inserted else { throw ToolArgumentError("Two questions have the id `\(id)`.") }
      let options = try options(value["options"], of: id)
      // What the user may say is never limited to what the model thought of.
      questions.append(
        ToolRequestUserInputQuestion(
          id: id, header: value["header"]?.stringValue ?? "Question", question: text, isOther: true,
          options: options.isEmpty ? nil : options))
    }
    return questions
  }

  private static func options(
    _ value: JSONValue?, of id: String
  ) throws(ToolArgumentError) -> [ToolRequestUserInputOption] {
    let given = value?.arrayValue ?? []
    guard given.count <= optionLimit else {
      throw ToolArgumentError("Question `\(id)` has more than \(optionLimit) options.")
    }
    var options: [ToolRequestUserInputOption] = []
    for option in given {
      guard let label = option["label"]?.stringValue ?? option.stringValue, !label.isEmpty else {
        throw ToolArgumentError("An option of question `\(id)` has no `label`.")
      }
      options.append(
        ToolRequestUserInputOption(label: label, description: option["description"]?.stringValue ?? ""))
    }
    return options
  }
}
