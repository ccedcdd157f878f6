import Glibc
import StetJSON
import StetProcess
import StetServer
import StetTestSupport
import Testing

/// Issue 9: MCP servers that others wrote, as they come from the package index, over stdio and HTTP.
@Suite(.timeLimit(.minutes(10)), .enabled(if: RealMCPServers.folder != nil, RealMCPServers.skipReason))
struct RealMCPTests {
  private let place = TempDirectory("server")

  private func sdk(_ arguments: String..., more: String = "") -> String {
    let script = place.write("sdk.py", RealMCPServers.sdk)
    return RealMCPServers.table("sdk", "python", [script] + arguments, more: more)
  }

  private func text(
    _ client: TestClient, _ thread: String, _ server: String, _ tool: String, _ arguments: JSONValue = [:]
  )
    async throws -> String
  {
    let result = try await client.call(
      "mcpServer/tool/call",
      ["threadId": .string(thread), "server": .string(server), "tool": .string(tool), "arguments": arguments])
    return result["content"]?[0]?["text"]?.stringValue ?? ""
  }

  private func row(_ client: TestClient, _ thread: String) async throws -> JSONValue {
    try await client.call("mcpServerStatus/list", ["threadId": .string(thread)])["data"]?[0] ?? .null
  }

  /// Looks at the server until there is what is looked for; the time limit of the suite ends it.
  private func until<Value>(_ client: TestClient, _ thread: String, _ look: (JSONValue) -> Value?)
    async throws -> Value
  {
    while true {
      if let found = look(try await row(client, thread)) { return found }
    }
  }

  /// What the messages of a request say.
  private func told(_ house: ModelHouse, _ request: Int) -> String {
    (house.model.requests[request]["input"]?.arrayValue ?? []).compactMap {
      $0["content"]?[0]?["text"]?.stringValue
    }.joined(separator: "\n")
  }

  @Test("issue 9: the time, git and fetch servers of PyPI work behind the walls, side by side")
  func threeServers() async throws {
    let house = ModelHouse([
      .call("mcp__time__get_current_time", ["timezone": "Etc/UTC"]), .text("done"),
    ])
    house.work.write("a.txt", "a")
    let repository = try TempRepository(in: house.work)
    house.addTable(
      RealMCPServers.table("time", "mcp-server-time") + RealMCPServers.table("git", "mcp-server-git")
        + RealMCPServers.table("fetch", "mcp-server-fetch", more: "sandbox = \"network\""))
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    let status = try await text(client, thread, "git", "git_status", ["repo_path": .string(house.work.path)])
    #expect(status.contains("a.txt"))
    let page = try await text(client, thread, "fetch", "fetch", ["url": "http://127.0.0.1:1/page"])
    #expect(page.contains("Refused to fetch"), "it asks for nothing of this machine, and says so")
    _ = try await text(client, thread, "time", "get_current_time", ["timezone": "Etc/UTC"])
    #expect(try await client.turn(thread, "what time is it")["status"] == "completed")
    #expect(house.outputs(1)["call_0001_0"]?.stringValue?.contains("Etc/UTC") == true)
    let names = house.tools(0).filter { $0.hasPrefix("mcp__") }
    #expect(names == names.sorted() && names.contains("mcp__git__git_status"))
    _ = repository
    await server.shutdown()
  }

  @Test(
    "issue 9, M1: a server of the official SDK: tools, progress, resources, templates, its words in the log",
    arguments: ["stdio", "http"])
  func sdk(_ transport: String) async throws {
    let house = ModelHouse([
      .call("mcp__sdk__add", ["a": 20, "b": 3]), .call("mcp__sdk__work", [:]),
      .calls(
        ("list_mcp_resources", [:]), ("list_mcp_resource_templates", ["server": "sdk"]),
        ("read_mcp_resource", ["server": "sdk", "uri": "note://tuesday"])),
      .text("done"),
    ])
    var far: ProcessSession?
    defer { far?.signal(SIGKILL) }
    if transport == "http" {
      let script = place.write("sdk.py", RealMCPServers.sdk)
      far = try ProcessSession.start(
        Command(
          argv: ["\(RealMCPServers.folder ?? "")/bin/python", script, "http", place.path], cwd: place.path,
          environment: ["PATH": "/usr/bin:/bin"], errors: .discarded))
      let port = try await eventually("the port is told") { place.text("port") }
      house.addTable(
        """
        [mcp_servers.sdk]
        url = "http://127.0.0.1:\(port)/mcp"
        default_tools_approval_mode = "approve"
        """)
      let http = try await eventually("it listens") {
        Self.listens(Int(port) ?? 0) ? true : nil
      }
      #expect(http)
    } else {
      house.addTable(sdk("stdio", place.path))
    }
    let server = house.server()
    let client = try await house.connect(server, stet: ["version": 1])
    let thread = try await client.thread()
    #expect(await client.note("mcpServer/startupStatus/updated", 2)["status"] == "ready")
    #expect(try await client.turn(thread, "go")["status"] == "completed")
    #expect(house.outputs(1).values.first?.text.contains("23") == true)
    #expect(client.notes("item/mcpToolCall/progress").first?["message"] == "half")
    let read = house.outputs(3).values.map(\.text).joined(separator: "\n")
    for words in ["note://today", "note://{day}", "nothing on tuesday"] { #expect(read.contains(words)) }
    let log = try await until(client, thread) { row -> String? in
      let lines = row["stet"]?["log"]?.arrayValue ?? []
      let text = lines.compactMap(\.stringValue).joined(separator: "\n")
      return text.contains("worked") ? text : nil
    }
    #expect(log.contains("info: worked hard") && !log.contains("\u{1B}"))
    if transport == "stdio" { #expect(log.contains("sdk: begins")) }
    await server.shutdown()
  }

  @Test(
    "issue 9, M2, P2: a server that is slow to start holds up no turn, and is announced and reached when it is there"
  )
  func slow() async throws {
    let house = ModelHouse([
      .text("without it"), .call("call_tool", ["name": "mcp__sdk__add", "arguments": ["a": 1, "b": 1]]),
      .text("2"),
    ])
    house.addTable(sdk("stdio", place.path, "slow"))
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    #expect(try await client.turn(thread, "a")["status"] == "completed")
    #expect(client.notes("mcpServer/startupStatus/updated").count == 1)
    #expect(try await row(client, thread)["runtimeStatus"] == "starting", "it is listed at once")
    place.write("go", "")
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    try await client.turn(thread, "b")
    #expect(told(house, 1).contains("mcp__sdk__add"))
    #expect(client.items("mcpToolCall").last?["status"] == "completed")
    #expect(house.model.requests[2]["tools"] == house.model.requests[0]["tools"])
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  @Test("issue 9, M7: a server that crashes is started again; its last words are in its log")
  func crashes() async throws {
    let house = ModelHouse([
      .call("mcp__sdk__die", [:]), .call("mcp__sdk__add", ["a": 2, "b": 2]), .text("done"),
    ])
    house.addTable(sdk("stdio", place.path))
    let server = house.server()
    let client = try await house.connect(server, stet: ["version": 1])
    let thread = try await client.thread()
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    #expect(try await client.turn(thread, "a")["status"] == "completed")
    #expect(client.items("mcpToolCall").map { $0["status"] } == ["failed", "completed"])
    #expect(try await row(client, thread)["stet"]?.text.contains("sdk: I die") == true)
    #expect(!told(house, 2).contains("I die"))
    await server.shutdown()
  }

  @Test("issue 9, P2: a server that changes its tools: what came and what went is announced, the list stays")
  func changes() async throws {
    let house = ModelHouse([
      .call("mcp__sdk__grow", [:]), .text("1"),
      .calls(
        ("mcp__sdk__add", ["a": 1, "b": 1]), ("call_tool", ["name": "mcp__sdk__late", "arguments": [:]])),
      .text("2"),
    ])
    house.addTable(sdk("stdio", place.path))
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    _ = await client.note("mcpServer/startupStatus/updated", 2)
    try await client.turn(thread, "a")
    _ = try await until(client, thread) { $0["tools"]?["late"] }
    try await client.turn(thread, "b")
    let words = told(house, 2)
    #expect(words.contains("call_tool: mcp__sdk__late") && words.contains("gone: mcp__sdk__add"))
    #expect(client.items("mcpToolCall").map { $0["status"] } == ["completed", "completed"])
    #expect(house.outputs(3).values.contains { $0.text.contains("unsupported call: mcp__sdk__add") })
    #expect(house.model.requests[3]["tools"] == house.model.requests[0]["tools"])
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  /// Whether a port of this machine takes connections.
  private static func listens(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
