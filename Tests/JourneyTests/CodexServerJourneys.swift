import StetTestSupport
import Testing

@testable import stet

/// The interface on the real Codex: that it needs nothing of the server but the protocol.
@Suite(
  "protocol.md §7: the interface on Codex's own app-server",
  .enabled(if: CodexHouse.program != nil, "needs Codex's program, which `make test-codex` brings"))
struct CodexServerJourneys {
  private static let patch = """
    apply_patch <<'EOF'
    *** Begin Patch
    *** Update File: letters.txt
    @@
    -beta
    +BETA
    *** End Patch
    EOF
    """

  @Test("a turn streams, a command asks and runs, an edit asks and lands, and the thread is resumed")
  func wholePath() async throws {
    let program = try #require(CodexHouse.program)
    let house = try CodexHouse([
      .text("Good morning from the model.", chunk: 4),
      .call(
        "exec_command",
        [
          "cmd": "echo codex-$((40 + 2))", "sandbox_permissions": "require_escalated",
          "justification": "To see the number.",
        ]),
      .text("The number is there."), .call("exec_command", ["cmd": .string(Self.patch)]),
      .text("Beta is capital now."), .call("exec_command", ["cmd": .string(Self.patch)]),
      .text("As you like."),
      .text("I remember."),
    ])
    house.work.directory.write("letters.txt", "alpha\nbeta\ngamma\n")
    try house.work.commitAll()
    let app = house.open(program)
    try await app.expect("mock-model · ask").say("good morning").expect("Good morning from the model.")
    try await app.expect(.ready).say("run it").expect(.approval).expect("codex-$((40 + 2))")
    try await app.press("y").expect("The number is there.").expect("codex-42").expect(.ready)

    // Without hunks the whole change is taken or refused; nothing is on disk before.
    try await app.say("make it capital").expect("y accept").expect("BETA")
    #expect(house.work.directory.text("letters.txt") == "alpha\nbeta\ngamma\n")
    try await app.press("y").expect("Beta is capital now.").expect(.ready)
    #expect(house.work.directory.text("letters.txt") == "alpha\nBETA\ngamma\n")
    house.work.directory.write("letters.txt", "alpha\nbeta\ngamma\n")
    try await app.say("and again").expect("y accept").press("n").expect("As you like.").expect(.ready)
    #expect(house.work.directory.text("letters.txt") == "alpha\nbeta\ngamma\n")

    try await app.say("/undo").expect("this server keeps no snapshots")
    try await app.quit()

    let again = house.open(program, .resumeLast)
    try await again.expect("Good morning from the model.").expect("As you like.").expect(.ready)
    try await again.say("do you?").expect("I remember.")
    try await again.quit()
  }
}
