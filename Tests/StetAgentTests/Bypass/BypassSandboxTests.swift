import StetProtocol
import StetTestSupport
import Testing

/// Each vector of the corpus run for real, as a command of the model in the sandbox: nothing is written outside of the
/// workspace, nothing protected is in effect afterwards, no secret is read, and nobody was asked.
@Suite(
  .enabled(if: BypassGround.obstacle == nil, "bubblewrap does not work on this machine"),
  .timeLimit(.minutes(10)))
struct BypassSandboxTests {
  @Test(
    "S1, S6, S7: no way out of the sandbox, none into what is protected, none to a secret",
    arguments: BypassVector.kinds)
  func s1_corpus(_ kind: String) async throws {
    let vectors = BypassVector.of(kind)
    try #require(!vectors.isEmpty)
    let ground = BypassGround()
    let bench = try await Workbench(
      [],
      environment: ["OPENAI_API_KEY": "\(BypassGround.secret)-env", "GH_TOKEN": "\(BypassGround.secret)-gh"])
    try await BypassGround.furnish(bench)
    let scripts = vectors.enumerated().map { index, vector in
      vector.script(
        out: ground.target(index), home: bench.userHome.path, own: bench.harness.home.path)
    }
    for script in scripts {
      bench.harness.model.extend(.call("exec_command", ["cmd": .string(script), "yield_time_ms": 30_000]))
    }
    bench.harness.model.extend(.text("done"))
    let before = try await ground.untouched(bench)
    let effective = try await BypassGround.inEffect(bench)
    try await bench.turn()
    _ = try await eventually("every command ended") { bench.commands.count == scripts.count ? true : nil }
    #expect(bench.requests.isEmpty, "the kernel is the boundary: nobody is asked")
    let written = BypassGround.changes(before, try await ground.untouched(bench))
    #expect(written == [])
    let planted = BypassGround.changes(effective, try await BypassGround.inEffect(bench))
    #expect(planted == [])
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
