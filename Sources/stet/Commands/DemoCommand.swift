import ArgumentParser
import StetUI

/// `stet demo`: the whole product on a scratch copy of a small project, with a scripted model.
struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "See the whole product within a minute, offline, on a scratch project.")

  func run() throws {
    try InterfaceRun(surroundings: Surroundings(), isDemo: true).run()
  }
}
