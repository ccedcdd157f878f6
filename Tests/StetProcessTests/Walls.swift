import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// A workspace with a repository, a home with secrets, and a sandbox of the real kernel around them.
struct Walls {
  /// Where the build puts the tests, and our own program beside them.
  static let build: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }()
  static let launcher = build + "/stet"

  /// Beside the build: not in /tmp, which is private inside.
  let place = TempDirectory("walls", in: Walls.build)
  let mechanism: SandboxLaunch.Mechanism
  let sandbox: Sandbox
  var root: String { place.path("work") }
  var home: String { place.path("home") }
  var temporary: String { place.path("private") }
  var quarantine: String { place.path("quarantine") }

  /// - Parameter quick: inside bubblewrap `stet-launcher` becomes the command; false: stet itself, as where it is missing.
  init(_ mechanism: SandboxLaunch.Mechanism, quick: Bool = true) async throws {
    self.mechanism = mechanism
    place.makeDirectory("work")
    place.makeDirectory("home")
    let environment = Shell.environment.merging(["HOME": place.path("home")]) { $1 }
    var here = await Sandbox(launcher: Self.launcher, environment: environment).probe()
    switch mechanism {
    case .bubblewrap:
      try #require(here.bubblewrap != nil, "\(here.description)")
      if !quick { here.bubblewrap?.quickLauncher = nil }
      sandbox = Sandbox(launcher: Self.launcher, environment: environment, capability: here)
    case .landlock:
      try #require(here.landlockABI != nil, "\(here.description)")
      sandbox = Sandbox(
        launcher: Self.launcher, environment: environment,
        capability: SandboxCapability(
          bubblewrap: nil, landlockABI: here.landlockABI, problem: "asked by a test"))
    }
  }

  func launch(
    _ policy: SandboxPolicyKind? = nil, network: Bool = false, deniedReads: [String] = [],
    protectedPaths: [String] = []
  ) async throws -> SandboxLaunch {
    let policy = policy ?? .workspaceWrite(roots: [root], network: network)
    let launch = try await sandbox.launch(
      policy, cwd: root, threadTmp: temporary, protectedPaths: protectedPaths, deniedReads: deniedReads)
    return try #require(launch)
  }

  func command(
    _ script: String, _ launch: SandboxLaunch, pty: TerminalSize? = nil
  ) -> Command {
    let git = [
      "HOME": home, "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "T",
      "GIT_COMMITTER_EMAIL": "t@example.com",
    ]
    return Shell.command(script, cwd: root, pty: pty, sandbox: launch, environment: git)
  }

  /// Runs a script inside; its output and code.
  @discardableResult
  func run(_ script: String, policy: SandboxPolicyKind? = nil, network: Bool = false) async throws
    -> ProcessResult
  {
    try await Shell.run(command(script, try await launch(policy, network: network)))
  }

  /// Outside, as the user.
  func outside(_ script: String) async throws {
    let result = try await Shell.run(Shell.command(script, cwd: root, environment: ["HOME": home]))
    try #require(result.status.isSuccess, "\(result.text)")
  }
}
