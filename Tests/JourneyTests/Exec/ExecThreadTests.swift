import StetJSON
import StetProcess
import StetTestSupport
import Testing

/// Stored threads and the options that change what a run is.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct ExecThreadTests {
  @Test("X5: resume --last continues the newest thread of this directory on the same prefix")
  func x5_resumeLast() async throws {
    let house = ExecHouse(.text("one"), .text("elsewhere"), .text("two"))
    let other = house.work.makeDirectory("other")
    let first = try await house.exec("--json", "first words")
    _ = try await house.exec("--json", "other words", directory: other)
    let last = try await house.exec("--json", "resume", "--last", "second words")
    #expect(last.code == 0)
    #expect(try last.events.first == first.events.first)
    let (before, after) = (house.model.requests[0], house.model.requests[2])
    let items = try #require(before["input"]?.arrayValue)
    let later = try #require(after["input"]?.arrayValue)
    #expect(Array(later.prefix(items.count)) == items)
    #expect(before["tools"] == after["tools"])
    #expect(house.model.invariantViolations.isEmpty)
    // The usage is the turn's, not the thread's.
    let tokens = try #require(try last.events.last?["usage"]?["output_tokens"]?.intValue)
    #expect(try tokens == first.events.last?["usage"]?["output_tokens"]?.intValue)
  }

  @Test(
    "X5: no thread is no fresh one",
    arguments: ["--last", "no such name", "0199a213-0000-7000-8000-000000000000"])
  func x5_unknown(_ name: String) async throws {
    let house = ExecHouse()
    let run = try await house.exec("--json", "resume", name, "go")
    #expect(run.code == 1)
    #expect(try run.names == ["error"])
    #expect(house.model.requests.isEmpty)
  }

  @Test("X9: a thread that exec began is one of the app-server's") func x9_sharedThread() async throws {
    let house = ExecHouse(.text("the answer"))
    let run = try await house.exec("--json", "the question")
    let thread = try #require(try run.events.first?["thread_id"]?.stringValue)
    let lines = [
      #"{"id":1,"method":"initialize","params":{"clientInfo":{"name":"test","version":"1"}}}"#,
      #"{"method":"initialized"}"#,
      #"{"id":2,"method":"thread/resume","params":{"threadId":"\#(thread)"}}"#,
      #"{"id":3,"method":"thread/list","params":{}}"#,
      #"{"id":4,"method":"thread/list","params":{"sourceKinds":["exec"]}}"#,
    ]
    let server = try await ProcessSession.run(
      Command(
        argv: [Program.folder + "/stet", "app-server"], cwd: house.work.path,
        environment: Program.environment(home: house.house.home), stdin: .pipe, errors: .separate),
      input: Array((lines.joined(separator: "\n") + "\n").utf8))
    let answers = try String(decoding: server.output, as: UTF8.self).split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    let resumed = try #require(answers.first { $0["id"] == 2 }?["result"]?["thread"])
    #expect(resumed["preview"] == "the question")
    #expect(resumed["source"] == "exec")
    // As Codex lists them: those of exec only where they are asked for.
    func listed(_ id: JSONValue) -> [JSONValue?]? {
      answers.first { $0["id"] == id }?["result"]?["data"]?.arrayValue?.map { $0["id"] }
    }
    #expect(listed(3) == [] && listed(4) == [.string(thread)])
    #expect(resumed["turns"]?[0]?.text.contains("the answer") == true)
  }

  @Test("X6: a schema goes to the model as Codex sends it, and the answer is the output")
  func x6_outputSchema() async throws {
    let house = ExecHouse(.text(#"{"a":"x"}"#))
    let schema =
      #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#
    house.work.write("schema.json", schema)
    let run = try await house.exec("--output-schema", "schema.json", "-o", "answer.json", "go")
    #expect(run.code == 0)
    #expect(run.output == #"{"a":"x"}"# + "\n")
    #expect(house.work.text("answer.json") == #"{"a":"x"}"#)
    let format = try #require(house.model.requests.first?["text"]?["format"])
    #expect(format["type"] == "json_schema" && format["strict"] == true)
    #expect(try format["schema"] == JSONValue(parsing: schema))
  }

  @Test(
    "X6: an answer that does not follow the schema of a provider without json_schema is exit status 1, with the reason"
  )
  func x6_localSchema() async throws {
    let house = ExecHouse(.text("no"), .text("no"), .text("no"))
    house.house.home.write("models.toml", "[providers.mock]\njson_schema = false\n")
    house.work.write("schema.json", #"{"type":"object"}"#)
    let run = try await house.exec("--output-schema", "schema.json", "go")
    #expect(run.code == 1)
    #expect(run.log.contains("does not follow the output schema, also after 2 corrections"))
    #expect(house.model.requests.count == 3)
  }

  @Test("X6: a provider that breaks its promise of json_schema is corrected twice, then it is exit status 1")
  func x6_brokenPromise() async throws {
    let house = ExecHouse(.text("no"), .text("no"), .text("no"))
    house.work.write("schema.json", #"{"type":"object"}"#)
    let run = try await house.exec("--output-schema", "schema.json", "go")
    #expect(run.code == 1)
    #expect(run.log.contains("does not follow the output schema, also after 2 corrections"))
    #expect(house.model.requests.count == 3)
    #expect(house.model.requests.allSatisfy { $0["text"]?["format"]?["type"] == "json_schema" })
  }

  @Test("X3: where nothing listens the run ends by itself, with status 1, the address and what to do")
  func x3_nothingListens() async throws {
    let house = ExecHouse(.text("never"), provider: "stream_max_retries = 1")
    house.model.stop()
    let run = try await house.exec("go")
    #expect(run.code == 1)
    #expect(run.log.contains("Nothing listens at \(house.model.url)"))
    #expect(run.log.contains("Start the model server"))
    #expect(run.log.contains("Reconnecting... 1/1"))
  }

  @Test("X6: the answer's file is kept as it was when the turn fails")
  func x6_answerFileOfFailedTurn() async throws {
    let house = ExecHouse(.status(400))
    house.work.write("answer", "before")
    #expect(try await house.exec("-o", "answer", "go").code == 1)
    #expect(house.work.text("answer") == "before")
    #expect(house.work.names(".") == ["answer"])
  }

  @Test("X6: an ephemeral run leaves no thread") func x6_ephemeral() async throws {
    let house = ExecHouse(.text("gone"), .text("no"))
    #expect(try await house.exec("--ephemeral", "go").output == "gone\n")
    #expect(try await house.exec("resume", "--last", "go on").code == 1)
  }

  @Test("X6: resume --ephemeral answers with the thread's history and leaves the thread as it was")
  func x6_ephemeralResume() async throws {
    let house = ExecHouse(.text("one"), .text("two"), .text("three"))
    #expect(try await house.exec("first words").code == 0)
    let run = try await house.exec("resume", "--last", "--ephemeral", "second words")
    #expect(run.code == 0 && run.output == "two\n")
    #expect(house.model.requests[1].text.contains("first words"))
    #expect(try await house.exec("resume", "--last", "third words").code == 0)
    #expect(house.model.requests[2].text.contains("first words"))
    #expect(!house.model.requests[2].text.contains("second words"))
  }

  @Test(
    "X3: an option that would have no effect is wrong usage",
    arguments: [
      (["review", "--output-schema", "schema.json"], "--output-schema"),
      (["review", "-i", "picture.png"], "--image"),
      (["fork", "--last", "-o", "answer"], "--output-last-message"),
      (["fork", "--last", "--output-schema", "schema.json"], "--output-schema"),
      (["fork", "--last", "--ephemeral"], "--ephemeral"),
    ])
  func x3_noEffect(_ arguments: [String], _ word: String) async throws {
    let house = ExecHouse()
    house.work.write("schema.json", #"{"type":"object"}"#)
    house.work.write("picture.png", "x")
    let run = try await house.result(of: house.start(arguments))
    #expect(run.code == 2)
    #expect(run.log.contains(word))
    #expect(run.output.isEmpty && house.model.requests.isEmpty && !house.work.exists("answer"))
  }

  @Test("X5: what -c says by name counts for a thread that is resumed")
  func x5_overrides() async throws {
    let house = ExecHouse(.text("one"), .text("two"))
    #expect(try await house.exec("-c", "model_reasoning_effort=low", "go").code == 0)
    let run = try await house.exec("-c", "model_reasoning_effort=high", "resume", "--last", "go on")
    #expect(run.code == 0)
    #expect(house.model.requests.map { $0["reasoning"]?["effort"] } == ["low", "high"])
  }

  @Test("The answer is all of standard output; the rest is the log, without colours")
  func answerAndLog() async throws {
    let house = ExecHouse(
      .respond([.text("I look."), .call("exec_command", ["cmd": #"printf 'a\033[31mb\033[0m\n'; exit 4"#])]),
      .call("write", ["path": "new.txt", "content": "one\ntwo\n"]), .text("All is well."))
    let run = try await house.exec("--sandbox", "danger-full-access", "go")
    #expect(run.code == 0)
    #expect(run.output == "All is well.\n")
    #expect(!run.log.contains("\u{1B}") && !run.log.contains("All is well."))
    for part in ["I look.", "$ printf", "\nab\n", "exit 4", "add new.txt  +2 -0", "tokens: ", "no sandbox"] {
      #expect(run.log.contains(part), "\(part) is missing in:\n\(run.log)")
    }
  }
}
