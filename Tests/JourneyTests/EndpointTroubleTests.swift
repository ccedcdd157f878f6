import StetJSON
import StetTestSupport
import StetUI
import Testing

/// What can go wrong with the model: each time the screen says what it is, what was shown stays, and the thread goes on.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct EndpointTroubleTests {
  @Test("nobody answers: a countdown, esc stops it, and the thread goes on elsewhere")
  func unreachable() async throws {
    // A port that was free a moment ago and where nobody listens any more.
    let gone = FakeModel(script: [])
    let url = gone.url
    gone.stop()
    let house = House([.text("Here I am.")])
    let config = try #require(house.home.text("config.toml"))
    house.home.write("config.toml", config.replacing(house.model.url, with: url))
    let app = house.open()
    try await app.expect(.ready).say("is anybody there?")
    try await app.expect("waiting for network").expect("next try in").expect("esc stops")
    try await app.press(.escape).expect("stopped").expect(.ready)
    try await app.quit()

    house.home.write("config.toml", config)
    let again = house.open(.resumeLast)
    try await again.expect("is anybody there?").expect(.ready).say("and now?").expect("Here I am.").expect(
      .ready)
    try await again.quit()
  }

  @Test("the key is refused: the screen says so, the next message works") func unauthorized() async throws {
    let house = House([
      .status(401, body: #"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#),
      .text("Welcome back."),
    ])
    let app = house.open()
    try await app.expect(.ready).say("hello").expect("The key was refused.").expect(
      "Incorrect API key provided")
    try await app.expect(.ready).expect("hello").say("again").expect("Welcome back.").expect(.ready)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("a stream is cut in the middle: it is tried again, and the answer is there once")
  func cutStream() async throws {
    let gate = Gate()
    let house = House([
      .drop("First part of the answer, and then", after: 2, chunk: 10),
      .respond([.gate(gate), .text("First part of the answer, and then the second.")]),
      .text("Still here."),
    ])
    let app = house.open()
    try await app.expect(.ready).say("tell me").expect("Reconnecting... 1/5")
    gate.open()
    try await app.expect("and then the second.").expect(.ready).expectNo("trying again")
    try await app.say("more").expect("Still here.").expect(.ready)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("the model sends what is no JSON: it is tried again, and given up with a reason")
  func invalidJSON() async throws {
    let house = House(
      [.invalidJSON, .text("Better now."), .invalidJSON, .invalidJSON, .text("And again.")],
      provider: "stream_max_retries = 1")
    let app = house.open()
    try await app.expect(.ready).say("one").expect("Better now.").expect(.ready)
    try await app.say("two").expect("✗ The model server sent an event that is not JSON").expect(.ready)
      .expect("Better now.")
    try await app.say("three").expect("And again.").expect(.ready)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("a tool that does not exist: the model is told, the screen shows it, the turn goes on")
  func unknownTool() async throws {
    let house = House([.call("frobnicate", ["speed": 3]), .text("I'll do without it.")])
    let app = house.open()
    try await app.expect(.ready).say("go").expect("I'll do without it.").expect(.ready).expect(
      "The model called frobnicate")
    let outputs = house.model.requests[1]["input"]?.arrayValue?.compactMap { $0["output"]?.stringValue }
    #expect(outputs?.first?.contains("frobnicate") == true)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("arguments that are no JSON: the model is told, the turn goes on") func brokenArguments() async throws
  {
    let house = House([
      .respond([.callText("exec_command", #"{"cmd": "ls"#)]), .text("Sorry, I meant nothing."),
    ])
    let app = house.open()
    try await app.expect(.ready).say("go").expect("exec_command with arguments that are no JSON").expect(
      "Sorry, I meant nothing."
    ).expect(.ready)
    let outputs = house.model.requests[1]["input"]?.arrayValue?.compactMap { $0["output"]?.stringValue }
    #expect(outputs?.first?.contains("arguments") == true)
    try await app.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  @Test("the provider does not know the model: its words are on the screen, the next message works")
  func noSuchModel() async throws {
    let body = #"{"error":{"message":"The model `mock-model` does not exist","code":"model_not_found"}}"#
    let house = House([.status(404, body: body), .text("Now I exist.")])
    let app = house.open()
    try await app.expect(.ready).say("hello").expect("The model `mock-model` does not exist").expect(.ready)
    try await app.say("again").expect("Now I exist.").expect(.ready)
    try await app.quit()
  }
}
