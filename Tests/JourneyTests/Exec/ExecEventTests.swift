import StetJSON
import StetTestSupport
import Testing

/// `stet exec --json` says what Codex's says, in its words and its order.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ExecEventTests {
  @Test("X1: a text answer is four events; the answer is the turn's only item")
  func x1_text() async throws {
    let house = ExecHouse(
      .respond([.reasoning("**Look**"), .text("done")], usage: .init(input: 120, cached: 20, output: 30)))
    let run = try await house.exec("--json", "say it")
    #expect(run.code == 0)
    let thread = try #require(try run.events.first)
    #expect(thread["type"] == "thread.started")
    #expect(thread["thread_id"]?.stringValue?.count == 36)
    #expect(try run.items("reasoning").map { $0["text"] } == ["**Look**"])
    #expect(try run.items("agent_message").map { $0["text"] } == ["done"])
    #expect(
      try run.events.last
        == [
          "type": "turn.completed",
          "usage": [
            "input_tokens": 120, "cached_input_tokens": 20, "cache_write_input_tokens": 0,
            "output_tokens": 30, "reasoning_output_tokens": 0,
          ],
        ])
    #expect(run.output.hasSuffix("}\n") && !run.output.contains("\u{1B}"))
  }

  @Test("X1: a command starts and completes under one id, with Codex's members in their order")
  func x1_command() async throws {
    let house = ExecHouse(.call("exec_command", ["cmd": "echo hi; exit 3"]), .text("done"))
    let run = try await house.exec("--json", "-s", "danger-full-access", "go")
    #expect(run.code == 0)
    let started = try #require(try run.items("command_execution", "item.started").first)
    let completed = try #require(try run.items("command_execution").first)
    let id = try #require(started["id"]?.stringValue)
    #expect(id.hasPrefix("item_"))
    let command = try #require(started["command"]?.stringValue)
    #expect(command.hasSuffix("c 'echo hi; exit 3'"))
    #expect(
      started.text
        == #"{"id":"\#(id)","type":"command_execution","command":"\#(command)","aggregated_output":"","exit_code":null,"status":"in_progress"}"#
    )
    #expect(
      completed.text
        == #"{"id":"\#(id)","type":"command_execution","command":"\#(command)","aggregated_output":"hi\n","exit_code":3,"status":"failed"}"#
    )
  }

  @Test("X1: an edit is a file_change that lands without review, though the configuration asks for one")
  func x1_fileChange() async throws {
    let house = ExecHouse(
      .call("write", ["path": "new.txt", "content": "one\ntwo\n"]), .text("done"),
      settings: "edit_review = \"ask\"")
    let run = try await house.exec("--json", "--full-auto", "go")
    #expect(run.code == 0)
    #expect(house.work.text("new.txt") == "one\ntwo\n")
    let change: JSONValue = [["path": .string(house.work.path("new.txt")), "kind": "add"]]
    #expect(try run.items("file_change", "item.started").map { $0["status"] } == ["in_progress"])
    #expect(try run.items("file_change").map { $0["changes"] } == [change])
    #expect(try run.items("file_change").map { $0["status"] } == ["completed"])
  }

  @Test("X1: a plan is one todo_list: started, updated, and completed before the turn is")
  func x1_todoList() async throws {
    func plan(_ one: String, _ two: String) -> FakeModel.Step {
      .call(
        "update_plan",
        ["plan": [["step": "one", "status": .string(one)], ["step": "two", "status": .string(two)]]])
    }
    let house = ExecHouse(plan("in_progress", "pending"), plan("completed", "in_progress"), .text("done"))
    let run = try await house.exec("--json", "go")
    let lists = try ["item.started", "item.updated", "item.completed"].flatMap {
      try run.items("todo_list", $0)
    }
    #expect(lists.count == 3 && Set(lists.compactMap { $0["id"]?.stringValue }).count == 1)
    #expect(
      lists.last?["items"] == [["text": "one", "completed": true], ["text": "two", "completed": false]])
    #expect(try run.names.suffix(2) == ["item.completed", "turn.completed"])
  }

  @Test("X1: a failing request is an error event and a failed turn, with the same words and exit code 1")
  func x1_failure() async throws {
    let house = ExecHouse(.status(400, body: #"{"error":{"message":"no such thing"}}"#))
    let run = try await house.exec("--json", "go")
    #expect(run.code == 1)
    #expect(try run.names.suffix(2) == ["error", "turn.failed"])
    let message = try #require(try run.events.last?["error"]?["message"]?.stringValue)
    #expect(message.contains("no such thing"))
    #expect(run.log.contains("no such thing"))
  }

  @Test("X1: what the TypeScript SDK passes is taken as it passes it")
  func x1_typeScriptSDK() async throws {
    let house = ExecHouse(.text("{}"), .text(#"{"a":"again"}"#))
    house.work.write("schema.json", #"{"type":"object"}"#)
    house.work.write("pixel.png", bytes: Self.pixel)
    house.work.makeDirectory("beside")
    let options = [
      "--experimental-json", "--config", #"model_reasoning_summary="none""#, "--model", FakeModel.modelName,
      "--sandbox", "workspace-write", "--cd", house.work.path, "--add-dir", house.work.path("beside"),
      "--skip-git-repo-check", "--output-schema", house.work.path("schema.json"), "--config",
      #"model_reasoning_effort="high""#, "--config", "sandbox_workspace_write.network_access=true",
      "--config",
      #"web_search="disabled""#, "--config", #"approval_policy="never""#,
    ]
    let first = try await house.result(of: house.start(options, input: .pipe, "/"), "from the SDK")
    #expect(first.code == 0)
    #expect(try house.lastUserText() == "from the SDK")
    let thread = try #require(try first.events.first?["thread_id"]?.stringValue)
    #expect(house.model.requests.first?["text"]?["format"]?["name"] == "codex_output_schema")

    let image = ["--image", house.work.path("pixel.png")]
    let second = try await house.result(
      of: house.start(options + ["resume", thread] + image, input: .pipe, "/"), "and on")
    #expect(second.code == 0)
    #expect(try second.events.first?["thread_id"]?.stringValue == thread)
    #expect(try second.items("agent_message").map { $0["text"] } == [#"{"a":"again"}"#])
    #expect(try house.lastUserText(1).contains("and on"))
    #expect(house.model.requests.last?.text.contains("data:image/png;base64") == true)
  }

  @Test("X1: the SDK's key and endpoint are taken from its variables") func x1_sdkVariables() async throws {
    let house = ExecHouse(.text("done"))
    let session = try house.start(
      ["--experimental-json", "--config", #"model_provider="openai""#, "go"], house.work.path,
      ["CODEX_API_KEY": "sdk-key", "OPENAI_BASE_URL": house.model.url])
    #expect(try await house.result(of: session).code == 0)
    let headers = try #require(house.model.requestHeaders.first)
    #expect("\(headers)".contains("Bearer sdk-key"))
  }

  /// The smallest PNG: one grey pixel.
  private static let pixel: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0,
    0, 1,
    8, 0, 0, 0, 0, 0x3A, 0x7E, 0x9B, 0x55, 0, 0, 0, 0x0A, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x68, 0,
    0, 0,
    0x82, 0, 0x81, 0x77, 0xCD, 0x72, 0xB6, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
  ]
}
