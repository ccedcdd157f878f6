import ArgumentParser
import Glibc
import StetUI

/// `stet diff`: the review screen alone, for two files, a patch, the working tree or what a thread changed.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Look at a difference in the review screen.",
    discussion: """
      Two files are compared; without any, a patch is read from standard input, or the working tree is compared with \
      HEAD. Where standard output is no terminal the difference is written there as text, so `git config core.pager \
      'stet diff'` and `git difftool -y -x 'stet diff'` work everywhere.
      """)

  @Argument(help: "Two files or two directories.")
  var files: [String] = []

  @Flag(help: "The working tree and the last commit.")
  var head = false

  @Flag(help: "The git index and the last commit.")
  var staged = false

  @Flag(help: "What the last turn with changes did to the files, as they are now.")
  var turn = false

  @Flag(name: .customLong("thread"), help: "What the thread did to the files, as they are now.")
  var wholeThread = false

  @Option(name: .customLong("id"), help: "The thread of --turn and --thread. Default: the newest one.")
  var threadID: String?

  func validate() throws {
    let choices = [head, staged, turn, wholeThread, !files.isEmpty].count(where: { $0 })
    if choices > 1 { throw ValidationError("One of files, --head, --staged, --turn and --thread, please.") }
    if !files.isEmpty, files.count != 2 { throw ValidationError("Two files are compared, or none is named.") }
    if threadID != nil, !turn, !wholeThread { throw ValidationError("--id goes with --turn or --thread.") }
  }

  func run() throws {
    let source = try source()
    guard isatty(STDOUT_FILENO) == 1, !source.diff.files.isEmpty else {
      StandardOutput.write(try source.text)
      return
    }
    try DiffViewer(diff: source.diff).run()
  }

  private func source() throws -> DiffSource {
    if turn || wholeThread { return try DiffSource(thread: threadID, isWhole: wholeThread) }
    if files.count == 2 { return try DiffSource(files[0], files[1]) }
    if staged { return try DiffSource(git: ["--cached"], title: "the index and HEAD") }
    if !head, isatty(STDIN_FILENO) != 1 { return try DiffSource(patchFrom: STDIN_FILENO) }
    return try DiffSource(git: ["HEAD"], title: "the working tree and HEAD")
  }
}
