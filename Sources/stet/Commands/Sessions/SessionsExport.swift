import ArgumentParser
import Glibc
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
      try Self.write(text, to: output)
    }
  }

  /// A thread may hold what only its user is to see, so the file is theirs alone. One that is there is kept.
  private static func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SessionsFault("\(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = String(cString: strerror(errno))
        unlink(path)
        throw SessionsFault("\(path) can't be written: \(reason)")
      }
      offset += count
    }
  }
}
