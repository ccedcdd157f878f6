import StetJSON

/// Holds values against the schema: a wrong type is an error with its place, an unknown key a warning.
struct ConfigCheck {
  let file: String
  /// Where keys stand; nil for values that come from no file.
  let outline: TOMLOutline?
  private(set) var warnings: [ConfigWarning] = []

  init(file: String, outline: TOMLOutline?) {
    self.file = file
    self.outline = outline
  }

  /// Checks all of a layer and returns it without what is unknown.
  mutating func check(_ values: JSONObject) throws(ConfigurationError) -> JSONObject {
    try members(values, ConfigSchema.root, path: [])
  }

  private mutating func members(
    _ values: JSONObject, _ shapes: [String: ConfigShape], path: [String]
  ) throws(ConfigurationError) -> JSONObject {
    var kept = JSONObject()
    for (key, value) in values {
      let inner = path + [key]
      guard let shape = shapes[key] else {
        warn(unknown: inner, siblings: shapes)
        continue
      }
      kept[key] = try check(value, shape, path: inner)
    }
    return kept
  }

  private mutating func check(
    _ value: JSONValue, _ shape: ConfigShape, path: [String]
  ) throws(ConfigurationError) -> JSONValue {
    guard shape.fits(value) else { throw mismatch(value, shape, path) }
    switch (shape, value) {
    case (.table(let shapes), .object(let object)):
      return .object(try members(object, shapes, path: path))
    case (.map(let inner), .object(let object)):
      var kept = JSONObject()
      for (key, member) in object { kept[key] = try check(member, inner, path: path + [key]) }
      return .object(kept)
    case (.either(let shapes), _):
      guard let fitting = shapes.first(where: { $0.fits(value) }) else { return value }
      return try check(value, fitting, path: path)
    default: return value
    }
  }

  private func mismatch(_ value: JSONValue, _ shape: ConfigShape, _ path: [String]) -> ConfigurationError {
    let place = outline?.position(of: path) ?? (line: 0, column: 0)
    let key = TOMLText.key(path)
    var advice = "Correct it, or remove the line."
    if case .choice(let words) = shape, let word = value.stringValue,
      let near = NearestKey.find(word, among: words)
    {
      advice = "Did you mean \"\(near)\"?"
    }
    return ConfigurationError(
      .value, file: file, line: place.line, column: place.column,
      "\(key) must be \(shape.description), but is \(value.kindDescription).", advice: advice)
  }

  private mutating func warn(unknown path: [String], siblings: [String: ConfigShape]) {
    let key = TOMLText.key(path)
    let line = outline?.position(of: path).line ?? 0
    let name = path.last ?? ""
    let parent = path.dropLast()
    var message = "Unknown key \(key)"
    var suggestion: String?
    if !parent.isEmpty, ConfigSchema.root[name] != nil {
      suggestion = name
      message += ": \(name) belongs above the first [table] of the file."
    } else if let near = NearestKey.find(name, among: siblings.keys) {
      suggestion = TOMLText.key(parent + [near])
      message += ": did you mean \(suggestion ?? near)?"
    } else if parent.isEmpty, let table = Self.table(holding: name) {
      suggestion = "\(table).\(name)"
      message += ": did you mean \(table).\(name)?"
    } else {
      message += "; it is ignored."
    }
    warnings.append(ConfigWarning(message, key: key, suggestion: suggestion, file: file, line: line))
  }

  /// The table of the top level that has such a key.
  private static func table(holding name: String) -> String? {
    ConfigSchema.root.keys.sorted().first { key in
      if case .table(let members)? = ConfigSchema.root[key] { return members[name] != nil }
      return false
    }
  }
}
