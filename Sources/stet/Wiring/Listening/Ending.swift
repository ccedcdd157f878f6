import Glibc
import Synchronization

/// The end of a server: the client closed its side, or the system wants it to stop. Works from signal handlers.
final class Ending: Sendable {
  private static let signalled = Atomic<Int32>(-1)
  private let ends = Blocking.pipe()

  func end() { _ = Self.poke(ends.write) }

  /// Makes these signals end the server as the end of input does: with exit code 0.
  func onSignals(_ signals: [Int32]) {
    Self.signalled.store(ends.write, ordering: .releasing)
    let handler: @convention(c) (Int32) -> Void = { _ in
      _ = Ending.poke(Ending.signalled.load(ordering: .acquiring))
    }
    for number in signals where !(number == SIGHUP && Self.isIgnored(number)) { signal(number, handler) }
  }

  /// `nohup` wants the program to outlive its terminal.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  func wait() {
    var byte: UInt8 = 0
    while read(ends.read, &byte, 1) < 0, errno == EINTR {}
  }

  private static func poke(_ descriptor: Int32) -> Int {
    var byte: UInt8 = 1
    return write(descriptor, &byte, 1)
  }
}
