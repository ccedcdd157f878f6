/// How a process ended: by itself (`code`) or by a signal. Inside bubblewrap a signal arrives as code 128 + n.
public struct ExitStatus: Hashable, Sendable {
  /// 0...255, `nil` if a signal ended it.
  public let code: Int32?
  public let signal: Int32?

  public init(code: Int32?, signal: Int32?) {
    self.code = code
    self.signal = signal
  }

  /// What a shell shows in `$?`: the code, or 128 + signal. 255 when the status was lost because
  /// somebody else collected the child.
  public var shellCode: Int {
    if let code { return Int(code) }
    if let signal { return 128 + Int(signal) }
    return 255
  }

  public var isSuccess: Bool { code == 0 }
}
