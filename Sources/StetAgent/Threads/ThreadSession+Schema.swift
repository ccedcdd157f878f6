import StetJSON

extension ThreadSession {
  /// The schema of a turn's answer: a parameter for providers that take one, else an instruction that is checked here
  /// (X6). A parameter is a promise of the provider, which clients hold it to as they like; where nobody else is there
  /// to look, it is checked here too.
  func takeSchema(_ schema: JSONValue?, _ model: TurnModel) {
    guard let schema, !schema.isNull else { return }
    if model.target.provider == nil || model.metadata.flags.jsonSchema {
      running?.outputSchema = schema
      if services.environment.isHeadless {
        running?.machine.answer = AnswerCheck(schema, isParameter: true)
      }
      return
    }
    let check = AnswerCheck(schema)
    running?.machine.answer = check
    let unchecked = check.schema.unchecked
    if !unchecked.isEmpty {
      feed.warn("The output schema is checked without \(unchecked.joined(separator: ", ")).")
    }
  }
}
