import StetJSON

/// Reads error objects inside a stream that began well: some servers give a status there, some a kind of error.
enum WireFault {
  static func error(_ value: JSONValue) -> ModelError {
    let code = value["code"] ?? value["status"] ?? .null
    let number = code.intValue ?? code.stringValue.flatMap { Int($0) }
    let type = value["type"]?.stringValue
    let known = ResponsesFault.error(value)
    if let code = code.stringValue, number == nil, RetryRules.fatalCodes.contains(code) { return known }
    guard
      let status = number.flatMap({ (400...599).contains($0) ? $0 : nil }) ?? type.flatMap({ statuses[$0] })
    else { return known }
    return ModelError(
      .http(status: status), code: type ?? code.stringValue, message: known.message, details: known.details,
      retryAfterMs: status == 429 ? ResponsesFault.waitInText(known.message) : nil)
  }

  /// The statuses that the kinds of error have outside of a stream (Anthropic's, OpenAI's and their imitators').
  private static let statuses: [String: Int] = [
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "exceed_context_size_error": 400,
    "rate_limit_error": 429, "api_error": 500, "server_error": 500, "internal_server_error": 500,
    "timeout_error": 504, "overloaded_error": 529,
  ]
}
