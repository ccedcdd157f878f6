import StetProcess
import StetProtocol

/// A command that a client runs for itself, checked.
struct ClientCommandPlan: Sendable {
  /// Time of a command whose client says nothing about it, as in Codex: these calls are answered at the end, and
  /// nobody waits longer unasked.
  static let defaultTimeLimit: Duration = .seconds(10)
  /// Bytes kept of each stream, as in Codex.
  static let defaultOutputCap = 1 << 20
  /// Bytes kept of each stream of a command without a cap: what fits the 32 MiB line that clients read.
  static let largestOutput = 12 << 20
  /// Size of a terminal that nobody gave one.
  static let defaultSize = TerminalSize(rows: 24, columns: 80)

  let argv: [String]
  let cwd: String
  /// On top of the server's variables; nil unsets.
  let env: [String: String?]
  /// A terminal of this size, or pipes.
  let terminal: TerminalSize?
  let takesInput: Bool
  let streamsOutput: Bool
  /// Bytes of each stream that the client gets; nil: all that is streamed, and `largestOutput` of what is not.
  let outputCap: Int?
  let timeLimit: Duration?
  /// Nil: no sandbox.
  let sandbox: SandboxPolicyKind?
}

/// How a client's command ended, with what was not streamed.
struct ClientCommandResult: Sendable {
  /// The exit code of a command that ran into its time limit, as timeout(1) has it.
  static let timeLimitCode = 124
  /// The exit code of a program that is not there, as shells have it.
  static let notFoundCode = 127

  var exitCode: Int
  var output = CappedOutput(cap: nil)
  var errorOutput = CappedOutput(cap: nil)
}

/// The first bytes of a stream.
struct CappedOutput: Sendable {
  let cap: Int
  private(set) var bytes: [UInt8] = []
  private(set) var taken = 0
  private(set) var capReached = false

  init(cap: Int?) { self.cap = cap ?? ClientCommandPlan.largestOutput }

  /// Keeps what fits.
  mutating func keep(_ more: [UInt8]) { bytes += admit(more) }

  /// What of it is within the cap.
  mutating func admit(_ more: [UInt8]) -> ArraySlice<UInt8> {
    let part = more.prefix(max(0, cap - taken))
    taken += part.count
    if part.count < more.count || taken == cap { capReached = true }
    return part
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}
