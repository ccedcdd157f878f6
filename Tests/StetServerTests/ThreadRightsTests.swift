import StetJSON
import StetProtocol
import StetServer
import StetTestSupport
import Testing

/// `permissions`, `sandbox` and what else a call changes of a thread that begins or comes back (protocol.md §2, §3).
@Suite struct ThreadRightsTests {
  private let profiles: [(id: String, type: String)] = [
    (":read-only", "readOnly"), (":workspace", "workspaceWrite"), (":danger-full-access", "dangerFullAccess"),
  ]

  /// The policy's type and the profile's id in a result.
  private func rights(_ result: JSONValue) -> [JSONValue?] {
    [result["sandbox"]?["type"], result["activePermissionProfile"]?["id"]]
  }

  @Test("permissions decides what a new thread may do, and is shown as the active profile")
  func start() async throws {
    let house = ModelHouse([])
    let server = house.server()
    let client = try await house.connect(server)
    for (id, type) in profiles {
      let result = try await client.call("thread/start", ["permissions": .string(id)])
      #expect(rights(result) == [.string(type), .string(id)])
    }
    let plain = try await client.call("thread/start", ["sandbox": "danger-full-access"])
    #expect(rights(plain) == ["dangerFullAccess", nil])
    await server.shutdown()
  }

  @Test("permissions that are unknown, or stand beside sandbox, are refused by start, resume and fork")
  func refused() async throws {
    let house = ModelHouse([.text("one")])
    let server = house.server()
    let client = try await house.connect(server)
    let thread = try await client.thread()
    try await client.turn(thread, "go")
    for method in ["thread/start", "thread/resume", "thread/fork"] {
      var params: JSONValue = ["permissions": "bogus"]
      if method != "thread/start" { params["threadId"] = .string(thread) }
      #expect(await client.error(method, params)?.message == "unknown permission profile: bogus")
      params["permissions"] = ":read-only"
      params["sandbox"] = "read-only"
      let both = await client.error(method, params)?.message
      #expect(both == "`permissions` cannot be combined with `sandbox`", "\(method)")
    }
    await server.shutdown()
  }

  @Test("a thread that comes back, and a fork, take permissions; a sandbox takes the profile away")
  func comingBack() async throws {
    let house = ModelHouse([.text("one")])
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread(["permissions": ":danger-full-access"])
    try await client.turn(thread, "go")
    let id = JSONValue.string(thread)
    #expect(
      rights(try await client.call("thread/fork", ["threadId": id])) == [
        "dangerFullAccess", ":danger-full-access",
      ])
    #expect(
      rights(try await client.call("thread/fork", ["threadId": id, "permissions": ":read-only"])) == [
        "readOnly", ":read-only",
      ])
    for (params, expected) in [
      ([:], ["dangerFullAccess", ":danger-full-access"]),
      (["permissions": ":workspace"], ["workspaceWrite", ":workspace"]),
      (["sandbox": "read-only"], ["readOnly", nil]),
      (["config": ["sandbox_mode": "read-only"]], ["readOnly", nil]),
    ] as [(JSONObject, [JSONValue?])] {
      await server.shutdown()
      server = house.server()
      client = try await house.connect(server)
      var whole = params
      whole["threadId"] = id
      #expect(rights(try await client.call("thread/resume", .object(whole))) == expected)
    }
    await server.shutdown()
  }

  @Test("serviceTier, and the effort and the tier of a call's config, count for start, resume and fork")
  func overrides() async throws {
    let house = ModelHouse([.text("one"), .text("two"), .text("three")])
    var server = house.server()
    var client = try await house.connect(server)
    let result = try await client.call(
      "thread/start", ["serviceTier": "flex", "config": ["model_reasoning_effort": "low"]])
    #expect(result["serviceTier"] == "flex" && result["reasoningEffort"] == "low")
    let thread = try #require(result["thread"]?["id"]?.stringValue)
    try await client.turn(thread, "go")
    #expect(house.model.requests[0]["service_tier"] == "flex")
    let fork = try await client.call("thread/fork", ["threadId": .string(thread)])
    #expect(fork["serviceTier"] == "flex")

    await server.shutdown()
    server = house.server()
    client = try await house.connect(server)
    let resumed = try await client.call(
      "thread/resume",
      [
        "threadId": .string(thread), "serviceTier": "priority",
        "config": ["model_reasoning_effort": "high", "approval_policy": "never"],
      ])
    #expect(resumed["serviceTier"] == "priority" && resumed["reasoningEffort"] == "high")
    #expect(resumed["approvalPolicy"] == "never")
    try await client.turn(thread, "go on")
    #expect(house.model.requests[1]["service_tier"] == "priority")
    #expect(house.model.requests[1]["reasoning"]?["effort"] == "high")
    await server.shutdown()
  }

  @Test("what the command line says by name counts for a stored thread, not for a copy of a living one")
  func commandLine() async throws {
    let house = ModelHouse([.text("one")])
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread(["config": ["model_reasoning_effort": "low"]])
    try await client.turn(thread, "go")
    await server.shutdown()

    server = house.server(overrides: ["model_reasoning_effort=high", "approval_policy=never"])
    client = try await house.connect(server)
    let id = JSONValue.string(thread)
    let resumed = try await client.call("thread/resume", ["threadId": id])
    #expect(resumed["reasoningEffort"] == "high" && resumed["approvalPolicy"] == "never")
    try await client.call("thread/settings/update", ["threadId": id, "effort": "medium"])
    #expect(try await client.call("thread/fork", ["threadId": id])["reasoningEffort"] == "medium")
    await server.shutdown()
  }

  @Test("P1: developer instructions of a thread that goes on come behind its prefix, once")
  func p1_developerInstructions() async throws {
    let house = ModelHouse(["one", "two", "three", "four", "five"].map { .text($0) })
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread(["developerInstructions": "Speak French."])
    try await client.turn(thread, "go")
    let id = JSONValue.string(thread)
    /// How often the model of a request reads the words.
    func count(_ words: String, _ request: Int) -> Int {
      (house.model.requests[request]["input"]?.arrayValue ?? []).count { $0.text.contains(words) }
    }
    for (number, params) in ([["developerInstructions": "Speak Welsh."], [:], [:]] as [JSONObject])
      .enumerated()
    {
      await server.shutdown()
      server = house.server()
      client = try await house.connect(server)
      var whole = params
      whole["threadId"] = id
      try await client.call("thread/resume", .object(whole))
      try await client.turn(thread, "go on")
      #expect(count("Speak French.", number + 1) == 1)
      #expect(count("Speak Welsh.", number + 1) == 1)
    }
    let fork = try await client.call(
      "thread/fork", ["threadId": id, "developerInstructions": "Speak Danish."])
    try await client.turn(try #require(fork["thread"]?["id"]?.stringValue), "and on")
    #expect(["French", "Welsh", "Danish"].map { count("Speak \($0).", 4) } == [1, 1, 1])
    #expect(house.model.invariantViolations.isEmpty)
    await server.shutdown()
  }

  @Test("a compacted history begins with the developer instructions that were given last, and with no others")
  func compactedInstructions() async throws {
    let house = ModelHouse([
      .text("one"), .text("two"), .text("a summary of it"), .text("four"), .text("five"),
    ])
    var server = house.server()
    var client = try await house.connect(server)
    let thread = try await client.thread(["developerInstructions": "Speak French."])
    try await client.turn(thread, "go")
    let id = JSONValue.string(thread)
    for (params, words) in [(["developerInstructions": "Speak Welsh."], "compact"), ([:], "go on")]
      as [(JSONObject, String)]
    {
      await server.shutdown()
      server = house.server()
      client = try await house.connect(server)
      var whole = params
      whole["threadId"] = id
      try await client.call("thread/resume", .object(whole))
      try await client.turn(thread, words)
      if words == "compact" {
        try await client.call("thread/compact/start", ["threadId": id])
        _ = await client.note("turn/completed", 2)
        try await client.turn(thread, "on")
      }
    }
    #expect(house.model.requests.count == 5)
    for request in house.model.requests.suffix(2) {
      let items = request["input"]?.arrayValue ?? []
      #expect(items.count { $0.text.contains("Speak Welsh.") } == 1)
      #expect(items.count { $0.text.contains("Speak French.") } == 0)
    }
    await server.shutdown()
  }
}
