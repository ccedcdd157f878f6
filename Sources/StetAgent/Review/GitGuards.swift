/// Options for a git that stet runs to read: nothing that a repository configures is executed (S12).
public enum GitGuards {
  /// No hooks, no monitor, no pager, no external diff, no signing program, no credential helper. They stand before
  /// git's own command.
  public static let options = [
    "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", "-c", "core.pager=cat",
    "-c", "core.sshCommand=false", "-c", "credential.helper=", "-c", "gpg.program=false",
    "-c", "core.attributesFile=/dev/null", "-c", "protocol.allow=never",
  ]

  /// Options of `git diff`: no drivers, no text conversions; and no look into submodules, whose git would be started
  /// without these guards.
  public static let diffOptions = [
    "--no-ext-diff", "--no-textconv", "--no-color", "--ignore-submodules=dirty",
  ]

  /// A command of git that lists the names of all filters.
  public static let listFilters = [
    "config", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$",
  ]

  /// Empty commands for every filter in such a list.
  public static func filters(_ list: String) -> [String] {
    list.split(separator: "\n").flatMap { name in
      name.hasSuffix(".required") ? ["-c", "\(name)=false"] : ["-c", "\(name)="]
    }
  }
}
