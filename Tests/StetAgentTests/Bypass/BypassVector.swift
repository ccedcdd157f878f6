import FoundationEssentials
import Testing

/// One way around approvals or the sandbox, from the corpus in `Goldens/bypass-vectors.txt`.
struct BypassVector: Sendable, CustomTestStringConvertible {
  let kind: String
  let source: String
  let script: String

  var testDescription: String { "\(kind): \(source)" }

  /// All of the corpus, in its order.
  static let all: [BypassVector] = {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = folder.joined(separator: "/") + "/Goldens/bypass-vectors.txt"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    var vectors: [BypassVector] = []
    var head: (kind: String, source: String)?
    var lines: [Substring] = []
    func finish() {
      defer { lines = [] }
      guard let head else { return }
      while lines.last?.isEmpty == true { lines.removeLast() }
      vectors.append(
        BypassVector(kind: head.kind, source: head.source, script: lines.joined(separator: "\n")))
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("== ") {
        finish()
        let parts = line.dropFirst(3).split(separator: "|", maxSplits: 1).map { $0.trimmed }
        head = (parts.first ?? "", parts.last ?? "")
      } else if head != nil {
        lines.append(line)
      }
    }
    finish()
    return vectors
  }()

  /// Characters that would not be seen in the corpus.
  private static let characters = [
    "{NBSP}": "\u{A0}", "{RLO}": "\u{202E}", "{ZWSP}": "\u{200B}", "{FULLWIDTH-SEMICOLON}": "\u{FF1B}",
    "{CYRILLIC-ES}": "\u{441}", "{BRAILLE-BLANK}": "\u{2800}",
  ]

  /// The script for the folders of a test.
  func script(out: String, home: String, own: String) -> String {
    let folders = ["{OUT}": out, "{HOME}": home, "{OWN}": own]
    return folders.merging(Self.characters) { first, _ in first }.reduce(script) { text, entry in
      text.replacing(entry.key, with: entry.value)
    }
  }

  static var kinds: [String] { all.map(\.kind).reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

  static func of(_ kind: String) -> [BypassVector] { all.filter { $0.kind == kind } }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
