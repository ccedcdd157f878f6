import ArgumentParser
import Glibc
import StetJSON
import StetProtocol

/// `stet sessions search`.
struct SessionsSearch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Find threads by messages, commands, paths and names.")

  @Argument(help: "Words that must all occur, in any case; or, with --regex, a regular expression.")
  var query: [String]

  @Flag(name: [.customShort("e"), .long], help: "The query is a regular expression.")
  var regex = false

  @Flag(name: .long, help: "Mind the case of letters.")
  var caseSensitive = false

  @Option(name: [.customShort("C"), .customLong("cd")], help: "Threads of this directory only.")
  var directory: String?

  @Flag(name: .long, help: "Archived threads instead.")
  var archived = false

  @Option(name: .long, help: "Only items of this type, such as commandExecution; may be repeated.")
  var kind: [String] = []

  @Option(name: [.customShort("n"), .long], help: "At most so many threads.")
  var limit: UInt32 = 20

  @Flag(name: .long, help: "As a JSON array.")
  var json = false

  func run() throws {
    let directory = try directory.map { try Surroundings(directory: $0).directory }
    let params = StetThreadSearchParams(
      query: query.joined(separator: " "), mode: regex ? .regex : .text, caseSensitive: caseSensitive,
      cwd: directory, archived: archived, kinds: kind.isEmpty ? nil : kind, limit: limit)
    let json = json
    try SessionsClient.run { client in
      let found = try await client.client.call(params)
      if json {
        print(try JSONValue(encoding: found.data).text)
      } else {
        Self.show(found)
      }
      if found.isPartial {
        StandardError.print("stet: the search was ended before all was read; a narrower query may find more.")
      }
    }
  }

  private static func show(_ found: StetThreadSearchResponse) {
    if found.data.isEmpty { print("Nothing found.") }
    let isStyled = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
    for result in found.data {
      print(SessionsList.row(result.thread))
      for match in result.matches.prefix(5) {
        print("    \(match.kind): \(isStyled ? marked(match) : PlainText.clean(match.snippet))")
      }
      if result.matches.count > 5 { print("    … \(result.matches.count - 5) more") }
    }
    if found.nextCursor != nil { print("… more threads; --limit shows them") }
  }

  /// The snippet with what fits in bold.
  private static func marked(_ match: StetThreadSearchMatch) -> String {
    let units = Array(match.snippet.utf16)
    var text = ""
    var place = 0
    for range in match.ranges
    where range.start >= place && range.end <= units.count && range.start < range.end {
      text += PlainText.clean(String(decoding: units[place..<range.start], as: UTF16.self))
      text +=
        "\u{1B}[1m\(PlainText.clean(String(decoding: units[range.start..<range.end], as: UTF16.self)))\u{1B}[0m"
      place = range.end
    }
    return text + PlainText.clean(String(decoding: units[place...], as: UTF16.self))
  }
}
