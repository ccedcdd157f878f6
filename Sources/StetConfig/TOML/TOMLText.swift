import StetJSON

/// Writes keys and values as TOML.
enum TOMLText {
  static func isBareKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      return true
    default: return false
    }
  }

  static func key(_ path: some Sequence<String>) -> String {
    path.map { part in
      !part.isEmpty && part.utf8.allSatisfy(isBareKey) ? part : quoted(part)
    }.joined(separator: ".")
  }

  /// A value on one line; nil for what TOML has no form for: null, also within an array.
  static func value(_ value: JSONValue) -> String? {
    switch value {
    case .null: return nil
    case .bool(let flag): return flag ? "true" : "false"
    case .int(let number): return String(number)
    case .double(let number): return double(number)
    case .string(let text): return quoted(text)
    case .array(let items):
      let texts = items.compactMap { self.value($0) }
      return texts.count == items.count ? "[\(texts.joined(separator: ", "))]" : nil
    case .object(let members):
      var texts: [String] = []
      for (name, member) in members where !member.isNull {
        guard let text = self.value(member) else { return nil }
        texts.append("\(key([name])) = \(text)")
      }
      return texts.isEmpty ? "{}" : "{ \(texts.joined(separator: ", ")) }"
    case .verbatim(let text): return self.value(text.value)
    }
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// What stands between the quotes of a basic string, with its escapes resolved; unknown escapes stay as they are.
  static func unescape(_ bytes: some Collection<UInt8>) -> String {
    var result = ""
    var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let escape = rest.popFirst() else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch escape {
      case "b": result += "\u{8}"
      case "t": result += "\t"
      case "n": result += "\n"
      case "f": result += "\u{C}"
      case "r": result += "\r"
      case "e": result += "\u{1B}"
      case "\"", "\\": result.unicodeScalars.append(escape)
      case "u", "U":
        let digits = rest.prefix(escape == "u" ? 4 : 8)
        rest = rest.dropFirst(digits.count)
        if let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
          let found = Unicode.Scalar(value)
        {
          result.unicodeScalars.append(found)
        }
      default:
        result += "\\"
        result.unicodeScalars.append(escape)
      }
    }
    return result
  }

  private static func double(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    return number.description
  }
}
