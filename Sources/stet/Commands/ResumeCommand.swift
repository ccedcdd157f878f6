import ArgumentParser
import StetUI

/// `stet resume`: comes back to a thread.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Come back to a thread: the one named, the last one, or one from a list."
  )

  @OptionGroup var options: CommonOptions
  @OptionGroup var server: ServerOptions

  @Flag(name: .long, help: "The newest thread of this directory.")
  var last = false

  @Argument(help: "The thread's id.")
  var thread: String?

  func validate() throws {
    if last, thread != nil { throw ValidationError("Name a thread or say --last, not both.") }
  }

  func run() throws {
    let launch: Launch = thread.map { .resume($0) } ?? (last ? .resumeLast : .picker)
    try InterfaceRun(on: server, options, launch: launch).run()
  }
}
