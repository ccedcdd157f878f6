import ArgumentParser
import StetJSON
import StetProtocol

/// `stet sessions export`.
struct SessionsExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a whole thread as Markdown or JSON.")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case markdown, md, json
  }

  @OptionGroup var choice: ThreadChoice

  @Option(name: [.short, .long], help: "markdown or json.")
  var format = Format.markdown

  @Option(
    name: [.short, .long], help: "Write to this new file instead of standard output.", completion: .file())
  var output: String?

  func run() throws {
    let (choice, format, output) = (choice, format, output)
    try SessionsClient.run { client in
      let thread = try await client.read(choice)
      let text =
        format == .json ? try JSONValue(encoding: thread).text + "\n" : ThreadMarkdown().document(thread)
      guard let output else { return print(text, terminator: "") }
      try NewFile.write(text, to: output)
    }
  }
}
