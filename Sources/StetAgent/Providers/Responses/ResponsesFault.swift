import StetJSON

/// Reads what a provider says about a failure: error objects of the stream and bodies of HTTP errors.
enum ResponsesFault {
  /// The `error` object of `response.failed` or of an `error` event.
  static func error(_ value: JSONValue) -> ModelError {
    let code = value["code"]?.stringValue ?? value["type"]?.stringValue ?? "unknown"
    let said = value["message"]?.stringValue ?? value.stringValue ?? ""
    let message = said.isEmpty ? "The model server reported an error (\(code))." : said
    return ModelError(
      .event(code: code), code: code, message: message, details: value.isNull ? nil : value.text,
      retryAfterMs: code == "rate_limit_exceeded" || code == "slow_down" ? waitInText(said) : nil)
  }

  /// An HTTP status other than success; `body` as far as it was read.
  ///
  /// - Parameter nowMs: what a moment in the body is held against; without it such a moment says nothing.
  static func http(
    status: Int, body: [UInt8], retryAfterMs: Int?, host: String, nowMs: Int64? = nil
  ) -> ModelError {
    let text = String(decoding: body, as: UTF8.self)
    var code: String?
    var said: String?
    var wait = retryAfterMs
    if let list = try? JSONValue(parsing: body) {  // a body that is no JSON is shown as text
      let value = list[0] ?? list  // Google's come in a list
      let fault = value["error"] ?? value
      code = fault["code"]?.stringValue ?? fault["type"]?.stringValue
      said = fault["message"]?.stringValue ?? fault.stringValue ?? value["detail"]?.stringValue
      if wait == nil { wait = reset(fault, nowMs) }
      if wait == nil, status == 429, let said { wait = waitInText(said) }
    }
    return ModelError(
      .http(status: status), code: code, message: message(status, said: said, body: text, host: host),
      details: text.isEmpty ? nil : text, retryAfterMs: wait)
  }

  // MARK: - Parts

  /// When a used up limit begins anew: seconds from now, or a moment in seconds since 1970.
  private static func reset(_ fault: JSONValue, _ nowMs: Int64?) -> Int? {
    let limit = 1 << 40
    if let seconds = fault["resets_in_seconds"]?.intValue, (0...limit).contains(seconds) {
      return seconds * 1_000
    }
    guard let nowMs, let moment = fault["resets_at"]?.intValue, (0...limit).contains(moment) else {
      return nil
    }
    return Int(max(0, Int64(moment) * 1_000 - nowMs))
  }

  private static func message(_ status: Int, said: String?, body: String, host: String) -> String {
    let reason = said.map { ": \($0)" } ?? ""
    switch status {
    case 400:
      return said ?? (body.isEmpty ? "\(host) refused the request (400)." : String(body.prefix(1_000)))
    case 401:
      return
        "\(host) does not accept the API key (401)\(reason). Set the key that the provider's env_key names, "
        + "then try again."
    case 403: return "\(host) refuses access (403)\(reason)."
    case 404: return "\(host) does not know this model or address (404)\(reason)."
    case 429: return "\(host) limits requests (429)\(reason)."
    default: return "\(host) answered \(status)\(reason.isEmpty ? "." : reason)"
    }
  }

  /// "try again in 1.5s", "retry in 820ms" inside a sentence.
  static func waitInText(_ text: String) -> Int? {
    let lower = text.lowercased()
    guard let range = lower.firstRange(of: "try again in ") ?? lower.firstRange(of: "retry in ") else {
      return nil
    }
    let rest = lower[range.upperBound...]
    let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(number), value.isFinite, value >= 0, value < 1e7 else { return nil }
    let unit = rest.dropFirst(number.count).drop { $0 == " " }
    if unit.hasPrefix("ms") || unit.hasPrefix("milli") { return Int(value.rounded(.up)) }
    if unit.hasPrefix("m") { return Int((value * 60_000).rounded(.up)) }
    if unit.hasPrefix("h") { return Int((value * 3_600_000).rounded(.up)) }
    return Int((value * 1_000).rounded(.up))
  }
}
