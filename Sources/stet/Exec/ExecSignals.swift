import CPlatform
import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP as bytes of a pipe: the first asks for an orderly end, the second ends at once.
final class ExecSignals: Sendable {
  private static let writeEnd = Atomic<Int32>(-1)
  private static let count = Atomic<Int32>(0)
  private let ends = Blocking.pipe()

  /// Readable when a signal came.
  var descriptor: Int32 { ends.read }

  /// Takes the signals over. One that the program was started to ignore (nohup, a shell's background job) stays so.
  func install() {
    Self.writeEnd.store(ends.write, ordering: .releasing)
    // Looked at between other things.
    _ = stet_set_nonblocking(ends.read)
    // A reader that went away is an error of a write, not the end of the thread.
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var old = sigaction()
      sigaction(number, nil, &old)
      guard !Self.isIgnored(old) else { continue }
      signal(number) { ExecSignals.handle($0) }
    }
  }

  /// The signal that came; nil if there is none.
  func take() -> Int32? {
    var byte: UInt8 = 0
    return read(ends.read, &byte, 1) == 1 ? Int32(byte) : nil
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  /// Only what a signal handler may do.
  private static func handle(_ number: Int32) {
    if count.add(1, ordering: .acquiringAndReleasing).newValue > 1 { _exit(128 + number) }
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
  }
}
