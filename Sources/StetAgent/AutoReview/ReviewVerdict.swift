import StetJSON
import StetProtocol

/// What a model said of an action. Anything but a whole and clear yes or no is none.
enum ReviewVerdict: Sendable {
  case allowed(Opinion)
  case denied(Opinion)
  case unclear(String)

  struct Opinion: Sendable {
    let risk: GuardianRiskLevel
    let authorization: GuardianUserAuthorization
    let rationale: String
  }

  /// Characters of a rationale that are kept: it is a sentence.
  static let rationaleLimit = 400
  /// Bytes of an answer; a verdict has a hundred or two.
  private static let answerLimit = 8_000
  private static let members: Set<String> = ["outcome", "risk_level", "user_authorization", "rationale"]

  init(_ answer: String) {
    guard answer.utf8.count <= Self.answerLimit else {
      self = .unclear("its answer is no verdict")
      return
    }
    let object: JSONObject
    do {
      guard let found = try JSONValue(parsing: Self.unfenced(answer)).objectValue else {
        self = .unclear("its answer is no verdict")
        return
      }
      object = found
    } catch {
      self = .unclear("its answer is no verdict")
      return
    }
    // Which of two verdicts counts, or what a further member means, is not ours to guess.
    guard Set(object.keys) == Self.members, Self.isSaidOnce(answer),
      let risk = Self.variant(GuardianRiskLevel.self, object["risk_level"]),
      let authorization = Self.variant(GuardianUserAuthorization.self, object["user_authorization"]),
      let rationale = object["rationale"]?.stringValue
    else {
      self = .unclear("its answer is no verdict")
      return
    }
    let opinion = Opinion(
      risk: risk, authorization: authorization, rationale: String(rationale.prefix(Self.rationaleLimit)))
    switch (object["outcome"]?.stringValue, risk, authorization) {
    case ("deny", _, _): self = .denied(opinion)
    case ("allow", .low, _), ("allow", .medium, _), ("allow", .high, .high): self = .allowed(opinion)
    case ("allow", _, _): self = .unclear("it would allow what it takes for a \(risk.name) risk")
    default: self = .unclear("its answer is no verdict")
    }
  }

  /// One code fence around the whole answer is left out; local models like to write one.
  private static func unfenced(_ answer: String) -> String {
    let lines = answer.split(separator: "\n", omittingEmptySubsequences: false).filter {
      !$0.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
    guard lines.count >= 3, let first = lines.first, first == "```" || first == "```json", lines.last == "```"
    else { return answer }
    return lines.dropFirst().dropLast().joined(separator: "\n")
  }

  /// A repeated member keeps its last value when JSON is read.
  private static func isSaidOnce(_ answer: String) -> Bool {
    let name = Array("\"outcome\"".utf8)
    let bytes = Array(answer.utf8)[...]
    guard let first = bytes.firstRange(of: name) else { return false }
    return bytes[first.upperBound...].firstRange(of: name) == nil
  }

  private static func variant<Value: WireEnum>(_ type: Value.Type, _ value: JSONValue?) -> Value? {
    guard let name = value?.stringValue else { return nil }
    return type.variants.first { $0.name == name }?.value
  }
}
