import FoundationEssentials
import StetTestSupport

/// The program as it was built, beside the test runner.
enum Program {
  static let folder: String = {
    let runner = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return runner.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }()

  /// What a user's shell has, with the program in front of the path, and a home and temporary folder of its own.
  static func environment(home: TempDirectory, temporary: String? = nil, _ more: [String: String] = [:])
    -> [String: String]
  {
    let own = [
      "PATH": "\(folder):/usr/local/bin:/usr/bin:/bin", "HOME": home.path, "STET_HOME": home.path,
      "LANG": "C.UTF-8", "TERM": "xterm-256color", "SHELL": "/bin/sh", "PS1": "ready> ", "PS2": "",
      "SWIFT_BACKTRACE": "enable=no", "TMPDIR": temporary ?? home.makeDirectory("tmp"),
    ]
    return own.merging(more) { $1 }
  }
}
