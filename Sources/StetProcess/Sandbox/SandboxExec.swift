import CLaunch
import CPlatform
import Glibc

/// The half of the sandbox that runs inside: a hidden subcommand of our own program that becomes the command.
///
///     stet sandbox-exec [--foreground] [--rules FD] [--filter FD] [--environment FD] [--proxy FD] -- PROGRAM ARGUMENT…
///
/// Inside bubblewrap `stet-launcher` does the same in less time, where it is found (`QuickLauncher`).
///
/// Needed because posix_spawn runs no code between fork and exec. Inside bubblewrap it makes the signals deliverable
/// again, which are blocked around it so that TERM reaches the command and not the walls. Without bubblewrap it
/// applies Landlock and the filter first. It fails closed: no rule, no command.
public enum SandboxExec {
  /// The first argument after the program's name.
  public static let subcommand = "sandbox-exec"

  /// What a shell returns for a command that can't be run and one that is not there.
  private static let cannotRun: Int32 = 126
  private static let notFound: Int32 = 127

  /// Applies the walls and becomes the command. `arguments` are those after the subcommand. Call it first thing in
  /// `main`, while the process has one thread.
  public static func run(arguments: [String]) -> Never {
    do throws(SandboxError) {
      let request = try parse(arguments)
      try apply(request)
      become(request.command)
    } catch {
      fail("sandbox: \(error.message)", cannotRun)
    }
  }

  struct Request: Hashable, Sendable {
    var foreground = false
    var rules: Int32?
    var filter: Int32?
    /// The command's variables, which we are not started with ourselves.
    var environment: Int32?
    var proxy: Int32?
    var command: [String] = []
  }

  static func parse(_ arguments: [String]) throws(SandboxError) -> Request {
    var request = Request()
    var rest = arguments[...]
    while let option = rest.popFirst() {
      switch option {
      case "--foreground": request.foreground = true
      case "--rules": request.rules = try descriptor(rest.popFirst(), option)
      case "--filter": request.filter = try descriptor(rest.popFirst(), option)
      case "--environment": request.environment = try descriptor(rest.popFirst(), option)
      case "--proxy": request.proxy = try descriptor(rest.popFirst(), option)
      case "--":
        request.command = Array(rest)
        guard !rest.isEmpty else { throw SandboxError(.system, "no command") }
        return request
      default: throw SandboxError(.system, "unknown option \(option)")
      }
    }
    throw SandboxError(.system, "no command")
  }

  private static func descriptor(_ text: String?, _ option: String) throws(SandboxError) -> Int32 {
    guard let text, let number = Int32(text), number > 2 else {
      throw SandboxError(.system, "\(option) needs a descriptor")
    }
    return number
  }

  private static func apply(_ request: Request) throws(SandboxError) {
    // All are read before the first wall stands.
    let rules = try request.rules.map { (fd) throws(SandboxError) in try readAll(fd) }
    let filter = try request.filter.map { (fd) throws(SandboxError) in try readAll(fd) }
    if let environment = request.environment { try setEnvironment(try readAll(environment)) }
    if rules != nil || filter != nil {
      try check(stet_die_with_parent(), "PR_SET_PDEATHSIG")
      try check(stet_no_new_privileges(), "PR_SET_NO_NEW_PRIVS")
    }
    if let rules {
      try restrict(rules)
      try check(stet_drop_capabilities(), "capset")
    }
    var what: UnsafePointer<CChar>?
    let prepared = stet_prepare_command(request.proxy ?? -1, request.foreground, &what)
    try check(prepared, what.map { String(cString: $0) } ?? "")
    if let filter { try check(stet_seccomp_load(filter, filter.count), "seccomp") }
  }

  private static func setEnvironment(_ bytes: [UInt8]) throws(SandboxError) {
    for item in bytes.split(separator: 0) {
      guard let equals = item.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = item[..<equals].map { CChar(bitPattern: $0) } + [0]
      let value = item[(equals + 1)...].map { CChar(bitPattern: $0) } + [0]
      let result = setenv(name, value, 1)
      try check(result == 0 ? 0 : -errno, "setenv")
    }
  }

  private static func restrict(_ bytes: [UInt8]) throws(SandboxError) {
    guard let rules = LandlockRules(bytes) else { throw SandboxError(.system, "unreadable rules") }
    let ruleset = stet_landlock_create(Int32(clamping: rules.abi), rules.denyNetwork)
    try check(ruleset, "landlock_create_ruleset")
    for rule in rules.rules {
      let result = stet_landlock_allow(ruleset, rule.path, rule.rights)
      // What is gone or closed to us since the rules were made needs no grant.
      if result != -ENOENT, result != -EACCES { try check(result, rule.path) }
    }
    try check(stet_landlock_restrict(ruleset), "landlock_restrict_self")
  }

  private static func readAll(_ fd: Int32) throws(SandboxError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(fd, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { try check(-errno, "reading descriptor \(fd)") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  private static func check(_ result: Int32, _ what: String) throws(SandboxError) {
    guard result < 0 else { return }
    throw SandboxError(.system, "\(what): \(errorText(-result))", underlying: -result)
  }

  private static func become(_ command: [String]) -> Never {
    let name = command.first ?? ""
    let strings = CStrings(command)
    var wasFound = true
    let reason = -withExtendedLifetime(strings) { stet_become(strings.pointer, &wasFound) }
    guard wasFound else { fail("\(name): command not found", notFound) }
    fail("\(name): \(errorText(reason))", reason == ENOENT ? notFound : cannotRun)
  }

  private static func fail(_ text: String, _ code: Int32) -> Never {
    let bytes = Array("stet: \(text)\n".utf8)
    // Nobody is left to tell when this fails; the exit code remains.
    _ = write(2, bytes, bytes.count)
    _exit(code)
  }
}
