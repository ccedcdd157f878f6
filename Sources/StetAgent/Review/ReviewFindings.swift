import StetJSON

/// The reviewer's answer as the user reads it: findings of JSON rendered, other text as it is (protocol.md §4).
enum ReviewFindings {
  /// More findings are no priorities.
  private static let limit = 100

  static let failed = "The reviewer gave no answer."
  static let interrupted = "The review was interrupted. Start it again and wait for its end."

  static func render(_ answer: String) -> String {
    guard let review = json(answer) else { return answer.allSatisfy(\.isWhitespace) ? failed : answer }
    var parts: [String] = []
    if let text = review["overall_explanation"]?.stringValue, !text.allSatisfy(\.isWhitespace) {
      parts.append(text)
    }
    let findings = (review["findings"]?.arrayValue ?? []).prefix(limit).map(finding)
    if !findings.isEmpty {
      parts.append(findings.count == 1 ? "Review comment:" : "Full review comments:")
      parts += findings
    }
    return parts.isEmpty ? failed : parts.joined(separator: "\n\n")
  }

  /// The object of an answer that holds the members of a review, also inside a fence or between words.
  private static func json(_ answer: String) -> JSONValue? {
    guard let start = answer.firstIndex(of: "{"), let end = answer.lastIndex(of: "}"), start < end,
      let value = try? JSONValue(parsing: String(answer[start...end])),  // no JSON: shown as text
      value["findings"]?.arrayValue != nil || value["overall_explanation"]?.stringValue != nil
    else { return nil }
    return value
  }

  private static func finding(_ value: JSONValue) -> String {
    let title = value["title"]?.stringValue ?? "Finding"
    var place = ""
    if let path = value["code_location"]?["absolute_file_path"]?.stringValue {
      place = " — \(path)"
      let range = value["code_location"]?["line_range"]
      if let start = range?["start"]?.intValue { place += ":\(start)-\(range?["end"]?.intValue ?? start)" }
    }
    let body = (value["body"]?.stringValue ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    return (["- \(title)\(place)"] + body.map { "  \($0)" }).joined(separator: "\n")
  }
}
