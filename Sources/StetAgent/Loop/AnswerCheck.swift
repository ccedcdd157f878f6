import StetJSON

/// Whether a turn's last message follows the user's schema, and how often the model may mend it (X6).
struct AnswerCheck: Sendable, Hashable {
  /// How often the model is told what is wrong before the turn fails.
  static let repairLimit = 2

  enum Verdict: Sendable, Hashable {
    case fits
    /// Tell the model this and ask again.
    case repair(String)
    /// Why the turn fails.
    case fail(String)
  }

  let schema: OutputSchema
  /// The provider has the schema as a parameter: the prompt says nothing of it.
  let isParameter: Bool
  private var repairs = 0

  init(_ schema: JSONValue, isParameter: Bool = false) {
    self.schema = OutputSchema(schema: schema)
    self.isParameter = isParameter
  }

  mutating func check(_ text: String) -> Verdict {
    guard let fault = fault(text) else { return .fits }
    guard repairs < Self.repairLimit else {
      return .fail(
        "The answer does not follow the output schema, also after \(Self.repairLimit) corrections: \(fault).")
    }
    repairs += 1
    return .repair(
      """
      <output_schema_error>
      Your answer does not follow the output schema: \(fault). Answer again with nothing but one JSON value that \
      follows it, without a code fence and without any other text.
      </output_schema_error>
      """)
  }

  /// What stands in the prompt in place of a request parameter.
  var instruction: String {
    """
    <output_schema>
    Your final answer must be one JSON value that follows this JSON Schema, without a code fence and without any other \
    text. Use tools first as you need them.
    \(schema.schema.text)
    </output_schema>
    """
  }

  private func fault(_ text: String) -> String? {
    do {
      return schema.fault(in: try JSONValue(parsing: text))
    } catch {
      return text.isEmpty ? "it is empty" : "it is not JSON alone (\(error.message))"
    }
  }
}
