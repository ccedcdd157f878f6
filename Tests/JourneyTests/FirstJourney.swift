import StetJSON
import StetTestSupport
import Testing

/// One path through every room, on real input: stream, command, edit, interrupt, quit, resume, undo.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct FirstJourney {
  private static let before = """
    alpha
    beta
    gamma
    delta
    epsilon
    zeta
    eta
    theta
    iota
    kappa
    lambda
    mu

    """

  private static let proposed = before.replacing("beta", with: "BETA").replacing("lambda", with: "LAMBDA")
  private static let kept = before.replacing("beta", with: "BETA")

  @Test("stream, approve a command, refuse one of two hunks, stop a stream, quit, resume, undo")
  func wholePath() async throws {
    let gate = Gate()
    let house = House([
      .respond([
        .text("I'll look **first**.", chunk: 4),
        .call("exec_command", ["cmd": "cat letters.txt; echo done-$((40 + 2))"]),
      ]),
      .call("write", ["path": "letters.txt", "content": .string(Self.proposed)]),
      .text("Beta is capital now; lambda stays."),
      .respond([.text("One word. Two words. Three words.", chunk: 5, gates: [3: gate])]),
    ])
    house.work.write("letters.txt", Self.before)
    let app = house.open()

    try await app.expect(.ready).say("make beta and lambda capital").expect("I'll look first.")
    try await app.expect(.approval).expect("cat letters.txt; echo done-$((40 + 2))").press("y")
    try await app.expect("done-42").expect(.review).press(.enter)
    try await app.expect(.reviewScreen).press("y").press("n").press(.enter)
    try await app.expect("Beta is capital now; lambda stays.").expect(.ready)
    #expect(house.work.text("letters.txt") == Self.kept)

    // The model was told what ran and what is on disk.
    let outputs = try outputs(house.model.requests[2])
    #expect(outputs[0].contains("kappa") && outputs[0].contains("done-42"))
    #expect(outputs[1].contains("1 rejected") && outputs[1].contains("LAMBDA"))

    try await app.say("talk for long").expect("One word. Two").expect(.working).press(.escape)
    try await app.expect("stopped").expect(.ready)
    #expect(app.text.contains("One word. Two"))
    let shown = transcript(app)
    try await app.quit()
    gate.open()
    let last = try #require(house.model.bodies.last)

    house.model.extend(.text("I am back."))
    let again = house.open(.resumeLast)
    try await again.expect(.ready).expect("One word. Two")
    #expect(transcript(again) == shown)
    try await again.say("are you there?").expect("I am back.").expect(.ready)
    let next = try #require(house.model.bodies.last)
    // Everything but the brackets that close the input.
    #expect(next.starts(with: last.dropLast(2)))

    try await again.say("/undo").expect(.undo).expect("letters.txt").press("y")
    try await again.expect("Undone: 1 file put back")
    #expect(house.work.text("letters.txt") == Self.before)
    try await again.quit()
    #expect(house.model.invariantViolations.map(\.description) == [])
  }

  /// The texts of the tools' outputs in a request.
  private func outputs(_ request: JSONValue) throws -> [String] {
    try #require(request["input"]?.arrayValue).compactMap { $0["output"]?.stringValue }
  }

  /// The rows between the two rules, without what only a live run knows.
  private func transcript(_ app: App) -> [String] {
    let rows = app.screen
    guard let bottom = rows.lastIndex(where: { $0.hasPrefix("───") }) else { return rows }
    return Array(rows[..<bottom].drop { !$0.hasPrefix("───") }).filter { !$0.isEmpty }
  }
}
