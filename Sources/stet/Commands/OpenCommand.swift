import ArgumentParser
import StetUI

/// `stet` without a subcommand: opens the interface on a new thread.
struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the interface on a new thread.")

  @OptionGroup var options: CommonOptions
  @OptionGroup var server: ServerOptions

  @Argument(help: "The first message.")
  var prompt: String?

  func run() throws {
    try InterfaceRun(on: server, options, launch: .new(prompt: prompt)).run()
  }
}
