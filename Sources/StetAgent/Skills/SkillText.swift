import StetProtocol

/// What the model is told of skills: once their names and what each is for; the text of one when it is needed.
enum SkillText {
  /// Bytes of the list in the prompt: a name and a sentence for some forty skills.
  private static let budget = 4_000
  /// Bytes of one description while the list is too long.
  private static let shortDescription = 120
  private static let longestName = 64

  /// The list; nil when there are none. Of two skills with a name the nearer one counts.
  static func list(_ skills: [SkillMetadata]) -> String? {
    let skills = distinct(skills)
    guard !skills.isEmpty else { return nil }
    let whole = skills.map { line($0, $0.description) }
    if whole.reduce(0, { $0 + $1.utf8.count + 1 }) <= budget { return block(whole) }
    var lines: [String] = []
    var left = budget
    for skill in skills {
      let short = skill.shortDescription ?? skill.description
      let made = line(skill, String(decoding: short.utf8.prefix(shortDescription), as: UTF8.self))
      left -= made.utf8.count + 1
      if left < 0 { break }
      lines.append(made)
    }
    let rest = skills.count - lines.count
    if rest > 0 { lines.append("- and \(rest) more that found no room here; the user can name them") }
    return block(lines)
  }

  /// The skills that a message names with `$name` and does not carry already.
  static func mentioned(in input: [UserInput], _ skills: [SkillMetadata]) -> [UserInput] {
    guard !skills.isEmpty else { return [] }
    let carried = input.compactMap { if case .skill(let name, _) = $0 { name } else { nil } }
    let names = input.flatMap { part in
      if case .text(let text) = part { Self.names(in: text.text) } else { [] as [String] }
    }
    return distinct(skills).filter { names.contains($0.name) && !carried.contains($0.name) }
      .map { .skill(name: $0.name, path: $0.path) }
  }

  // MARK: - Parts

  private static func distinct(_ skills: [SkillMetadata]) -> [SkillMetadata] {
    var seen: Set<String> = []
    return skills.filter { $0.enabled && seen.insert($0.name).inserted }
  }

  private static func line(_ skill: SkillMetadata, _ description: String) -> String {
    "- \(skill.name): \(description) (\(skill.path))"
  }

  private static func block(_ lines: [String]) -> String {
    """
    <skills>
    Skills are folders with instructions for a kind of task. When a task fits one, read its SKILL.md first and follow it; \
    one that the user names with $name comes with the message.
    \(lines.joined(separator: "\n"))
    </skills>
    """
  }

  /// Words behind a `$`.
  private static func names(in text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false).dropFirst().compactMap {
      rest in
      let word = rest.prefix(longestName).prefix { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
          true
        default: false
        }
      }
      return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }
  }
}
