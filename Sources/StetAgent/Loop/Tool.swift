import StetJSON

/// Whether calls may run beside others (L2).
public enum ToolAccess: Sendable, Hashable {
  /// Runs in parallel with other reads. Commands are reads in this sense: the sandbox and the approval rule them.
  case read
  /// Runs alone: waits for every earlier call, and every later call waits for it.
  case write
}

/// Something that the model may call. Tools hold no state: what lasts lives in the `ToolContext`.
public protocol Tool: Sendable {
  /// The name in the `tools` array and in calls.
  var name: String { get }
  /// The member of `tools` as it goes on the wire: `{"type":"function","name":…,"description":…,"parameters":…}` or
  /// `{"type":"custom",…}`. Constant for a thread: no paths, no dates, no policy (P3, P12). Keep it small: the whole
  /// first request is at most 10,000 bytes.
  var definition: JSONValue { get }
  var access: ToolAccess { get }
  /// The access of one call; an `exec_command` that is a patch in disguise runs alone, for example.
  func access(of call: ToolCall) -> ToolAccess
  /// Runs the call. It must return soon after its task is cancelled (interrupt, L6: within 50 ms it should have
  /// completed its item); what it returns then still reaches the model if it comes in time.
  ///
  /// Errors are outputs, one line of cause and one line of what to do (T11): nothing is thrown across a turn.
  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput
}

extension Tool {
  public func access(of call: ToolCall) -> ToolAccess { access }
}
