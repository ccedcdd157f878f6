import StetAgent
import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// R2: transcripts of Claude Code, made by hand after what it writes, read into stet's threads.
@Suite struct ClaudeImportTests {
  let claude = TempDirectory("claude")
  static let id = "5f0c7a3e-8d1b-4c55-9a51-0d6a3b1c2e4f"
  static let folder = "projects/-work-x"

  private func line(_ uuid: String, after parent: String?, _ type: String, _ more: JSONObject) -> JSONValue {
    var line: JSONObject = [
      "type": .string(type), "uuid": .string(uuid), "parentUuid": parent.map(JSONValue.string) ?? .null,
      "sessionId": .string(Self.id), "cwd": "/work/x", "version": "2.1.0", "gitBranch": "main",
      "timestamp": "2026-11-22T19:50:02.000Z", "isSidechain": false,
    ]
    for (key, value) in more { line[key] = value }
    return .object(line)
  }

  private func user(_ uuid: String, after parent: String?, _ text: String, _ more: JSONObject = [:])
    -> JSONValue
  {
    var more = more
    more["message"] = ["role": "user", "content": .string(text)]
    return line(uuid, after: parent, "user", more)
  }

  private func output(
    _ uuid: String, after parent: String, _ call: String, _ text: String, _ more: JSONObject = [:]
  )
    -> JSONValue
  {
    var more = more
    more["message"] = [
      "role": "user",
      "content": [
        [
          "type": "tool_result", "tool_use_id": .string(call),
          "content": [["type": "text", "text": .string(text)]],
          "is_error": more["failed"] ?? false,
        ]
      ],
    ]
    return line(uuid, after: parent, "user", more)
  }

  private func agent(_ uuid: String, after parent: String, _ blocks: JSONValue...) -> JSONValue {
    line(
      uuid, after: parent, "assistant",
      ["message": ["role": "assistant", "model": "claude-x", "content": .array(blocks)]])
  }

  private func call(_ id: String, _ name: String, _ input: JSONValue) -> JSONValue {
    ["type": "tool_use", "id": .string(id), "name": .string(name), "input": input]
  }

  private func text(_ text: String) -> JSONValue { ["type": "text", "text": .string(text)] }

  private func write(_ lines: [JSONValue], id: String = Self.id, tail: String = "") {
    claude.write("\(Self.folder)/\(id).jsonl", lines.map { $0.text + "\n" }.joined() + tail)
  }

  private func run(_ house: ModelHouse) throws -> [CodexImport.Report] {
    var reports: [CodexImport.Report] = []
    let importer = CodexImport(environment: ServerHarness.environment(house.home, cwd: house.work.path))
    try importer.run(claudeHome: claude.path) { reports.append($0) }
    #expect(try importer.finish() == [])
    return reports
  }

  private func texts(_ client: TestClient) async throws -> [String] {
    let read = try await client.call("thread/read", ["threadId": .string(Self.id), "includeTurns": true])
    return (read["thread"]?["turns"]?.arrayValue ?? []).flatMap { $0["items"]?.arrayValue ?? [] }.map {
      item in
      switch item["type"] {
      case "userMessage": "> " + (item["content"]?[0]?["text"]?.stringValue ?? "")
      case "agentMessage": item["text"]?.stringValue ?? ""
      case "commandExecution":
        "$ \(item["command"]?.stringValue ?? "") \(item["status"]?.stringValue ?? "") \(item["aggregatedOutput"]?.stringValue ?? "")"
      case "fileChange":
        "\(item["changes"]?[0]?["path"]?.stringValue ?? "") \(item["changes"]?[0]?["diff"]?.stringValue ?? "")"
      case "dynamicToolCall": item["tool"]?.stringValue ?? ""
      default: item["type"]?.stringValue ?? ""
      }
    }
  }

  @Test(
    "R2: a transcript is listed, read, resumed and gone on with; what was rewound is left out, the file untouched"
  )
  func r2_transcript() async throws {
    let patch: JSONValue = [
      "structuredPatch": [
        ["oldStart": 1, "oldLines": 1, "newStart": 1, "newLines": 1, "lines": ["-a", "+b"]]
      ]
    ]
    write([
      ["type": "summary", "summary": "a title", "leafUuid": "x"],
      user("u1", after: nil, "first question"), agent("a0", after: "u1", text("rewound")),
      agent(
        "a1", after: "u1", ["type": "thinking", "thinking": "hm", "signature": "s"], text("I look."),
        call("c1", "Bash", ["command": "make test"])),
      agent("a2", after: "a1", call("c2", "Read", ["file_path": "/work/x/a"])),
      output("r1", after: "a1", "c1", "failed badly", ["failed": true]),
      output("r2", after: "a2", "c2", "text"),
      agent(
        "a3", after: "r2",
        call("c3", "Edit", ["file_path": "/work/x/a", "old_string": "a", "new_string": "b"])),
      output("r3", after: "a3", "c3", "done", ["toolUseResult": patch]),
      agent("a4", after: "r3", text("Mended.")),
      user("m1", after: "a4", "<command-name>/cost</command-name>"),
      user("m2", after: "m1", "not for people", ["isMeta": true]),
      user("s1", after: nil, "of an agent", ["isSidechain": true]),
      user("u2", after: "m2", "second question"), agent("a5", after: "u2", text("second answer")),
    ])
    let path = "\(Self.folder)/\(Self.id).jsonl"
    claude.write("\(Self.folder)/agent-1234.jsonl", "{}\n")
    let before = claude.bytes(path)
    let house = ModelHouse([.text("gone on")])
    let reports = try run(house)
    #expect(reports.map(\.refusal) == [nil] && reports.first?.turns == 2)
    #expect(reports.first?.skipped == ["1 commands of Claude Code"])
    #expect(claude.bytes(path) == before)
    #expect(try run(house).map(\.refusal) == ["it is there already"])

    let server = house.server()
    let client = try await house.connect(server)
    let list = try await client.call("thread/list", [:])["data"]
    #expect(list?[0]?["id"] == .string(Self.id) && list?[0]?["preview"] == "first question")
    #expect(list?[0]?["cwd"] == "/work/x" && list?[0]?["gitInfo"]?["branch"] == "main")
    #expect(
      try await texts(client) == [
        "> first question", "reasoning", "I look.", "$ make test failed failed badly", "Read",
        "/work/x/a @@ -1,1 +1,1 @@\n-a\n+b\n", "Mended.", "> second question", "second answer",
      ])
    try await client.call(
      "thread/resume", ["threadId": .string(Self.id), "model": "mock-model", "modelProvider": "mock"])
    try await client.call(
      "turn/start", ["threadId": .string(Self.id), "input": [["type": "text", "text": "go on"]]])
    _ = await client.note("turn/completed")
    let body = String(decoding: house.model.bodies.last ?? [], as: UTF8.self)
    for words in ["first question", "make test", "failed badly", "Mended.", "second answer", "go on"] {
      #expect(body.contains(words), "\(words)")
    }
    #expect(!body.contains("rewound") && !body.contains("not for people") && !body.contains("of an agent"))
  }

  @Test("R2: after a compaction the model is told its summary, and the thread shows all of it")
  func r2_compacted() async throws {
    write([
      user("u1", after: nil, "first question"), agent("a1", after: "u1", text("first answer")),
      line("b", after: nil, "system", ["subtype": "compact_boundary", "logicalParentUuid": "a1"]),
      user("c", after: "b", "the story so far", ["isCompactSummary": true]),
      user("u2", after: "c", "second question"), agent("a2", after: "u2", text("second answer")),
    ])
    let house = ModelHouse([.text("gone on")])
    #expect(try run(house).map(\.turns) == [2])
    let client = try await house.connect(house.server())
    #expect(try await texts(client).count == 4)
    try await client.call(
      "thread/resume", ["threadId": .string(Self.id), "model": "mock-model", "modelProvider": "mock"])
    try await client.call(
      "turn/start", ["threadId": .string(Self.id), "input": [["type": "text", "text": "go on"]]])
    _ = await client.note("turn/completed")
    let body = String(decoding: house.model.bodies.last ?? [], as: UTF8.self)
    #expect(body.contains("the story so far") && !body.contains("first answer"))
  }

  @Test("R2: hostile transcripts do no harm: circles, odd types, cut lines, calls without end, foreign names")
  func r2_hostile() async throws {
    var lines = [
      user("u1", after: "a1", "question \u{1B}[2J"), agent("a1", after: "u1", text("answer")),
      line("o1", after: "a1", "assistant", ["message": 7]),
      line("o2", after: "o1", "user", ["message": ["content": [1, ["type": "tool_result"], ["type": 3]]]]),
      line("o3", after: "o2", "novelty", ["timestamp": 9, "cwd": ["x"]]),
    ]
    var last = "o3"
    for number in 0..<3_000 {
      lines.append(agent("n\(number)", after: last, call("k\(number)", "Bash", "odd")))
      last = "n\(number)"
    }
    lines.append(output("end", after: last, "k1", "ok"))
    write(lines, tail: "[1]\n{\"type\": \"user\", \"uu")
    claude.write("\(Self.folder)/../../../escape.jsonl.txt", "x")
    claude.write("\(Self.folder)/not-a-uuid.jsonl", "{}\n")
    write([["a": 1]], id: "5f0c7a3e-8d1b-4c55-9a51-0d6a3b1c2e4e")
    let house = ModelHouse([])
    let reports = try run(house).sorted { $0.threadId < $1.threadId }
    #expect(reports.count == 2 && reports[0].refusal != nil && reports[1].refusal == nil)
    #expect(reports[1].skipped.contains { $0.contains("damaged lines") })
    let client = try await house.connect(house.server())
    #expect(try await texts(client).first?.hasPrefix("> question") == true)
  }
}
