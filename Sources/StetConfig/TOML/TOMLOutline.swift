/// Where each statement of a TOML file stands: for the places in messages, and for edits that leave the rest alone.
///
/// Made from text that TOMLKit accepted. Offsets are bytes.
struct TOMLOutline {
  enum Kind {
    /// `[a.b]`
    case table
    /// `[[a.b]]`
    case arrayTable
    /// `a.b = value`
    case pair
  }

  struct Statement {
    let kind: Kind
    /// From the root; an element of an array of tables adds its number, as in `["hooks", "0", "event"]`.
    let path: [String]
    /// Of a pair: how many of the last parts are written in its own key.
    let ownParts: Int
    /// Of a pair: the statement number of its header; nil above the first header.
    let section: Int?
    /// Whole lines, with the newline.
    let lines: Range<Int>
    let keyStart: Int
    /// Of a pair: from the first to the last byte of the value.
    let value: Range<Int>
  }

  let bytes: [UInt8]
  private(set) var statements: [Statement] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
    var lexer = TOMLLexer(bytes)
    var section: Int?
    var table: [String] = []
    var elements: [[String]: Int] = [:]
    while lexer.index < bytes.count {
      let lineStart = lexer.index
      lexer.skipBlanks()
      let keyStart = lexer.index
      switch lexer.current {
      case UInt8(ascii: "["):
        let isArray = lexer.starts(with: "[[", at: lexer.index)
        lexer.index += isArray ? 2 : 1
        let key = lexer.key() ?? []
        table = Self.resolve(key, elements)
        if isArray {
          let count = elements[table, default: 0]
          elements[table] = count + 1
          table.append(String(count))
        }
        section = statements.count
        lexer.skipToLineEnd()
        append(isArray ? .arrayTable : .table, table, 0, nil, lineStart, keyStart, 0..<0, &lexer)
      case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), nil:
        lexer.skipToLineEnd()
        lexer.index = min(lexer.index + 1, bytes.count)
      default:
        guard let key = lexer.key(), lexer.current == UInt8(ascii: "=") else {
          lexer.skipToLineEnd()
          lexer.index = min(lexer.index + 1, bytes.count)
          continue
        }
        lexer.index += 1
        lexer.skipBlanks()
        let valueStart = lexer.index
        lexer.skipValue()
        let value = valueStart..<lexer.index
        lexer.skipToLineEnd()
        append(.pair, table + key, key.count, section, lineStart, keyStart, value, &lexer)
      }
    }
  }

  /// The line and column, from 1, of what defines a path, or of the nearest thing above it.
  func position(of path: [String]) -> (line: Int, column: Int) {
    var wanted = path[...]
    while !wanted.isEmpty {
      let exact = statements.first { $0.path.elementsEqual(wanted) }
      if let statement = exact ?? statements.first(where: { $0.path.starts(with: wanted) }) {
        let offset =
          statement.kind == .pair && statement.path.count <= path.count
          ? statement.value.lowerBound : statement.keyStart
        return place(offset)
      }
      wanted = wanted.dropLast()
    }
    return (0, 0)
  }

  func place(_ offset: Int) -> (line: Int, column: Int) {
    let before = bytes[..<min(offset, bytes.count)]
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return (line, String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1)
  }

  private mutating func append(
    _ kind: Kind, _ path: [String], _ ownParts: Int, _ section: Int?, _ lineStart: Int, _ keyStart: Int,
    _ value: Range<Int>, _ lexer: inout TOMLLexer
  ) {
    lexer.index = min(lexer.index + 1, bytes.count)
    statements.append(
      Statement(
        kind: kind, path: path, ownParts: ownParts, section: section, lines: lineStart..<lexer.index,
        keyStart: keyStart, value: value))
  }

  /// `[hooks.matcher]` after `[[hooks]]` belongs to the newest element.
  private static func resolve(_ key: [String], _ elements: [[String]: Int]) -> [String] {
    var path: [String] = []
    for (index, part) in key.enumerated() {
      path.append(part)
      if index < key.count - 1, let count = elements[path] { path.append(String(count - 1)) }
    }
    return path
  }
}
