import FoundationEssentials
import Glibc
import StetJSON
import StetProtocol
import StetTestSupport
import Testing

/// `command/exec*` with real processes. Without walls, so that it is the command that is looked at.
@Suite struct CommandExecTests {
  let house = RealServer(
    config: "sandbox_mode = \"danger-full-access\"\n",
    environment: ["PLAIN": "seen", "MY_TOKEN": "hidden", "OTHER": "inherited"])

  private func exec(_ command: [String], _ more: JSONObject = [:]) -> JSONValue {
    var params = more
    params["command"] = .array(command.map(JSONValue.string))
    return .object(params)
  }

  private func sh(_ script: String, _ more: JSONObject = [:]) -> JSONValue {
    exec(["sh", "-c", script], more)
  }

  private func base64(_ text: String) -> JSONValue { .string(Data(text.utf8).base64EncodedString()) }

  /// The streamed output of a process so far, as text.
  private func streamed(_ client: TestClient, _ stream: JSONValue = "stdout") -> String {
    client.notes("command/exec/outputDelta").filter { $0["stream"] == stream }
      .compactMap { $0["deltaBase64"]?.stringValue.flatMap { Data(base64Encoded: $0) } }
      .map { String(decoding: $0, as: UTF8.self) }.joined()
  }

  private func error(_ client: TestClient, _ params: JSONValue, method: String = "command/exec") async
    -> String
  {
    guard let error = await client.error(method, params) else { return "no error" }
    return "\(error.code) \(error.message)"
  }

  @Test("argv without a shell, exit code, both streams apart")
  func buffered() async throws {
    let client = try await house.client()
    #expect(
      try await client.call("command/exec", sh("echo out; echo err >&2; exit 3"))
        == ["exitCode": 3, "stdout": "out\n", "stderr": "err\n"])
    #expect(
      try await client.call("command/exec", exec(["echo", "$HOME; a  b", "*"]))["stdout"] == "$HOME; a  b *\n"
    )
    #expect(try await client.call("command/exec", exec(["pwd"]))["stdout"] == .string(house.work.path + "\n"))
    house.work.makeDirectory("sub")
    #expect(
      try await client.call("command/exec", exec(["pwd"], ["cwd": "sub"]))["stdout"]
        == .string(house.work.path("sub\n")))
  }

  @Test("S8: the server's variables less those that look secret, then the client's own; null unsets")
  func s8_environment() async throws {
    let client = try await house.client()
    let params = exec(["env"], ["env": ["SET_KEY": "mine", "OTHER": .null]])
    let output = try #require(try await client.call("command/exec", params)["stdout"]?.stringValue)
    let lines = output.split(separator: "\n")
    #expect(lines.contains("PLAIN=seen") && lines.contains("SET_KEY=mine"))
    #expect(!lines.contains { $0.hasPrefix("MY_TOKEN") || $0.hasPrefix("OTHER") })
  }

  @Test("contradictions and ids are checked before anything runs")
  func checks() async throws {
    let client = try await house.client()
    #expect(await error(client, exec([])) == "-32600 command must not be empty")
    #expect(
      await error(client, exec(["true"], ["timeoutMs": 5, "disableTimeout": true]))
        == "-32602 command/exec cannot set both timeoutMs and disableTimeout")
    #expect(
      await error(client, exec(["true"], ["outputBytesCap": 5, "disableOutputCap": true]))
        == "-32602 command/exec cannot set both outputBytesCap and disableOutputCap")
    #expect(
      await error(client, exec(["cat"], ["streamStdin": true]))
        == "-32600 command/exec tty or streaming requires a client-supplied processId")
    #expect(
      await error(client, exec(["cat"], ["size": ["rows": 1, "cols": 1]]))
        == "-32602 command/exec size requires tty: true")
    #expect(await error(client, exec(["cat"], ["timeoutMs": -1])).hasPrefix("-32602"))
    #expect(
      await error(client, ["processId": "zz", "deltaBase64": "eA=="], method: "command/exec/write")
        == "-32600 no active command/exec for process id \"zz\"")
    #expect(
      await error(client, ["processId": "zz"], method: "command/exec/terminate")
        == "-32600 no active command/exec for process id \"zz\"")
  }

  @Test("a missing program is a non-zero exit, not an error")
  func missing() async throws {
    let client = try await house.client()
    for program in ["/nonexistent/x", "no-such-program-here"] {
      let result = try await client.call("command/exec", exec([program]))
      #expect(result["exitCode"] == 127)
      #expect(result["stderr"]?.stringValue?.isEmpty == false)
    }
  }

  @Test("the time limit ends the command with exit code 124")
  func timeLimit() async throws {
    let client = try await house.client()
    let result = try await client.call("command/exec", exec(["sleep", "600"], ["timeoutMs": 50]))
    #expect(result["exitCode"] == 124)
  }

  @Test("the cap holds for each stream, buffered and streamed")
  func cap() async throws {
    let client = try await house.client()
    let script = "yes | head -c 100000; echo error >&2"
    let result = try await client.call("command/exec", sh(script, ["outputBytesCap": 1000]))
    #expect(result["stdout"]?.stringValue?.utf8.count == 1000)
    #expect(result["stderr"]?.stringValue?.hasSuffix("error\n") == true)
    let streamedResult = try await client.call(
      "command/exec", sh(script, ["outputBytesCap": 1000, "processId": "c", "streamStdoutStderr": true]))
    #expect(streamedResult == ["exitCode": 0, "stdout": "", "stderr": ""])
    #expect(streamed(client).utf8.count == 1000)
    let flags = client.notes("command/exec/outputDelta").filter { $0["stream"] == "stdout" }
      .map { $0["capReached"] }
    #expect(flags.last == true && flags.dropLast().allSatisfy { $0 == false })
  }

  @Test("input streams in, deltas come out before the result and are not repeated in it")
  func streaming() async throws {
    let client = try await house.client()
    let run = client.ask(
      "command/exec",
      exec(
        ["cat"],
        ["processId": "p", "streamStdin": true, "streamStdoutStderr": true, "disableTimeout": true]))
    // At once: it waits for the start.
    try await client.call("command/exec/write", ["processId": "p", "deltaBase64": base64("hello\n")])
    _ = await client.note("command/exec/outputDelta")
    #expect(
      await error(client, exec(["cat"], ["processId": "p"]))
        == "-32600 duplicate active command/exec process id: \"p\"")
    let big = String(repeating: "0123456789abcdef", count: 200_000)
    client.ask("command/exec/write", ["processId": "p", "deltaBase64": base64(big), "closeStdin": true])
    let result = try await client.response(to: run).get()
    #expect(result == ["exitCode": 0, "stdout": "", "stderr": ""])
    // The default cap.
    #expect(streamed(client) == String(("hello\n" + big).prefix(1 << 20)))
    #expect(
      client.order.lastIndex(of: "command/exec/outputDelta").map {
        $0 < client.order.lastIndex(of: "#\(run)") ?? 0
      }
        == true)
  }

  @Test("writes that can't be taken are told")
  func badWrites() async throws {
    let client = try await house.client()
    let run = client.ask(
      "command/exec", exec(["cat"], ["processId": "p", "streamStdin": true, "disableTimeout": true]))
    #expect(
      await error(client, ["processId": "p"], method: "command/exec/write")
        == "-32602 command/exec write requires deltaBase64 or closeStdin")
    #expect(
      await error(client, ["processId": "p", "deltaBase64": "!"], method: "command/exec/write")
        .hasPrefix("-32602 invalid deltaBase64: "))
    #expect(
      await error(client, ["processId": "p", "size": ["rows": 1, "cols": 1]], method: "command/exec/resize")
        .hasPrefix("-32600 command/exec has no terminal"))
    try await client.call("command/exec/write", ["processId": "p", "closeStdin": true])
    _ = try await client.response(to: run).get()
    let plain = client.ask(
      "command/exec", exec(["sleep", "600"], ["processId": "q", "disableTimeout": true]))
    #expect(
      await error(client, ["processId": "q", "deltaBase64": "eA=="], method: "command/exec/write")
        == "-32600 stdin streaming is not enabled for this command/exec")
    try await client.call("command/exec/terminate", ["processId": "q"])
    _ = try await client.response(to: plain).get()
  }

  @Test("a terminal has the size it is given, also a new one, and answers on stdout")
  func terminal() async throws {
    let client = try await house.client()
    let script = "stty size; read x; stty size; echo err >&2; exec sleep 600"
    let run = client.ask(
      "command/exec",
      sh(
        script,
        ["processId": "t", "tty": true, "size": ["rows": 10, "cols": 40], "disableTimeout": true]))
    var count = 0
    func output(contains text: String) async {
      while streamed(client).firstRange(of: text) == nil {
        count += 1
        _ = await client.note("command/exec/outputDelta", count)
      }
    }
    await output(contains: "10 40\r\n")
    try await client.call("command/exec/resize", ["processId": "t", "size": ["rows": 20, "cols": 80]])
    try await client.call("command/exec/write", ["processId": "t", "deltaBase64": base64("\n")])
    await output(contains: "20 80\r\n")
    await output(contains: "err")
    try await client.call("command/exec/terminate", ["processId": "t"])
    let result = try await client.response(to: run).get()
    #expect(result["exitCode"] != 0 && result["stdout"] == "")
    #expect(await error(client, ["processId": "t"], method: "command/exec/terminate").hasPrefix("-32600"))
  }

  @Test("ids are the connection's own, and its end ends its commands")
  func disconnect() async throws {
    let client = try await house.client()
    let other = try await house.client()
    let script = "echo $$; trap '' TERM; while :; do sleep 1; done"
    for each in [client, other] {
      each.ask(
        "command/exec", sh(script, ["processId": "p", "streamStdoutStderr": true, "disableTimeout": true]))
    }
    _ = await client.note("command/exec/outputDelta")
    _ = await other.note("command/exec/outputDelta")
    let pid = try #require(Int32(streamed(client).dropLast()))
    let otherPid = try #require(Int32(streamed(other).dropLast()))
    client.transport.close()
    await client.closed()
    try await eventually("the process is gone") { kill(pid, 0) == 0 ? nil : () }
    #expect(kill(otherPid, 0) == 0)
    await house.server.shutdown()
    #expect(kill(otherPid, 0) != 0)
  }

  @Test("the sandbox is the one that is asked for, else the user's")
  func sandbox() async throws {
    let client = try await house.client()
    func touch(_ name: String, _ more: JSONObject) async throws -> Bool {
      _ = try await client.call("command/exec", exec(["touch", house.work.path(name)], more))
      return house.work.exists(name)
    }
    #expect(try await touch("a", [:]))
    #expect(try await !touch("b", ["sandboxPolicy": ["type": "readOnly"]]))
    #expect(try await !touch("c", ["permissionProfile": ":read-only"]))
    #expect(try await touch("d", ["sandboxPolicy": ["type": "workspaceWrite"]]))
    let both = exec(["true"], ["permissionProfile": ":read-only", "sandboxPolicy": ["type": "readOnly"]])
    #expect(await error(client, both).hasPrefix("-32600"))
    #expect(await error(client, exec(["true"], ["permissionProfile": "x"])).hasPrefix("-32600"))
  }
}
