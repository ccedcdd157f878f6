import StetJSON

/// Edits TOML by its lines. The caller checks the result.
struct TOMLEditor {
  private(set) var text: String
  private let file: String
  private var outline: TOMLOutline
  private let newline: String

  init(text: String, file: String) {
    self.text = text
    self.file = file
    outline = TOMLOutline(text)
    newline = text.utf8.prefix(while: { $0 != UInt8(ascii: "\n") }).last == UInt8(ascii: "\r") ? "\r\n" : "\n"
  }

  mutating func set(_ path: [String], _ value: JSONValue) throws(ConfigurationError) {
    if value.isNull { return try remove(path) }
    if let holder = inlineHolder(of: path) { return try rewrite(holder, path, value) }
    if case .object(let members) = value { return try setTable(path, members) }
    guard let text = TOMLText.value(value) else { return }
    if let pair = outline.statements.first(where: { $0.kind == .pair && $0.path == path }) {
      replace(pair.value, with: text)
      return
    }
    try remove(path)
    insert(path, text)
  }

  mutating func remove(_ path: [String]) throws(ConfigurationError) {
    if let holder = inlineHolder(of: path) { return try rewrite(holder, path, .null) }
    for statement in outline.statements.reversed() where statement.path.starts(with: path) {
      replace(statement.lines, with: "")
    }
  }

  private mutating func setTable(_ path: [String], _ members: JSONObject) throws(ConfigurationError) {
    let old = outline.statements.filter { $0.path.count > path.count && $0.path.starts(with: path) }
    for name in Set(old.map { $0.path[path.count] }).sorted() where members[name] == nil {
      try remove(path + [name])
    }
    if let pair = outline.statements.first(where: { $0.kind == .pair && $0.path == path }) {
      replace(pair.lines, with: "")
    }
    for (name, member) in members { try set(path + [name], member) }
  }

  /// The pair whose value is an inline table around the path.
  private func inlineHolder(of path: [String]) -> TOMLOutline.Statement? {
    outline.statements.first {
      $0.kind == .pair && $0.path.count < path.count && path.starts(with: $0.path)
        && outline.bytes[$0.value].first == UInt8(ascii: "{")
    }
  }

  private mutating func rewrite(
    _ holder: TOMLOutline.Statement, _ path: [String], _ value: JSONValue
  ) throws(ConfigurationError) {
    let inline = String(decoding: outline.bytes[holder.value], as: UTF8.self)
    var values = try TOMLDocument("value = \(inline)", file: file).values
    values.set((["value"] + path.dropFirst(holder.path.count))[...], value)
    if let text = values["value"].flatMap(TOMLText.value) { replace(holder.value, with: text) }
  }

  private mutating func insert(_ path: [String], _ value: String) {
    let table = Array(path.dropLast())
    let statements = outline.statements
    let header = statements.firstIndex { $0.kind == .table && $0.path == table }
    if let header {
      let last = statements.last { $0.section == header } ?? statements[header]
      insertLine(TOMLText.key(path.suffix(1)), value, after: last)
    } else if let sibling = statements.last(where: { $0.kind == .pair && defines(table, $0) }) {
      let own = path.dropFirst(sibling.path.count - sibling.ownParts)
      insertLine(TOMLText.key(own), value, after: sibling)
    } else if table.isEmpty {
      insertTop("\(TOMLText.key(path)) = \(value)\(newline)")
    } else {
      var lead = ""
      if let last = outline.bytes.last { lead = last == UInt8(ascii: "\n") ? newline : newline + newline }
      let lines =
        "\(lead)[\(TOMLText.key(table))]\(newline)\(TOMLText.key(path.suffix(1))) = \(value)\(newline)"
      replace(outline.bytes.count..<outline.bytes.count, with: lines)
    }
  }

  /// Whether a pair's dotted key makes the table, which then has no header and may get none.
  private func defines(_ table: [String], _ pair: TOMLOutline.Statement) -> Bool {
    let before = pair.path.count - pair.ownParts
    if table.isEmpty { return pair.section == nil }
    return table.count > before && pair.path.count > table.count && pair.path.starts(with: table)
  }

  private mutating func insertLine(_ key: String, _ value: String, after statement: TOMLOutline.Statement) {
    let end = statement.lines.upperBound
    let open = end > 0 && outline.bytes[end - 1] != UInt8(ascii: "\n") ? newline : ""
    let indent = String(
      decoding: outline.bytes[statement.lines.lowerBound..<statement.keyStart], as: UTF8.self)
    replace(end..<end, with: "\(open)\(indent)\(key) = \(value)\(newline)")
  }

  /// Above the first header and the comment that belongs to it.
  private mutating func insertTop(_ line: String) {
    guard let first = outline.statements.first else {
      let open = outline.bytes.last.map { $0 == UInt8(ascii: "\n") ? "" : newline } ?? ""
      replace(outline.bytes.count..<outline.bytes.count, with: open + line)
      return
    }
    var start = first.lines.lowerBound
    while start > 0 {
      let before = outline.bytes[..<(start - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      var lexer = TOMLLexer(outline.bytes, at: before)
      lexer.skipBlanks()
      guard lexer.current == UInt8(ascii: "#") else { break }
      start = before
    }
    replace(start..<start, with: line + newline)
  }

  private mutating func replace(_ range: Range<Int>, with text: String) {
    var bytes = outline.bytes
    bytes.replaceSubrange(range, with: Array(text.utf8))
    self.text = String(decoding: bytes, as: UTF8.self)
    outline = TOMLOutline(self.text)
  }
}
