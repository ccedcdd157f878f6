import FoundationEssentials
import StetProcess
import StetProtocol

/// Searches with the ripgrep that is installed.
struct Ripgrep {
  private let program: String
  private let policy: ReadPolicy
  private let settings: TurnSettings
  private let environment: [String: String]

  /// Nil when there is no ripgrep. One that lies in the workspace, or where the model may write, is none: it would run
  /// outside the sandbox.
  init?(_ context: ToolContext) {
    let path = context.processEnvironment["PATH"] ?? "/usr/bin:/bin"
    let settings = context.settings
    let roots = (settings.writableRoots + (settings.workspaceRoots + [settings.cwd]).map(RealPath.of)).filter
    {
      $0 != "/"
    }
    let found = path.split(separator: ":").lazy.map { "\($0)/rg" }.first { candidate in
      candidate.hasPrefix("/") && FileManager.default.isExecutableFile(atPath: candidate)
        && !roots.contains { RealPath.of(candidate).hasPrefix($0 + "/") }
    }
    guard let found else { return nil }
    program = found
    policy = ReadPolicy(context)
    self.settings = settings
    environment = EnvironmentPolicy.filtered(
      context.processEnvironment, excluding: context.secretNames)
  }

  func search(_ query: SearchQuery, in target: String) async throws -> ToolOutput {
    let command = Command(
      // Its globs count from the directory it runs in; those for the kernel's files from the root.
      argv: arguments(query, target), cwd: target == "/" ? target : settings.cwd, environment: environment,
      errors: .separate)
    let result = try await ProcessSession.run(
      command, outputLimit: SearchTool.outputLimit, timeLimit: SearchTool.timeLimit)
    // Code 2 comes also for files that may not be read; then there is no message but for a bad pattern or glob.
    // It draws the pattern first, and ends with the reason.
    let complaint = String(decoding: result.errorOutput.prefix(16 << 10), as: UTF8.self)
    if result.status.code == 2, let reason = complaint.split(whereSeparator: \.isNewline).last {
      return .failure(
        "The search failed: \(reason.prefix(500))",
        "Mend the pattern; it is Rust's regular expression syntax.")
    }
    var report = SearchReport(limit: query.limit)
    report.isPartial = result.truncated || result.timedOut
    var lines = result.output.split(separator: 0x0A)
    if report.isPartial { _ = lines.popLast() }
    for line in lines { add(line, to: &report) }
    return report.output
  }

  private func arguments(_ query: SearchQuery, _ target: String) -> [String] {
    var argv = [
      program, "--no-config", "--no-messages", "--null", "--line-number", "--no-heading", "--with-filename",
      "--color=never", "--hidden", "--sort=path", "--max-columns=2000", "--max-columns-preview",
      // As git would ignore it, if it were a repository. A return before a line feed is no part of a line.
      "--no-require-git", "--crlf",
      // One more than is shown, so that it is known that there is more.
      "--max-count=\(query.limit + 1)",
    ]
    if query.ignoresCase { argv.append("--ignore-case") }
    if let glob = query.glob { argv.append("--glob=\(glob)") }
    if target == "/" { argv += ReadPolicy.kernel.map { "--glob=!\($0)" } }
    // The last glob wins. Everything behind -- is data, whatever it begins with.
    return argv + ["--glob=!.git", "--regexp=\(query.pattern)", "--", target]
  }

  /// A line `path NUL number : text`.
  private func add(_ line: ArraySlice<UInt8>, to report: inout SearchReport) {
    guard let end = line.firstIndex(of: 0) else { return }
    let path = String(decoding: line[..<end], as: UTF8.self)
    if policy.denies(path) { return }
    var rest = line[(end + 1)...]
    if rest.last == 0x0D { rest = rest.dropLast() }
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return }
    report.add(
      settings.shown(path), String(decoding: rest[..<colon], as: UTF8.self),
      String(decoding: rest[(colon + 1)...], as: UTF8.self))
  }
}
