import StetProtocol

@testable import StetUI

extension HostilePlace {
  private static func file(_ text: String) -> MadeFile {
    var file = ReviewSamples.code
    file.pieces = [.same(2), .change(old: ["old " + text], new: ["Zq " + text]), .same(2)]
    return file
  }

  static let reviews: [HostilePlace] = [
    .init("proposed lines") { ReviewSamples.session([file($0.filter { !$0.isNewline })]) },
    .init("agent's note") { text in
      var file = ReviewSamples.code
      (file.note, file.hunkNote) = (text, text)
      return ReviewSamples.session([file])
    },
    .init("reviewed path") { text in
      var file = ReviewSamples.code
      file.path = text
      var s = ReviewSamples.session([file, ReviewSamples.files[1]], 200, 30)
      s.press(Key(.tab))
      return s
    },
    .init(turn: "path of the question") { s, text in
      let (changes, review) = ReviewSamples.request([MadeFile(path: text, pieces: file(text).pieces)])
      s.proposeEdit(changes, review: review, reason: text)
    },
    .init("own comment") { text in
      var s = ReviewSamples.session([ReviewSamples.code])
      s.press(Key("c"))
      s.send(.input(.paste(text)))
      s.press(Key(.enter))
      return s
    },
  ]

  static let pages: [HostilePlace] = [
    .init("item on a page") { text in
      var s = Samples.working()
      s.complete(Session.command("ls", id: "x", status: .completed, output: text, exit: 0))
      s.endTurn()
      s.press(Key(.escape), Key("o"))
      return s
    },
    .init("status") { text in
      var s = Session(100, 40)
      s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
      s.send(.setup(.ready))
      var response = Session.startResponse()
      response.model = text
      response.modelProvider = text
      response.cwd = "/" + text
      s.reply(.threadStart, response)
      s.type("/status")
      s.press(Key(.enter))
      return s
    },
    .init("MCP servers") { text in
      var s = Session.open()
      s.type("/mcp")
      s.press(Key(.enter))
      let server = McpServerStatus(
        name: text, runtimeStatus: .failed, tools: [text: ["description": .string(text)]], toolsError: text,
        resources: [["uri": .string(text), "name": .string(text)]], resourceTemplates: [],
        authStatus: .unsupported, stet: StetMcpServer(log: [text]))
      s.reply(.mcpServers(isWhole: true), ListMcpServerStatusResponse(data: [server]))
      return s
    },
    .init("permissions") { text in
      var s = Session.open()
      s.type("/permissions")
      s.press(Key(.enter))
      let row: JSONValue = [
        "id": "a", "kind": "asked", "text": .string(text), "decision": "prompt", "outside": true,
        "scope": "project", "place": .string(text),
      ]
      s.reply(
        .permissions(.listed),
        StetPermissions(
          data: [row], sandbox: ["wanted": true, "works": true, "whole": true, "words": .string(text)]))
      return s
    },
    .init("timeline") { text in
      var s = Samples.talked()
      s.type("/undo")
      s.press(Key(.enter))
      var list = Samples.snapshots
      for index in list.data.indices { list.data[index].note = text }
      s.reply(.snapshotList, list)
      var plan = Samples.plan
      plan.files = [
        .init(path: "/home/user/project/" + text, action: "write", diff: "@@ -1 +1 @@\n-b\n+\(text)\n")
      ]
      plan.files[0].note = text
      s.reply(.snapshotPlan(snapshotId: "S2"), plan)
      return s
    },
    .init("run outside") { text in
      var s = Samples.working()
      guard case .commandExecution(var item) = Session.command(text, status: .failed, exit: 1) else {
        return s
      }
      item.stet = ["denied": .string(text)]
      s.start(.commandExecution(item))
      s.complete(.commandExecution(item))
      s.endTurn()
      s.press(Key(.escape), Key("R"))
      return s
    },
  ]

  static let lists: [HostilePlace] = [
    .init("threads") { text in
      var s = Session.open()
      s.press(.ctrl("o"))
      var named = Session.thread("T5", name: text)
      named.gitInfo = GitInfo(branch: text)
      let unnamed = Session.thread("T6", preview: text)
      s.reply(.threadList(generation: 1), ThreadListResponse(data: [named, unnamed]))
      return s
    },
    .init("hits of a search") { text in
      var s = Samples.picking()
      s.press(Key(.tab))
      s.type("z")
      s.reply(
        .threadSearch(term: "z"),
        ThreadSearchResponse(data: [.init(snippet: text, thread: Session.thread("T7", name: text))]))
      return s
    },
    .init("models") { text in
      var s = Session.open()
      s.type("/model")
      s.press(Key(.enter))
      s.reply(
        .modelList,
        ModelListResponse(data: [
          Model(
            id: "m", model: text, displayName: text, description: text, hidden: false,
            supportedReasoningEfforts: [], defaultReasoningEffort: "low", isDefault: true)
        ]))
      return s
    },
    .init("completed files") { text in
      var s = Session.open()
      s.type("@a")
      s.send(.files(query: "a", [text]))
      return s
    },
    .init("messages sent before") { text in
      var s = Session.open()
      s.send(.history([text]))
      s.press(.ctrl("r"))
      return s
    },
    .init("themes") { text in
      var s = Session.open()
      s.send(.themes([Theme(name: text, isDark: true, styles: [:])], use: nil))
      s.type("/theme")
      s.press(Key(.enter))
      return s
    },
  ]

  /// What the user's own files and clipboard bring.
  static let own: [HostilePlace] = [
    .init("draft") { text in
      var s = Session.open()
      s.send(.input(.paste(text)))
      s.press(.ctrl("a"))
      return s
    },
    .init("restored queue") { text in
      var s = Session.open()
      s.send(.restored(Draft(threadId: Session.threadId, text: "", queue: [text])))
      return s
    },
    .init("list of the queue") { text in
      var s = Samples.working()
      s.send(.input(.paste(text)))
      s.press(Key(.tab), Key(.up, .alt))
      return s
    },
  ]
}
