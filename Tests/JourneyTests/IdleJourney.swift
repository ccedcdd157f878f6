import FoundationEssentials
import Glibc
import StetTestSupport
import Testing

/// Idle wakes for nothing (U11, issue 7), without waiting ten seconds for it: no thread waits for a moment that is nearer.
/// libdispatch's own look at its workers, once a second, is not the interface's; it is calmed only where Swift's libraries
/// are linked statically, as in a release.
@Suite(.fewAtOnce, .timeLimit(.minutes(10))) struct IdleJourney {
  private static let tenSeconds = 10_000

  #if arch(x86_64)
    @Test("U11: the loop of an idle program waits for ever, and no thread for less than ten seconds")
    func u11_idle() async throws {
      let home = TempDirectory("journey-home")
      let work = TempDirectory("journey-work")
      let console = try Console(directory: work.path, environment: Program.environment(home: home))
      console.run("clear; stet; echo left=$?")
      try await console.expect("OPENAI_API_KEY")
      console.send("a draft")
      try await console.expect("┃ a draft")
      let program = try console.foreground()
      // What was begun at the start comes to its end first.
      _ = try await eventually("nothing is due any more") { Self.wakes(of: program).isEmpty ? true : nil }
      console.send("\u{3}/quit\r")
      try await console.expect("left=0")
      await console.end()
    }
  #endif

  /// What would wake the program within ten seconds: threads that run or wait for a time, a loop that does not wait for ever.
  private static func wakes(of program: pid_t) -> [String] {
    var found: [String] = []
    for thread in names("/proc/\(program)/task") {
      let call = text("/proc/\(program)/task/\(thread)/syscall").split(separator: " ").map(String.init)
      if !isAtRest(call) { found.append("\(thread): \(call.joined(separator: " "))") }
    }
    let loop = text("/proc/\(program)/task/\(program)/syscall").split(separator: " ").map(String.init)
    if loop.count < 4 || loop[0] != "7" || loop[3] != "0xffffffff" { found.append("the loop: \(loop)") }
    return found
  }

  /// Whether a thread's system call, as /proc tells it, ends by itself within ten seconds (numbers of x86_64).
  private static func isAtRest(_ call: [String]) -> Bool {
    guard call.count > 6, let number = Int(call[0]) else { return false }
    let arguments = call[1...6].map { UInt($0.dropFirst(2), radix: 16) ?? 0 }
    /// Milliseconds in the low half of a register; negative is for ever.
    func isLong(_ argument: UInt) -> Bool {
      let milliseconds = Int32(truncatingIfNeeded: argument)
      return milliseconds < 0 || milliseconds >= tenSeconds
    }
    switch number {
    // read, recvfrom, recvmsg, wait4: until there is something.
    case 0, 45, 47, 61: return true
    case 7: return isLong(arguments[2])
    case 232, 281: return isLong(arguments[3])
    // futex without a time; ppoll and select likewise.
    case 202: return arguments[3] == 0
    case 271: return arguments[2] == 0
    case 23, 270: return arguments[4] == 0
    default: return false
    }
  }

  private static func names(_ directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}
