import StetProtocol
import StetTestSupport
import Testing

@testable import StetUI

@Suite struct QuestionPromptTests {
  @Test func aDigitIsTheAnswerOfThatNumber() {
    var s = Samples.asked(options: true)
    s.press(Key("2"))
    #expect(s.answers() == [["answers": ["q1": ["answers": ["B"]]]]])
  }

  @Test func aDigitWithoutAnAnswerAnswersNothing() {
    var s = Samples.asked(options: true)
    s.press(Key("7"))
    #expect(s.answers().isEmpty)
    #expect(s.shows("there are 2 answers"))
  }

  @Test func escSkipsTheQuestionAndTheTurnGoesOn() {
    var s = Samples.asked(options: true)
    s.press(Key(.escape))
    #expect(s.answers() == [["answers": [:]]])
    #expect(s.state.prompts.count == 0)
  }

  @Test("M9: a form of an MCP server is answered field by field, with values of its types")
  func m9_form() {
    var s = Samples.askedForm()
    #expect(s.shows("github asks"))
    s.press(Key("2"))
    #expect(s.answers().isEmpty)
    s.press(Key(.enter))
    s.type("deep")
    s.press(Key(.enter))
    #expect(s.shows("that is not what is asked for"))
    s.press(Key(.enter))
    s.type("3")
    s.press(Key(.enter))
    #expect(s.answers() == [["action": "accept", "content": ["branch": "b1", "depth": 3]]])
  }

  @Test("M9: n declines, esc cancels, each as the server's own word")
  func m9_refusals() {
    var declined = Samples.askedForm()
    declined.press(Key("n"))
    #expect(declined.answers() == [["action": "decline"]])
    var cancelled = Samples.askedForm()
    cancelled.press(Key(.escape))
    #expect(cancelled.answers() == [["action": "cancel"]])
  }

  @Test(
    "M4: a tool call is shown with server, tool and arguments, and answered for once, the session or always",
    arguments: [("y", nil), ("a", "session"), ("p", "always")] as [(Character, String?)])
  func m4_toolCall(_ key: Character, _ holds: String?) {
    var s = Samples.askedTool()
    for word in ["github", "create_issue", "Fix the build"] { #expect(s.shows(word)) }
    s.press(Key(key))
    var answer: JSONObject = ["action": "accept"]
    if let holds { answer["_meta"] = ["persist": .string(holds)] }
    answer["content"] = [:]
    #expect(s.answers() == [.object(answer)])
  }

  @Test func aRefusedToolCall() {
    var s = Samples.askedTool()
    s.press(Key("n"))
    #expect(s.answers() == [["action": "decline"]])
  }

  @Test func goldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var question = Samples.asked(options: true)
      question.size = .init(columns: columns, rows: rows)
      try Golden.check(question.frame().surface, "question-\(columns)x\(rows)")
      var tool = Samples.askedTool()
      tool.size = .init(columns: columns, rows: rows)
      try Golden.check(tool.frame().surface, "tool-prompt-\(columns)x\(rows)")
    }
  }
}
