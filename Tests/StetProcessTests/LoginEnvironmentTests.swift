import StetTestSupport
import Testing

@testable import StetProcess

@Suite struct LoginEnvironmentTests {
  private let inherited = ["PATH": "/usr/bin:/bin", "HOME": "/", "SHLVL": "3", "TERM": "xterm"]

  private func capture(_ script: String, limit: Duration = .seconds(20)) async -> LoginEnvironment {
    let directory = TempDirectory()
    let shell = directory.write("shell", "#!/bin/bash\n\(script)\n", mode: 0o755)
    return await LoginEnvironment.capture(shell: shell, inherited: inherited, timeLimit: limit)
  }

  @Test("T10: a login shell's variables, without the noise of its start-up files")
  func t10_capture() async throws {
    let home = TempDirectory()
    home.write(
      ".bash_profile", "echo profile noise; export FROM_PROFILE=$'two\\nlines'; export PATH=$PATH:/added\n")
    var inherited = self.inherited
    inherited["HOME"] = home.path
    let found = await LoginEnvironment.capture(shell: "/bin/bash", inherited: inherited)
    #expect(found.problem == nil)
    #expect(found.shell == "/bin/bash")
    #expect(found.variables["FROM_PROFILE"] == "two\nlines")
    #expect(found.variables["PATH"]?.hasSuffix(":/added") == true)
    #expect(found.variables["SHLVL"] == "3")
    #expect(found.variables["TERM"] == "xterm")
    #expect(found.variables["_"] == nil && found.variables["PWD"] == nil)
    #expect(found.variables[LoginEnvironment.flag] == nil)
  }

  @Test("T10: noise around it does not matter")
  func t10_noise() async {
    let found = await capture("echo hello; export X=1; eval \"${@: -1}\"; echo bye")
    #expect(found.variables["X"] == "1")
  }

  @Test("T10: a shell that only works without -i is asked again")
  func t10_secondTry() async {
    let found = await capture("[ \"$2\" = -i ] && exit 1; export X=2; eval \"${@: -1}\"")
    #expect(found.variables["X"] == "2")
    #expect(found.problem == nil)
  }

  @Test("T10: a shell that hangs or fails leaves what stet had, and says so")
  func t10_fallback() async {
    for script in ["sleep 1000", "exit 1", "echo nothing"] {
      let found = await capture(script, limit: .milliseconds(200))
      #expect(found.variables == inherited)
      #expect(found.shell == nil)
      #expect(found.problem?.contains("environment") == true)
    }
    let missing = await LoginEnvironment.capture(shell: "/nonexistent/shell", inherited: inherited)
    #expect(missing.variables == inherited)
    #expect(missing.problem?.isEmpty == false)
  }

  @Test func parsesOnlyWhatIsWhole() {
    let marker = Array("MARK".utf8)
    func parse(_ text: String) -> [String: String]? {
      LoginEnvironment.parse(Array(text.utf8), marker: marker)
    }
    #expect(parse("noise MARKA=1\0B=x=y\0C=\0MARK end") == ["A": "1", "B": "x=y", "C": ""])
    #expect(parse("MARKA=1\0") == nil)
    #expect(parse("") == nil)
    #expect(parse("MARKMARK") == nil)
    // The script itself may be echoed first (`set -x`): the last pair counts.
    #expect(parse("MARK;env;MARK\nMARKA=1\0MARK") == ["A": "1"])
  }
}
