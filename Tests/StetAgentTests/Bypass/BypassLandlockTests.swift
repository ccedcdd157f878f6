import StetProcess
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// The corpus where Landlock is the only wall: nothing is written outside of the workspace, no secret is read, what is new
/// at a protected place is not in effect afterwards, and what a command changed there is told.
@Suite(
  .enabled("the kernel has no Landlock") { await landlockVersion() != nil },
  .timeLimit(.minutes(10)))
struct BypassLandlockTests {
  /// Vectors that do what Landlock has no right for.
  private static func isBeyondIt(_ vector: BypassVector) -> Bool {
    // It guards contents and names, not modes: a file of the user's own can be made readable for others.
    vector.script.hasPrefix("chmod 777 {OUT}")
  }

  private func bench() async throws -> Workbench {
    let environment = [
      "OPENAI_API_KEY": "\(BypassGround.secret)-env", "GH_TOKEN": "\(BypassGround.secret)-gh",
    ]
    let bench = try await Workbench([], environment: environment)
    let capability = SandboxCapability(
      bubblewrap: nil, landlockABI: await landlockVersion(), problem: "asked by a test")
    let services = bench.harness.agent.services
    _ = services.processMemory.value {
      SandboxHost(environment: services.environment.processEnvironment, capability: capability)
    }
    return bench
  }

  @Test(
    "S1, S6, S7: no way out of Landlock, to a secret, or untold to a protected place",
    arguments: BypassVector.kinds)
  func s1_corpus(_ kind: String) async throws {
    let vectors = BypassVector.of(kind).filter { !Self.isBeyondIt($0) }
    try #require(!vectors.isEmpty)
    let ground = BypassGround()
    let bench = try await bench()
    try await BypassGround.furnish(bench)
    let scripts = vectors.enumerated().map { index, vector in
      vector.script(out: ground.target(index), home: bench.userHome.path, own: bench.harness.home.path)
    }
    for script in scripts {
      bench.harness.model.extend(.call("exec_command", ["cmd": .string(script), "yield_time_ms": 30_000]))
    }
    bench.harness.model.extend(.text("done"))
    let before = try await ground.untouched(bench)
    let effective = try await BypassGround.inEffect(bench)
    try await bench.turn()
    _ = try await eventually("every command ended") { bench.commands.count == scripts.count ? true : nil }
    #expect(bench.requests.isEmpty)
    let written = BypassGround.changes(before, try await ground.untouched(bench))
    #expect(written == [])
    // What was there before can be changed; then that was told.
    let told = bench.harness.warnings.compactMap { warning -> String? in
      guard warning.contains("Landlock can't prevent that"), warning.hasPrefix(bench.work.path) else {
        return nil
      }
      return "." + warning.dropFirst(bench.work.path.count).prefix { $0 != "," }
    }
    let planted = BypassGround.changes(effective, try await BypassGround.inEffect(bench))
    let untold = planted.filter { line in !told.contains { line.contains($0) } }
    #expect(untold == [], "told: \(told)")
    for (index, vector) in vectors.enumerated() {
      #expect(ground.outside.names("\(index)") == ["victim"], "\(vector) made something: \(scripts[index])")
      #expect(ground.outside.text("\(index)/victim") == "unharmed\n", "\(vector) wrote: \(scripts[index])")
    }
    for (vector, command) in zip(vectors, bench.commands) {
      let output = command.aggregatedOutput ?? ""
      #expect(!output.contains(BypassGround.secret), "\(vector) read a secret: \(output)")
    }
    let kept = try await BypassGround.shell(
      "grep -rlF \(BypassGround.secret) . || echo none", in: bench.work.path)
    #expect(kept == "none\n", "a secret lies in the workspace")
  }
}

private func landlockVersion() async -> Int? {
  await SandboxHost(environment: ["PATH": "/usr/bin:/bin"]).sandbox.probe().landlockABI
}
