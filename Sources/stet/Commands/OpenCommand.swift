import ArgumentParser
import StetUI

/// `stet` without a subcommand: opens the interface on a new thread.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the interface on a new thread (the default).")

  @OptionGroup var options: CommonOptions

  @Argument(help: "The first message.")
  var prompt: String?

  func run() throws {
    try InterfaceRun(
      surroundings: options.surroundings(), overrides: options.threadOverrides, launch: .new(prompt: prompt)
    ).run()
  }
}
