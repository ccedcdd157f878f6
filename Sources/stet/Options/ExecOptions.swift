import ArgumentParser
import StetProtocol

/// The options of `stet exec` and its subcommands; they may stand before or after the subcommand's name.
struct ExecOptions: ParsableArguments {
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong, help: "Use [profiles.NAME] of the configuration.")
  var profile: String?

  @Flag(
    name: [.long, .customLong("experimental-json", withSingleDash: false)],
    help: "Print one JSON event a line on standard output.")
  var json = false

  @Option(
    name: [.customShort("o"), .customLong("output-last-message")],
    help: ArgumentHelp("Write the answer to a file, too.", valueName: "file"), completion: .file())
  var answerFile: String?

  @Option(
    help: ArgumentHelp("The answer must be JSON of this JSON Schema.", valueName: "file"), completion: .file()
  )
  var outputSchema: String?

  @Option(
    name: [.customShort("i"), .customLong("image")],
    help: ArgumentHelp("Attach an image; may be repeated.", valueName: "file"), completion: .file())
  var images: [String] = []

  @Option(
    name: .customLong("add-dir"),
    help: ArgumentHelp("A further directory that may be written; may be repeated.", valueName: "dir"),
    completion: .directory)
  var writableDirectories: [String] = []

  @Option(help: ArgumentHelp("Stop after so many seconds, with exit code 124.", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "Keep nothing of the thread on disk.")
  var ephemeral = false

  @Flag(help: "The same as --sandbox workspace-write: edits and commands in the workspace.")
  var fullAuto = false

  @Flag(
    name: [.customLong("dangerously-bypass-approvals-and-sandbox"), .customLong("yolo")],
    help: "No sandbox, no questions. Only for machines that can be thrown away.")
  var bypass = false

  @Flag(help: "Accepted for Codex's sake: stet works outside of repositories, too.")
  var skipGitRepoCheck = false

  @Option(help: "Colours on standard error: auto, always or never.")
  var color = ColorChoice.auto

  func validate() throws {
    if bypass, fullAuto || common.sandbox != nil {
      throw ValidationError("--dangerously-bypass-approvals-and-sandbox leaves no sandbox to choose.")
    }
    if fullAuto, let sandbox = common.sandbox, sandbox != .workspaceWrite {
      throw ValidationError("--full-auto and --sandbox \(sandbox.rawValue) contradict each other.")
    }
    if let timeout, !(timeout > 0 && timeout <= Self.longestTimeout) {
      throw ValidationError("--timeout takes seconds, more than 0 and at most \(Int(Self.longestTimeout)).")
    }
  }

  /// A week: nobody waits longer, and milliseconds of it stay far from overflow.
  private static let longestTimeout = 604_800.0

  /// The outside as these options change it.
  func surroundings() throws -> Surroundings {
    // A profile is one more override, as `profile = "NAME"` in the file is.
    let chosen = profile.map { [#"profile="\#($0)""#] } ?? []
    let outside = try Surroundings(directory: common.directory ?? ".", overrides: common.config + chosen)
    return CodexVariables.applied(to: outside)
  }

  /// Nil: what the configuration and the trust in the directory say.
  var sandbox: SandboxMode? {
    if bypass { return .dangerFullAccess }
    return fullAuto ? .workspaceWrite : common.sandbox?.mode
  }

  /// Nobody is there to ask, so it is never unless this very call says otherwise. Nil: `-c` says it.
  var approvalPolicy: AskForApproval? {
    if bypass { return .never }
    if let chosen = common.approval { return chosen.policy }
    return common.config.contains { $0.hasPrefix("approval_policy=") } ? nil : .never
  }

  enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
  }
}
