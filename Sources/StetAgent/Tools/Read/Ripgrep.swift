import FoundationEssentials
import StetProcess
import StetProtocol

/// Searches with the ripgrep that is installed.
enum Ripgrep {
  /// The matches; nil when there is no ripgrep.
  static func search(_ query: SearchQuery, in target: String, _ context: ToolContext) async throws
    -> ToolOutput?
  {
    guard let program = program(context.processEnvironment["PATH"]) else { return nil }
    var argv = [
      program, "--no-config", "--line-number", "--no-heading", "--with-filename", "--color=never", "--hidden",
      "--glob=!.git", "--sort=path", "--max-columns=2000", "--max-columns-preview",
      "--max-count=\(query.limit)",
    ]
    if query.ignoresCase { argv.append("--ignore-case") }
    if let glob = query.glob { argv.append("--glob=\(glob)") }
    // Everything behind -- is data, whatever it begins with.
    argv += ["--regexp=\(query.pattern)", "--", shown(target, context.settings.cwd)]
    let command = Command(
      argv: argv, cwd: context.settings.cwd,
      environment: EnvironmentPolicy.filtered(context.processEnvironment, excluding: context.secretNames))
    let result = try await ProcessSession.run(
      command, outputLimit: SearchTool.outputLimit, timeLimit: SearchTool.timeLimit)
    let text = String(decoding: result.output, as: UTF8.self)
    switch result.status.shellCode {
    case 0, 1:
      var lines = text.split(separator: "\n")
      if result.truncated { lines = lines.dropLast() }
      return SearchReport.text(
        lines.map { $0.hasPrefix("./") ? $0.dropFirst(2) : $0 }, query, complete: !result.truncated)
    case 2:
      return .failure(
        "The search failed: \(text.prefix(500))", "Mend the pattern; it is Rust's regular expression syntax.")
    default: return .failure("The search took too long.", "Narrow the path or add a glob.")
    }
  }

  /// Paths below the thread's directory are shown from there.
  private static func shown(_ target: String, _ cwd: String) -> String {
    if target == cwd { return "./" }
    return target.hasPrefix(cwd + "/") ? "./" + target.dropFirst(cwd.count + 1) : target
  }

  private static func program(_ path: String?) -> String? {
    (path ?? "/usr/bin:/bin").split(separator: ":").lazy.filter { $0.hasPrefix("/") }.map { "\($0)/rg" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
