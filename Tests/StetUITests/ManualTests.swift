import StetTestSupport
import Testing

@testable import StetUI

/// The keys of the manual are those of the one table (U26).
@Suite struct ManualTests {
  private static let begin =
    ".\\\" The keys below come from the table of bindings; STET_RECORD=1 writes them anew.\n"
  private static let end = ".\\\" The end of what comes from the table.\n"

  /// Every context with its keys and their words, as the manual's roff.
  private static func keys() -> String {
    var text = ""
    for context in KeyContext.allCases {
      text += ".SS \(escaped(context.title))\n"
      for binding in Keymap.standard.bindings(in: context) {
        let keys = binding.keys.map { escaped($0.description) }.joined(separator: "\\fR, \\fB")
        text += ".TP\n\\fB\(keys)\\fR\n\(escaped(binding.words))\n"
      }
    }
    text += ".SS Commands\n"
    for command in SlashCommand.allCases {
      text += ".TP\n\\fB\(escaped("/" + command.rawValue))\\fR\n\(escaped(command.words))\n"
    }
    return text
  }

  /// Hyphens and backslashes are what they are, and no line begins a request.
  private static func escaped(_ text: String) -> String {
    var roff = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": roff += "\\e"
      case "-": roff += "\\-"
      case "'": roff += "\\(aq"
      case "^": roff += "\\(ha"
      case "~": roff += "\\(ti"
      case "`": roff += "\\(ga"
      default: roff.unicodeScalars.append(scalar)
      }
    }
    return roff.hasPrefix(".") ? "\\&" + roff : roff
  }

  @Test("U26: the manual names every key and command of the table, and no other")
  func u26_manual() throws {
    let path =
      "\(#filePath)".split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Documentation/stet.1"
    let manual = try #require(try Golden.read(path))
    let parts = manual.split(separator: Self.begin, maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.last?.split(separator: Self.end, maxSplits: 1, omittingEmptySubsequences: false) ?? []
    try #require(parts.count == 2 && rest.count == 2)
    let wanted = Self.keys()
    if Golden.isRecording {
      try Golden.write("\(parts[0])\(Self.begin)\(wanted)\(Self.end)\(rest[1])", to: path)
    } else {
      #expect(rest[0] == wanted, "STET_RECORD=1 writes the keys of the manual anew")
    }
  }
}
