import ArgumentParser
import Glibc

/// `stet sessions show`.
struct SessionsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print what was said and done in a thread.")

  @OptionGroup var choice: ThreadChoice

  func run() throws {
    let choice = choice
    try SessionsClient.run { client in
      let thread = try await client.read(choice)
      let isStyled = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
      for line in ThreadText(isStyled: isStyled).lines(thread) { print(line) }
    }
  }
}
