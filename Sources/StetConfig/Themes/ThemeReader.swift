import StetJSON

/// Takes a theme file apart; what it can't use becomes a warning with its line.
struct ThemeReader {
  private let document: TOMLDocument
  private(set) var warnings: [ConfigWarning] = []
  private static let attributes = ["bold", "italic", "underline", "dim", "reverse", "strikethrough"]

  init(_ document: TOMLDocument) { self.document = document }

  mutating func warn(_ path: [String], _ message: String) {
    let line = document.outline.position(of: path).line
    warnings.append(
      ConfigWarning(message, key: TOMLText.key(path), file: document.file, line: line))
  }

  mutating func string(_ key: String) -> String? {
    guard let value = document.values[key] else { return nil }
    if value.stringValue == nil { warn([key], "\(key) must be a string.") }
    return value.stringValue
  }

  mutating func palette() -> [String: String] {
    var palette: [String: String] = [:]
    for (name, value) in document.values["palette"]?.objectValue ?? JSONObject() {
      let color = Self.color(value)
      if let color, ThemeFile.isColor(color) {
        palette[name] = color
      } else {
        warn(
          ["palette", name], "\(name) is not a colour. Write \"#rrggbb\", an index or a name like \"red\".")
      }
    }
    return palette
  }

  mutating func scopes() -> [String: ThemeFile.Style] {
    var scopes: [String: ThemeFile.Style] = [:]
    for (scope, value) in document.values["scopes"]?.objectValue ?? JSONObject() {
      if !ThemeScopes.isKnown(scope) {
        let near = NearestKey.find(scope, among: ThemeScopes.base)
        warn(
          ["scopes", scope], "Nothing uses the scope \(scope)" + (near.map { "; did you mean \($0)?" } ?? ".")
        )
      }
      if let color = Self.color(value) {
        scopes[scope] = ThemeFile.Style(fg: color)
      } else if let table = value.objectValue {
        scopes[scope] = style(table, scope)
      } else {
        warn(["scopes", scope], "\(scope) must be a colour or { fg, bg, attributes }.")
      }
    }
    return scopes
  }

  mutating func warnUnknown() {
    let known = ["name", "background", "parent", "palette", "scopes"]
    for key in document.values.keys where !known.contains(key) {
      let near = NearestKey.find(key, among: known)
      warn([key], "A theme has no \(key)" + (near.map { "; did you mean \($0)?" } ?? "."))
    }
  }

  private mutating func style(_ table: JSONObject, _ scope: String) -> ThemeFile.Style {
    var style = ThemeFile.Style()
    for (key, value) in table {
      switch key {
      case "fg": style.fg = Self.color(value)
      case "bg": style.bg = Self.color(value)
      case "attributes":
        for name in value.arrayValue ?? [] {
          if let name = name.stringValue, Self.attributes.contains(name) {
            style.attributes.append(name)
          } else {
            warn(["scopes", scope], "\(scope): attributes are \(Self.attributes.joined(separator: ", ")).")
          }
        }
      default: warn(["scopes", scope], "\(scope) has no \(key); write fg, bg or attributes.")
      }
    }
    return style
  }

  /// A colour is a string, or an index as a number.
  private static func color(_ value: JSONValue) -> String? {
    value.stringValue ?? value.intValue.map(String.init)
  }

  static func name(of file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    return last.hasSuffix(".toml") ? String(last.dropLast(5)) : last
  }
}
