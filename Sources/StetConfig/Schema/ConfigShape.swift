import StetJSON

/// What a key may hold.
indirect enum ConfigShape: Sendable {
  case string
  case bool
  /// A whole number in bounds.
  case integer(ClosedRange<Int64>)
  case number
  case strings
  /// One of these words.
  case choice([String])
  /// Members with known names.
  case table([String: ConfigShape])
  /// Members with names of the user's choice.
  case map(ConfigShape)
  case either([ConfigShape])
  /// Known to Codex and taken as it is: nothing in stet reads it.
  case any

  /// A count, size or time.
  static let count = ConfigShape.integer(0...Int64.max)

  /// Reads like "a string": what the user should have written.
  var description: String {
    switch self {
    case .string: return "a string in quotes"
    case .bool: return "true or false"
    case .integer(let range):
      if range == 0...Int64.max { return "a whole number that is not negative" }
      return range.upperBound == Int64.max
        ? "a whole number from \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number: return "a number"
    case .strings: return "a list of strings"
    case .choice(let words): return words.map { "\"\($0)\"" }.joined(separator: ", ")
    case .table, .map: return "a table"
    case .either(let shapes): return shapes.map(\.description).joined(separator: " or ")
    case .any: return "any value"
    }
  }

  /// Whether the value itself has the right type; members are not looked at. null always does: it means unset.
  func fits(_ value: JSONValue) -> Bool {
    if value.isNull { return true }
    switch self {
    case .string: return value.stringValue != nil
    case .bool: return value.boolValue != nil
    case .integer(let range):
      if case .int(let number) = value { return range.contains(number) }
      return false
    case .number:
      switch value {
      case .int, .double: return true
      default: return false
      }
    case .strings: return value.arrayValue?.allSatisfy { $0.stringValue != nil } ?? false
    case .choice(let words): return value.stringValue.map(words.contains) ?? false
    case .table, .map: return value.objectValue != nil
    case .either(let shapes): return shapes.contains { $0.fits(value) }
    case .any: return true
    }
  }
}

extension JSONValue {
  /// What the value is, for "expected …, found …".
  var kindDescription: String {
    switch self {
    case .null: return "nothing"
    case .bool(let flag): return "\(flag)"
    case .int(let number): return "the number \(number)"
    case .double(let number): return "the number \(number)"
    case .string(let text): return text.count <= 40 ? "\"\(text)\"" : "a string"
    case .array: return "a list"
    case .object, .verbatim: return "a table"
    }
  }
}
