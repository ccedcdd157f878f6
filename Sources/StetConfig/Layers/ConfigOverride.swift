import StetJSON

/// One `-c key=value`: a dotted key, and a value that is TOML or else a plain string.
struct ConfigOverride {
  let path: [String]
  let value: JSONValue
  let text: String

  /// Throws if there is no `=` or no key.
  init(parsing text: String) throws(ConfigurationError) {
    var lexer = TOMLLexer(Array(text.utf8))
    guard let path = lexer.key(), lexer.current == UInt8(ascii: "=") else {
      throw ConfigurationError(
        .value, file: "-c \(text)", "This is not key=value.", advice: "Write for example -c model=gpt-5.5.")
    }
    self.text = text
    self.path = path
    value = Self.value(String(decoding: lexer.bytes[(lexer.index + 1)...], as: UTF8.self))
  }

  /// The members of a thread's `config`: their names may be dotted keys too.
  static func tree(_ members: JSONObject) -> JSONObject {
    var tree = JSONObject()
    for (key, value) in members {
      var lexer = TOMLLexer(Array(key.utf8))
      let path = lexer.key()
      let isKey = lexer.index == lexer.bytes.count
      tree.set((isKey ? path ?? [key] : [key])[...], value)
    }
    return tree
  }

  static func tree(_ overrides: [ConfigOverride]) -> JSONObject {
    var tree = JSONObject()
    for override in overrides { tree.set(override.path[...], override.value) }
    return tree
  }

  private static func value(_ text: String) -> JSONValue {
    let parsed = Result { () throws(ConfigurationError) in try TOMLDocument("value = \(text)", file: "-c") }
    // A line break in the text could add keys of its own: then it is no value.
    if case .success(let document) = parsed, document.values.count == 1, let value = document.values["value"]
    {
      return value
    }
    var plain = text[...]
    while let first = plain.first, first == " " || first == "\t" { plain = plain.dropFirst() }
    while let last = plain.last, last == " " || last == "\t" { plain = plain.dropLast() }
    return .string(String(plain))
  }
}
