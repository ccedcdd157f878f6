import FoundationEssentials
import StetJSON
import StetProtocol
import Testing

/// `process/*` with real processes.
@Suite struct ProcessMethodTests {
  let house = RealServer()

  private func spawn(_ client: TestClient, _ handle: String, _ script: String, _ more: JSONObject = [:])
    async throws
  {
    var params = more
    params["processHandle"] = .string(handle)
    params["command"] = ["sh", "-c", .string(script)]
    params["cwd"] = .string(house.work.path)
    #expect(try await client.call("process/spawn", .object(params)) == [:])
  }

  @Test("the answer comes at once, the exit with all output later")
  func exited() async throws {
    let client = try await house.client()
    try await spawn(client, "h", "echo hi; echo no >&2; exit 2")
    #expect(
      await client.note("process/exited") == [
        "processHandle": "h", "exitCode": 2, "stdout": "hi\n", "stdoutCapReached": false, "stderr": "no\n",
        "stderrCapReached": false,
      ])
    // The handle is free again.
    try await spawn(client, "h", "yes | head -c 5000", ["outputBytesCap": 100])
    let second = await client.note("process/exited", 2)
    #expect(second["stdout"]?.stringValue?.count == 100 && second["stdoutCapReached"] == true)
  }

  @Test("input, deltas, kill")
  func kill() async throws {
    let client = try await house.client()
    try await spawn(
      client, "h", "exec cat", ["streamStdin": true, "streamStdoutStderr": true, "timeoutMs": .null])
    try await client.call("process/writeStdin", ["processHandle": "h", "deltaBase64": "aGkK"])
    #expect(
      await client.note("process/outputDelta")
        == ["processHandle": "h", "stream": "stdout", "deltaBase64": "aGkK", "capReached": false])
    try await client.call("process/kill", ["processHandle": "h"])
    let exited = await client.note("process/exited")
    #expect(exited["exitCode"] == 137 && exited["stdout"] == "")
    let gone = await client.error("process/kill", ["processHandle": "h"])
    #expect(gone?.message == "no active process for handle \"h\"")
  }

  @Test("a terminal takes another size while the process runs")
  func resize() async throws {
    let client = try await house.client()
    try await spawn(
      client, "h", "read line; stty size", ["tty": true, "size": ["rows": 10, "cols": 20]])
    #expect(
      try await client.call(
        "process/resizePty", ["processHandle": "h", "size": ["rows": 33, "cols": 77]]) == [:])
    try await client.call("process/writeStdin", ["processHandle": "h", "deltaBase64": "Cg=="])
    _ = await client.note("process/exited")
    let output = client.notes("process/outputDelta").compactMap { $0["deltaBase64"]?.stringValue }
      .compactMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }.joined()
    #expect(output.contains("33 77"), "\(output)")
    let gone = await client.error(
      "process/resizePty", ["processHandle": "h", "size": ["rows": 1, "cols": 1]])
    #expect(gone?.message == "no active process for handle \"h\"")
  }

  @Test("what can't start is an error, and its handle is free")
  func faults() async throws {
    let client = try await house.client()
    func error(_ command: JSONValue, cwd: String) async -> Int? {
      await client.error("process/spawn", ["processHandle": "h", "command": command, "cwd": .string(cwd)])?
        .code
    }
    #expect(await error(["/nonexistent/x"], cwd: "/") == RPCError.internalErrorCode)
    #expect(await error(["true"], cwd: house.work.path("none")) == RPCError.internalErrorCode)
    #expect(await error(["true"], cwd: "rel") == RPCError.invalidRequestCode)
    #expect(await error([], cwd: "/") == RPCError.invalidRequestCode)
    try await spawn(client, "h", "true")
    let plain = try await house.client(experimental: false)
    let gated = await plain.error("process/kill", ["processHandle": "h"])
    #expect(gated?.message == "process/kill requires experimentalApi capability")
  }
}
