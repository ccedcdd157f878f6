import StetJSON
import TOMLKit

/// Reads TOML into ordered values. Dates and times become strings.
///
/// TOMLKit never frees what it parsed; a few kilobytes a load are accepted, so nothing may load in a loop.
struct TOMLDocument {
  /// The largest file, in bytes: a hundred times a large real one.
  static let maximumBytes = 1 << 20

  let file: String
  let text: String
  let values: JSONObject
  let outline: TOMLOutline

  init(_ text: String, file: String) throws(ConfigurationError) {
    self.file = file
    self.text = text
    outline = TOMLOutline(text)
    try Self.guardText(outline, file)
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ConfigurationError(
        .syntax, file: file, line: error.source.begin.line, column: error.source.begin.column,
        Self.sentence(error.description), advice: "Correct this line, or put a # before it.")
    } catch {
      throw ConfigurationError(.syntax, file: file, "Not readable as TOML: \(error).")
    }
    values = Self.object(table)
  }

  /// Bytes of a file; says where they stop being UTF-8.
  init(bytes: [UInt8], file: String) throws(ConfigurationError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = 1 + Self.validPrefix(bytes).count { $0 == UInt8(ascii: "\n") }
      throw ConfigurationError(
        .syntax, file: file, line: line, column: 1, "This line is not UTF-8 text.",
        advice: "Save the file as UTF-8.")
    }
    try self.init(text, file: file)
  }

  /// The place of a value in the file, for a message.
  func error(at path: [String], _ message: String, advice: String = "") -> ConfigurationError {
    let place = outline.position(of: path)
    return ConfigurationError(
      .value, file: file, line: place.line, column: place.column, message, advice: advice)
  }

  private static func guardText(_ outline: TOMLOutline, _ file: String) throws(ConfigurationError) {
    let bytes = outline.bytes
    guard bytes.count <= maximumBytes else {
      throw ConfigurationError(
        .file, file: file, "The file has \(bytes.count) bytes; at most \(maximumBytes) are read.")
    }
    // The library works on C strings and would silently stop at a NUL.
    if let offset = bytes.firstIndex(of: 0) ?? TOMLGuard.violation(bytes) {
      let place = outline.place(offset)
      throw ConfigurationError(
        .syntax, file: file, line: place.line, column: place.column,
        bytes[offset] == 0
          ? "There is a NUL character here." : "Keys or brackets are nested too deeply here.",
        advice: "Remove it.")
    }
  }

  private static func sentence(_ text: String) -> String {
    let lead = "Error while parsing "
    let cause =
      text.hasPrefix(lead) ? "Not valid TOML in \(text.dropFirst(lead.count))" : "Not valid TOML: \(text)"
    return cause.hasSuffix(".") ? cause : cause + "."
  }

  private static func validPrefix(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var (low, high) = (0, bytes.count)
    // Validity of prefixes that end after a newline is monotone, so lines can be halved.
    while low < high {
      let middle = (low + high) / 2
      let end = bytes[middle...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
      if end <= high, String(validating: bytes[..<end], as: UTF8.self) != nil {
        low = end
      } else {
        high = middle
      }
    }
    let lineStart = bytes[..<low].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return bytes[..<lineStart]
  }

  private static func object(_ table: TOMLTable) -> JSONObject {
    var object = JSONObject()
    for key in table.keys {
      // A key with an escaped NUL comes back cut short and is not found: there is nothing to do with it.
      guard let value = table[key] else { continue }
      object[key] = json(value)
    }
    return object
  }

  private static func json(_ value: any TOMLValueConvertible) -> JSONValue {
    switch value.type {
    case .table: return value.table.map { .object(object($0)) } ?? .null
    case .array:
      guard let array = value.array else { return .null }
      return .array((0..<array.count).map { json(array[$0]) })
    case .string: return .string(value.string ?? "")
    case .int: return .int(Int64(value.int ?? 0))
    case .double: return .double(value.double ?? 0)
    case .bool: return .bool(value.bool ?? false)
    case .date, .time, .dateTime: return .string(value.debugDescription)
    }
  }
}
