import StetProtocol

// `stet exec`: a client of the app-server without a screen.
//
// ExecRun gathers what was asked and runs the loop; ExecSession decides, as plain values, what is sent and shown for
// what comes in; a JSONOutput or a HumanOutput writes it. None of them knows the agent.

/// What one call of `stet exec` is to do.
enum ExecTask: Hashable, Sendable {
  case start
  case resume(Choice)
  case fork(Choice)
  case review(ReviewTarget)

  /// A stored thread.
  enum Choice: Hashable, Sendable {
    /// The newest: of this directory, or of any.
    case last(anywhere: Bool)
    /// By id or by name.
    case named(String)
  }
}

/// Everything that is decided before the server is asked for anything.
struct ExecOrder: Sendable {
  var task: ExecTask
  /// Empty only for a fork without a prompt and for reviews.
  var input: [UserInput] = []
  var outputSchema: JSONValue?
  var directory: String
  /// The directory was named on the command line, so that a resumed thread moves there.
  var movesThread = false
  var model: String?
  var sandbox: SandboxMode?
  var approvalPolicy: AskForApproval?
  /// Directories beside the workspace that may be written.
  var writableDirectories: [String] = []
  var isEphemeral = false
}
