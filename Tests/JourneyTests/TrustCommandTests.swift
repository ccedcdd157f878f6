import StetProcess
import StetTestSupport
import Testing

/// `stet trust`, as a user runs it.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct TrustCommandTests {
  private let home = TempDirectory("trust-home")
  private let work = TempDirectory("trust-work")

  private static let asked = """
    sandbox_mode = "danger-full-access"
    [mcp_servers.helper]
    command = "sh"
    args = ["-c", "echo \u{202E}owned"]

    """

  init() {
    work.makeDirectory(".git")
    work.write(".stet/config.toml", Self.asked)
  }

  @discardableResult
  private func trust(_ arguments: String...) async throws -> (text: String, isSuccess: Bool) {
    let result = try await ProcessSession.run(
      Command(
        argv: [Program.folder + "/stet", "trust"] + arguments, cwd: work.path,
        environment: Program.environment(home: home)))
    return (String(decoding: result.output, as: UTF8.self), result.status.isSuccess)
  }

  /// The hash that is shown for an entry.
  private func hash(_ key: String, in text: String) throws -> String {
    let lines = text.split(separator: "\n")
    let index = try #require(lines.firstIndex { $0.contains("does not hold: \(key) ") }, "\(text)")
    return String(try #require(lines[index + 1].split(separator: " ").last))
  }

  @Test("S14: nothing holds before trust; with it each entry waits for its own word, by its hash")
  func s14_entries() async throws {
    let before = try await trust()
    #expect(before.text.contains("is not trusted") && !before.text.contains("helper"))
    let trusted = try await trust("--yes").text
    #expect(
      trusted.contains("is trusted.") && trusted.contains("sandbox_mode")
        && trusted.contains("mcp_servers.helper"))
    #expect(!trusted.contains("\u{202E}"), "what would deceive the eye is shown as it is")

    let agreed = try await trust("--agree", try hash("mcp_servers.helper", in: trusted)).text
    #expect(!agreed.contains("mcp_servers.helper") && agreed.contains("sandbox_mode"))
    // One word more in the entry, and it is another one.
    work.write(".stet/config.toml", Self.asked + "env = { X = \"1\" }\n")
    let changed = try await trust().text
    #expect(changed.contains("mcp_servers.helper"))
    let old = try await trust("--agree", try hash("mcp_servers.helper", in: trusted))
    #expect(!old.isSuccess && old.text.contains("hash of no entry"))
    // As it was, it holds again.
    work.write(".stet/config.toml", Self.asked)
    #expect(!(try await trust().text.contains("mcp_servers.helper")))
  }

  @Test("S14: no word is taken for another: short, unknown or contradictory ones change nothing")
  func s14_strict() async throws {
    try await trust("--yes")
    let file = try #require(home.text("config.toml"))
    for wrong in [["--agree", "abc"], ["--agree", "00000000"], ["--yes", "--no"], ["--agree", ""]] {
      let result = try await ProcessSession.run(
        Command(
          argv: [Program.folder + "/stet", "trust"] + wrong, cwd: work.path,
          environment: Program.environment(home: home)))
      #expect(!result.status.isSuccess, "\(wrong)")
    }
    #expect(home.text("config.toml") == file)
    let untrusted = try await trust("--no").text
    #expect(untrusted.contains("is not trusted") && !untrusted.contains("does not hold"))
  }
}
