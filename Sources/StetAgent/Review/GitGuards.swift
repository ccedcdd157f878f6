/// A git that stet runs to read: nothing that a repository configures is executed (S12).
public enum GitGuards {
  /// No hooks, no monitor, no pager, no external diff, no signing program, no credential helper. They stand before
  /// git's own command.
  public static let options = [
    "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "-c", "core.pager=cat",
    "-c", "core.sshCommand=false", "-c", "credential.helper=", "-c", "gpg.program=false",
    "-c", "core.attributesFile=/dev/null",
  ]

  /// Options of `git diff`: no drivers, no text conversions; and no look into submodules, whose git would be started
  /// without these guards.
  public static let diffOptions = [
    "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty",
  ]

  /// A command of git that lists the names of all filters with where they are configured. All files are asked at once:
  /// asked for one, git leaves out what that file includes.
  public static let listFilters = [
    "config", "--show-scope", "-z", "--name-only", "--get-regexp",
    "^filter\\..*\\.(clean|smudge|process|required)$",
  ]

  /// A setting that makes git run a filter.
  public struct Filter: Hashable, Sendable {
    public var name: String
    /// Whether the repository says so, which the model may write; else the user does.
    public var isRepositorys: Bool
  }

  /// What `listFilters` printed; nil where it can't be read, and the diff must not be made.
  public static func filters(in list: [UInt8]) -> [Filter]? {
    var filters: [Filter] = []
    var parts = list.split(separator: 0, omittingEmptySubsequences: false)[...]
    if parts.last?.isEmpty == true { parts.removeLast() }
    while let scope = parts.popFirst() {
      // A name that is no text could not be told to git again.
      guard let name = parts.popFirst().flatMap({ String(validating: $0, as: UTF8.self) }) else { return nil }
      let isUsers = ["system", "global", "command"].contains { $0.utf8.elementsEqual(scope) }
      filters.append(Filter(name: name, isRepositorys: !isUsers))
    }
    return filters
  }

  /// Variables for such a git: nothing is fetched that is not there, and these filters do not run. Not as options: there
  /// a name with `=` in it would end at that.
  public static func environment(
    _ environment: [String: String], without filters: [Filter] = []
  ) -> [String: String] {
    var variables = environment
    variables["GIT_EXTERNAL_DIFF"] = nil
    variables["GIT_ALLOW_PROTOCOL"] = ""
    variables["GIT_NO_LAZY_FETCH"] = "1"
    var count = variables["GIT_CONFIG_COUNT"].flatMap { UInt16($0) }.map(Int.init) ?? 0
    for filter in filters {
      variables["GIT_CONFIG_KEY_\(count)"] = filter.name
      variables["GIT_CONFIG_VALUE_\(count)"] = filter.name.hasSuffix(".required") ? "false" : ""
      count += 1
    }
    if !filters.isEmpty { variables["GIT_CONFIG_COUNT"] = "\(count)" }
    return variables
  }
}
