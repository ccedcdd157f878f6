import Glibc
import StetAgent
import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// R2: rollouts of Codex, made by hand after protocol.md §5, read into stet's threads.
@Suite struct CodexImportTests {
  let codex = TempDirectory("codex")
  static let first = "01a204ce-f651-7f91-ada5-366b0df5a169"
  static let second = "01a204d0-c881-7252-9f90-88f791a7f58e"

  /// Writes a rollout; lines get a timestamp and, unless legacy, their ordinal.
  @discardableResult
  private func rollout(
    _ id: String, time: String = "2026-11-22T19-50-02", suffix: String = "",
    folder: String = "sessions/2026/11/22",
    from ordinal: Int? = 0, _ lines: [(String, JSONValue)], tail: String = ""
  ) -> String {
    var text = ""
    for (index, line) in lines.enumerated() {
      var value: JSONValue = [
        "timestamp": .string("2026-11-22T19:50:0\(min(index, 9)).000Z"), "type": .string(line.0),
        "payload": line.1,
      ]
      if let ordinal { value["ordinal"] = JSONValue(ordinal + index) }
      text += value.text + "\n"
    }
    return codex.write("\(folder)/rollout-\(time)-\(id)\(suffix).jsonl", text + tail)
  }

  private func meta(_ id: String, _ more: JSONObject = [:]) -> (String, JSONValue) {
    var payload: JSONObject = [
      "id": .string(id), "session_id": .string(id), "timestamp": "2026-11-22T19:50:02.000Z", "cwd": "/work/x",
      "originator": "codex_cli", "cli_version": "0.163.0", "source": "cli", "model_provider": "openai",
      "history_mode": "paginated", "git": ["commit_hash": "abc", "branch": "main"],
    ]
    for (key, value) in more { payload[key] = value }
    return ("session_meta", .object(payload))
  }

  private func event(_ type: String, _ more: JSONObject = [:]) -> (String, JSONValue) {
    var payload = more
    payload["type"] = .string(type)
    return ("event_msg", .object(payload))
  }

  private func item(_ turn: String, _ item: JSONValue) -> (String, JSONValue) {
    event(
      "item_completed",
      ["turn_id": .string(turn), "item": item, "started_at_ms": 1_000, "completed_at_ms": 2_000])
  }

  private func message(_ role: String, _ text: String) -> (String, JSONValue) {
    let kind: JSONValue = role == "assistant" ? "output_text" : "input_text"
    return (
      "response_item",
      [
        "type": "message", "role": .string(role), "content": [["type": kind, "text": .string(text)]],
        "internal_chat_message_metadata_passthrough": ["turn_id": "t"],
      ]
    )
  }

  /// One turn: the user's words and the answer.
  private func turn(_ id: String, _ user: String, _ agent: String) -> [(String, JSONValue)] {
    [
      event("task_started", ["turn_id": .string(id), "started_at": 1_795_377_002]), message("user", user),
      item(
        id,
        [
          "type": "UserMessage", "id": .string("u-\(id)"),
          "content": [["type": "text", "text": .string(user)]],
        ]),
      item(
        id,
        [
          "type": "AgentMessage", "id": .string("m-\(id)"), "phase": "final_answer",
          "content": [["type": "Text", "text": .string(agent)]],
        ]), message("assistant", agent), event("task_complete", ["turn_id": .string(id)]),
    ]
  }

  private func run(_ house: ModelHouse) throws -> [CodexImport.Report] {
    var reports: [CodexImport.Report] = []
    let importer = CodexImport(environment: ServerHarness.environment(house.home, cwd: house.work.path))
    try importer.run(codexHome: codex.path) { reports.append($0) }
    #expect(try importer.finish() == [])
    return reports
  }

  /// Going on with the model of the house.
  private func resume(_ id: String) -> JSONValue {
    ["threadId": .string(id), "model": "mock-model", "modelProvider": "mock"]
  }

  /// What a thread shows: `> ` before the user's words, `$ ` before commands.
  private func texts(_ client: TestClient, _ id: String) async throws -> [String] {
    let thread = try await client.call("thread/read", ["threadId": .string(id), "includeTurns": true])[
      "thread"]
    return (thread?["turns"]?.arrayValue ?? []).flatMap { $0["items"]?.arrayValue ?? [] }.compactMap { item in
      switch item["type"] {
      case "userMessage": "> " + (item["content"]?[0]?["text"]?.stringValue ?? "")
      case "agentMessage": item["text"]?.stringValue
      case "commandExecution": "$ " + (item["command"]?.stringValue ?? "")
      case "fileChange": item["changes"]?[0]?["path"]?.stringValue
      default: item["type"]?.stringValue
      }
    }
  }

  @Test("R2: a paginated rollout is listed, read, found, resumed and gone on with; the file stays as it is")
  func r2_paginated() async throws {
    let calls: [(String, JSONValue)] = [
      event("task_started", ["turn_id": "t2"]), message("developer", "You are Codex."),
      message("user", "<environment_context>x</environment_context>"), message("user", "run it"),
      ("response_item", ["type": "reasoning", "encrypted_content": "gAAAA", "summary": []]),
      (
        "response_item",
        ["type": "function_call", "call_id": "c1", "name": "exec_command", "arguments": "{}"]
      ),
      item(
        "t2",
        [
          "type": "CommandExecution", "id": "c1", "command": ["/bin/bash", "-lc", "make test"],
          "cwd": "file:///work/my%20x", "aggregated_output": "ok\n", "exit_code": 0,
          "duration": ["secs": 1, "nanos": 500_000_000],
        ]),
      ("response_item", ["type": "function_call_output", "call_id": "c1", "output": "ok"]),
      item(
        "t2", ["type": "FileChange", "id": "f1", "changes": ["/work/x/a.txt": ["add": ["content": "a"]]]]),
      item("t2", ["type": "Unheard", "id": "z"]), ("world_state", ["full": true]), ("novelty", [:]),
    ]
    let path = rollout(Self.first, [meta(Self.first)] + turn("t1", "first question", "first answer") + calls)
    codex.write("session_index.jsonl", #"{"id":"\#(Self.first)","thread_name":"My name"}"# + "\n")
    let before = codex.bytes(String(path.dropFirst(codex.path.count + 1)))
    let house = ModelHouse([.text("gone on")])
    let reports = try run(house)
    #expect(reports.map(\.turns) == [2])
    #expect(
      reports.first?.skipped == [
        "1 encrypted reasoning of the model", "1 items of type Unheard", "1 records of type novelty",
      ])
    let server = house.server()
    let client = try await house.connect(server)
    let row = try await client.call("thread/list", [:])["data"]?[0]
    #expect(row?["id"] == .string(Self.first))
    #expect(row?["name"] == "My name")
    #expect(row?["preview"] == "first question")
    #expect(row?["gitInfo"]?["branch"] == "main")
    #expect(row?["originator"] == "codex_cli")
    #expect(
      try await texts(client, Self.first) == [
        "> first question", "first answer", "$ /bin/bash -lc 'make test'", "/work/x/a.txt",
      ])
    let thread = try await client.call("thread/resume", resume(Self.first))["thread"]
    #expect(thread?["turns"]?.arrayValue?.map { $0["status"] } == ["completed", "interrupted"])
    let command = thread?["turns"]?[1]?["items"]?[0]
    #expect(command?["durationMs"] == 1_500)
    #expect(command?["cwd"] == "/work/my x")
    #expect(try await client.turn(Self.first, "and now")["status"] == "completed")
    let input = house.model.requests[0].text
    #expect(input.contains("first answer") && input.contains("\"c1\""))
    #expect(!input.contains("You are Codex") && !input.contains("gAAAA") && !input.contains("passthrough"))
    let found = try await client.call("thread/search", ["searchTerm": "make test"])
    #expect(found["data"]?.arrayValue?.count == 1)
    await server.shutdown()
    #expect(codex.bytes(String(path.dropFirst(codex.path.count + 1))) == before)
    #expect(try run(house).map(\.refusal) == ["it is there already"])
  }

  @Test("R2: legacy rollouts have messages only, no ordinals and no turns")
  func r2_legacy() async throws {
    rollout(
      Self.first, from: nil,
      [
        meta(Self.first, ["history_mode": "legacy"]), event("user_message", ["message": "old question"]),
        message("user", "old question"), event("agent_reasoning", ["text": "hmm"]),
        event("agent_message", ["message": "old answer"]), message("assistant", "old answer"),
        event("user_message", ["message": "another"]), event("agent_message", ["message": "one more"]),
      ], tail: "{\"torn")
    let house = ModelHouse([])
    let reports = try run(house)
    #expect(reports.first?.skipped == ["1 damaged lines"])
    let server = house.server()
    let client = try await house.connect(server)
    #expect(
      try await texts(client, Self.first) == [
        "> old question", "reasoning", "old answer", "> another", "one more",
      ])
    await server.shutdown()
  }

  @Test("R2: a fork and a revert follow history_base up to its end; compaction replaces what the model knows")
  func r2_bases() async throws {
    let parent = [meta(Self.first)] + turn("t1", "one", "uno") + turn("t2", "two", "dos")
    rollout(Self.first, parent)
    let base: JSONValue = [
      "thread_id": .string(Self.first), "end_ordinal_exclusive": 7, "end_byte_offset": 0,
    ]
    rollout(
      Self.second, time: "2026-11-22T20-00-00", from: 7,
      [meta(Self.second, ["history_base": base, "forked_from_id": .string(Self.first)])]
        + turn("t3", "three", "tres")
        + [
          ("compacted", ["message": "SUMMARY", "replacement_history": [message("user", "SUMMARY of it").1]])
        ]
        + turn("t4", "four", "cuatro"))
    rollout(
      Self.first, time: "2026-11-22T21-00-00", suffix: "_01a204d0-c881-7252-9f90-88f791a7f58f", from: 7,
      [meta(Self.first, ["history_base": base])] + turn("t5", "five", "cinco"))
    let house = ModelHouse([.text("gone on")])
    let reports = try run(house)
    #expect(reports.map(\.turns).sorted() == [2, 3])
    let server = house.server()
    let client = try await house.connect(server)
    #expect(try await texts(client, Self.first) == ["> one", "uno", "> five", "cinco"])
    #expect(try await texts(client, Self.second) == ["> one", "uno", "> three", "tres", "> four", "cuatro"])
    try await client.call("thread/resume", resume(Self.second))
    try await client.turn(Self.second, "next")
    let input = house.model.requests[0].text
    #expect(input.contains("SUMMARY of it") && input.contains("cuatro") && !input.contains("tres"))
    await server.shutdown()
  }

  @Test("R2: what is no rollout, builds on nothing, or on itself is refused with the reason")
  func r2_refused() throws {
    let base: JSONValue = ["thread_id": "01a204d0-c881-7252-9f90-000000000000", "end_ordinal_exclusive": 3]
    rollout(Self.first, [meta(Self.first, ["history_base": base])] + turn("t", "a", "b"))
    let own: JSONValue = ["thread_id": .string(Self.second), "end_ordinal_exclusive": 9]
    rollout(Self.second, [meta(Self.second, ["history_base": own])] + turn("t", "a", "b"))
    codex.write("sessions/rollout-x.jsonl", "")
    rollout("01a204d0-c881-7252-9f90-88f791a7f580", [event("task_started")])
    rollout("01a204d0-c881-7252-9f90-88f791a7f581", [meta("01a204d0-c881-7252-9f90-88f791a7f581")])
    rollout("01a204d0-c881-7252-9f90-88f791a7f582", folder: "archived_sessions", [("session_meta", 3)])
    let house = ModelHouse([])
    let reports = try run(house)
    #expect(reports.count == 5)
    #expect(reports.allSatisfy { $0.refusal != nil })
    #expect(house.home.names().contains("threads") == false || house.home.names("threads").isEmpty)
    let importer = CodexImport(environment: ServerHarness.environment(house.home))
    #expect(throws: (any Error).self) { try importer.run(path: codex.path("sessions/rollout-x.jsonl")) }
  }
}
