import ArgumentParser
import StetProtocol

/// `stet exec review`: the model reviews changes and changes nothing.
struct ExecReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Let the model review changes: those not committed, of a branch, or of a commit.")

  @OptionGroup var options: ExecOptions

  @Flag(help: "Staged, unstaged and untracked changes (the default).")
  var uncommitted = false

  @Option(help: ArgumentHelp("What the current branch adds to this one.", valueName: "branch"))
  var base: String?

  @Option(help: ArgumentHelp("One commit.", valueName: "sha"))
  var commit: String?

  @Option(help: "The commit's title, for the summary.")
  var title: String?

  @Argument(help: "Instructions of your own in place of all these; - reads them from standard input.")
  var instructions: String?

  func validate() throws {
    let chosen = [uncommitted, base != nil, commit != nil, instructions != nil].count { $0 }
    guard chosen <= 1 else {
      throw ValidationError("Choose one of --uncommitted, --base, --commit and instructions.")
    }
    guard title == nil || commit != nil else { throw ValidationError("--title belongs to --commit.") }
  }

  func run() throws {
    try ExecRun(options: options, task: .review(target), prompt: instructions).run()
  }

  /// With instructions, they take the target's place once they are read.
  private var target: ReviewTarget {
    if let base { return .baseBranch(branch: base) }
    if let commit { return .commit(CommitReviewTarget(sha: commit, title: title)) }
    return .uncommittedChanges
  }
}
