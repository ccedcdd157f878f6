/// What a process did. `exited` is the last event and comes once.
public enum ProcessEvent: Hashable, Sendable {
  /// Standard output and, unless asked otherwise, standard error: raw bytes, never empty, any length.
  case output([UInt8])
  /// Standard error, only with `Command.ErrorOutput.separate`.
  case errorOutput([UInt8])
  /// After all output, or at most 50 ms after the process ended if a background child holds the pipe.
  case exited(ExitStatus)
}
