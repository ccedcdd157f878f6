import Glibc

/// The variables of the user's login shell, taken once, so that commands need not run as a login shell and no
/// start-up file can write into their output (agent-core T10).
public struct LoginEnvironment: Hashable, Sendable {
  public var variables: [String: String]
  /// The shell that was asked; nil if `variables` are only what stet itself was started with.
  public var shell: String?
  /// Why they are only that, for the user to read.
  public var problem: String?

  /// Time that start-up files get: version managers take a second or two.
  public static let defaultTimeLimit: Duration = .seconds(5)
  /// More than any real environment; the kernel's own limit for a new process is about this.
  static let outputLimit = 2 << 20
  /// Tells start-up files that nobody will type.
  static let flag = "STET_RESOLVING_ENVIRONMENT"

  /// Runs the login shell and reads its environment; falls back to `inherited`, saying why. Takes up to twice
  /// `timeLimit`. `shell` nil: the account's, else `/bin/sh`.
  public static func capture(
    shell: String? = nil, inherited: [String: String], timeLimit: Duration = defaultTimeLimit
  ) async -> LoginEnvironment {
    let shell = shell ?? loginShell(inherited)
    // Interactive first: most people set PATH in files that only interactive shells read.
    var problem = ""
    for flags in [["-l", "-i", "-c"], ["-l", "-c"]] {
      do throws(ProcessError) {
        if let found = try await run(shell, flags, inherited, timeLimit) {
          return LoginEnvironment(variables: clean(found, inherited), shell: shell, problem: nil)
        }
        problem = "\(shell) \(flags.joined(separator: " ")) did not print its environment in time"
      } catch {
        problem = error.message
      }
    }
    return LoginEnvironment(variables: inherited, shell: nil, problem: problem)
  }

  /// The account's shell, else `SHELL`, else `/bin/sh`.
  static func loginShell(_ environment: [String: String]) -> String {
    if let shell = environment["SHELL"], shell.hasPrefix("/"), access(shell, X_OK) == 0 { return shell }
    var entry = passwd()
    var result: UnsafeMutablePointer<passwd>?
    // Names, home and shell of one account; more than that is no account.
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    if getpwuid_r(getuid(), &entry, &buffer, buffer.count, &result) == 0, result != nil,
      let name = entry.pw_shell
    {
      let shell = String(cString: name)
      if !shell.isEmpty, access(shell, X_OK) == 0 { return shell }
    }
    return "/bin/sh"
  }

  private static func run(
    _ shell: String, _ flags: [String], _ inherited: [String: String], _ timeLimit: Duration
  ) async throws(ProcessError) -> [String: String]? {
    let marker = "stet-\(UInt64.random(in: .min ... .max))-environment"
    var environment = inherited
    environment[flag] = "1"
    let script = "printf '%s' '\(marker)'; command env -0; printf '%s' '\(marker)'"
    let directory = inherited["HOME"].flatMap { access($0, X_OK) == 0 ? $0 : nil } ?? "/"
    let result = try await ProcessSession.run(
      Command(argv: [shell] + flags + [script], cwd: directory, environment: environment, errors: .discarded),
      outputLimit: outputLimit, timeLimit: timeLimit, grace: .zero)
    return parse(result.output, marker: Array(marker.utf8))
  }

  /// What stands between two markers, in NUL-ended `name=value`; nil if it is not whole.
  static func parse(_ bytes: [UInt8], marker: [UInt8]) -> [String: String]? {
    let ranges = bytes.ranges(of: marker)
    guard ranges.count >= 2, let end = ranges.last else { return nil }
    var variables: [String: String] = [:]
    for item in bytes[ranges[ranges.count - 2].upperBound..<end.lowerBound].split(separator: 0) {
      guard let equals = item.firstIndex(of: UInt8(ascii: "=")), equals > item.startIndex else { continue }
      let name = String(decoding: item[..<equals], as: UTF8.self)
      // Values are passed on as text; one that is not UTF-8 would be changed, so it is left out.
      guard let value = String(validating: item[(equals + 1)...], as: UTF8.self) else { continue }
      variables[name] = value
    }
    return variables.isEmpty ? nil : variables
  }

  /// Leaves out what the asking shell set about itself.
  private static func clean(_ found: [String: String], _ inherited: [String: String]) -> [String: String] {
    var variables = found
    for name in [flag, "_", "PWD", "OLDPWD"] { variables[name] = nil }
    variables["SHLVL"] = inherited["SHLVL"]
    variables["TERM"] = inherited["TERM"]
    return variables
  }
}
