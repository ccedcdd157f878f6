import StetProtocol
import Testing

@testable import StetUI

/// A place of the screen where text stands that somebody else wrote: a model, a tool, a repository, a server.
struct HostilePlace: Sendable, CustomTestStringConvertible {
  let name: String
  let show: @Sendable (String) -> Session

  var testDescription: String { name }

  init(_ name: String, _ show: @escaping @Sendable (String) -> Session) {
    self.name = name
    self.show = show
  }

  /// In a session where a turn runs.
  init(turn name: String, _ change: @escaping @Sendable (inout Session, String) -> Void) {
    self.init(name) { text in
      var s = Samples.working()
      change(&s, text)
      return s
    }
  }

  /// An item, unfolded.
  init(item name: String, _ make: @escaping @Sendable (String) -> ThreadItem) {
    self.init(turn: name) { s, text in
      s.complete(make(text))
      s.press(Key("x"), Key(.backspace))
      s.endTurn()
      s.press(Key(.escape), Key("z"))
    }
  }

  static let all = items + told + headers + prompts + reviews + pages + lists + own

  private static let project = "/home/user/project/"

  private static let items: [HostilePlace] = [
    .init(item: "user message") { .userMessage(.init(id: "x", clientId: nil, content: [.text($0)])) },
    .init(item: "agent message") { .agentMessage(.init(id: "x", text: $0)) },
    .init(item: "code block") { .agentMessage(.init(id: "x", text: "```swift\n\($0)\n```")) },
    .init(item: "table") { .agentMessage(.init(id: "x", text: "|a|b|\n|-|-|\n|\($0)|c|")) },
    .init(item: "link") { .agentMessage(.init(id: "x", text: "[Zq](https://e.org/\($0))")) },
    .init(turn: "streamed words") { s, text in
      s.start(.agentMessage(.init(id: "m", text: "")))
      s.stream(text, id: "m")
    },
    .init(item: "reasoning") { .reasoning(.init(id: "x", summary: [$0])) },
    .init(item: "command") { Session.command($0, id: "x", status: .completed, exit: 0) },
    .init(item: "output") {
      Session.command("ls", id: "x", status: .failed, output: $0, exit: 1)
    },
    .init(turn: "live output") { s, text in
      s.start(Session.command("ls", id: "x", process: "1"))
      s.output(text, id: "x")
    },
    .init(item: "changed path") {
      .fileChange(
        .init(
          id: "x", changes: [.init(path: project + $0, kind: .update(movePath: project + $0), diff: "")],
          status: .completed))
    },
    .init(turn: "diff") { s, text in
      let change = FileUpdateChange(path: project + "a", kind: .add, diff: text)
      s.complete(.fileChange(.init(id: "x", changes: [change], status: .completed)))
      s.endTurn()
    },
    .init(item: "tool") {
      .mcpToolCall(
        .init(id: "x", server: $0, tool: $0, status: .completed, arguments: ["key": .string($0)]))
    },
    .init(item: "tool's error") {
      .mcpToolCall(
        .init(
          id: "x", server: "s", tool: "t", status: .failed, arguments: [:], error: .init(message: $0)))
    },
    .init(item: "dynamic tool") {
      .dynamicToolCall(.init(id: "x", tool: $0, arguments: .string($0), status: .failed, success: false))
    },
    .init(item: "web search") { .webSearch(.init(id: "x", query: $0)) },
    .init(item: "picture") { .imageView(.init(id: "x", path: project + $0)) },
    .init(item: "unknown item") { .unknown(["type": .string($0), "id": "x", "text": .string($0)]) },
    .init(turn: "plan") { s, text in
      s.notify(
        .turnPlanUpdated(
          .init(
            threadId: Session.threadId, turnId: "U1", explanation: text,
            plan: [.init(step: text, status: .inProgress)])))
    },
  ]

  private static let told: [HostilePlace] = [
    .init(turn: "warning") { s, text in s.notify(.warning(.init(message: text))) },
    .init(turn: "error") { s, text in
      s.notify(
        .error(
          .init(
            error: .init(message: text, additionalDetails: text), willRetry: false,
            threadId: Session.threadId, turnId: "U1")))
    },
    .init(turn: "retry") { s, text in
      s.notify(
        .error(
          .init(error: .init(message: text), willRetry: true, threadId: Session.threadId, turnId: "U1")))
    },
    .init(turn: "failed turn") { s, text in s.endTurn("U1", .failed, error: .init(message: text)) },
    .init(turn: "refusal of a request") { s, text in s.fail(.settings, text) },
    .init(turn: "notice") { s, text in s.send(.notice(text)) },
    .init(turn: "lost connection") { s, text in s.send(.clientClosed(text, .no)) },
    .init("what was looked for") { text in
      var s = Session(100, 40)
      s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
      s.send(.setup(.missing([LookedFor(what: text, found: text)])))
      return s
    },
  ]

  private static let headers: [HostilePlace] = [
    .init(turn: "name of the thread") { s, text in
      s.notify(.threadNameUpdated(.init(threadId: Session.threadId, threadName: text)))
    },
    .init("model") { text in
      var s = Session(100, 40)
      s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
      s.send(.setup(.ready))
      var response = Session.startResponse()
      response.model = text
      s.reply(.threadStart, response)
      return s
    },
    .init("server") { text in
      var s = Session(100, 40)
      var facts = ServerFacts(hunkReview: true, snapshots: true)
      facts.place = text
      s.send(.connected(facts))
      return s
    },
  ]

  private static let prompts: [HostilePlace] = [
    .init(turn: "command that asks") { s, text in s.askForCommand(text) },
    .init(turn: "why it asks") { s, text in s.askForCommand("ls", reason: text) },
    .init(turn: "host that is asked about") { s, text in
      s.askForCommand("curl x", host: .init(host: text, protocol: .https))
    },
    .init(turn: "rule that is offered") { s, text in
      s.askForCommand("ls -l", rule: ["ls", text])
      Samples.arm(&s)
      s.press(Key("p"))
    },
    .init(turn: "question") { s, text in
      let question = ToolRequestUserInputQuestion(
        id: "q", header: text, question: text, isOther: true,
        options: [.init(label: text, description: text)])
      s.send(
        .request(
          .int(3),
          .toolRequestUserInput(
            .init(
              threadId: Session.threadId, turnId: "U1", itemId: "q", questions: [question],
              isBlocking: true))))
    },
    .init(turn: "tool that asks") { s, text in
      s.send(
        .request(
          .int(5),
          .mcpServerElicitation(
            .init(
              threadId: Session.threadId, turnId: "U1", serverName: text,
              question: [
                "mode": "form", "message": .string(text),
                "requestedSchema": ["type": "object", "properties": [:]],
                "_meta": [
                  "codex_approval_kind": "mcp_tool_call", "tool_name": .string(text),
                  "tool_description": .string(text), "tool_params": [text: .string(text)],
                ],
              ]))))
    },
    .init(turn: "form of a server") { s, text in
      s.send(
        .request(
          .int(4),
          .mcpServerElicitation(
            .init(
              threadId: Session.threadId, turnId: "U1", serverName: text,
              question: [
                "mode": "form", "message": .string(text),
                "requestedSchema": [
                  "type": "object",
                  "properties": [
                    "a": [
                      "type": "string", "title": .string(text), "description": .string(text),
                      "enum": [.string(text)],
                    ]
                  ],
                ],
              ]))))
    },
    .init(turn: "permissions that are asked for") { s, text in
      s.send(
        .request(
          .int(4),
          .permissionsRequestApproval(
            .init(
              threadId: Session.threadId, turnId: "U1", itemId: "p", startedAtMs: 0, cwd: project + text,
              reason: text, permissions: .init(network: .init(enabled: true))))))
    },
  ]
}
