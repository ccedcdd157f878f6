import StetJSON

/// A theme as written in a file: a palette of named colours, and what each scope looks like (tui.md §8).
///
/// Colours are `#rrggbb`, an index `0`…`255`, `black`…`white`, `brightblack`…`brightwhite`, or `default` for what
/// the terminal has. Who draws degrades them to what the terminal can show.
public struct ThemeFile: Hashable, Sendable {
  /// The look of one scope. nil means: as the scope above it, or as the ground.
  public struct Style: Hashable, Sendable {
    public var fg: String?
    public var bg: String?
    /// `bold`, `italic`, `underline`, `dim`, `reverse`, `strikethrough`.
    public var attributes: [String]

    public init(fg: String? = nil, bg: String? = nil, attributes: [String] = []) {
      self.fg = fg
      self.bg = bg
      self.attributes = attributes
    }
  }

  public let name: String
  /// Made for a dark ground.
  public let isDark: Bool
  /// The theme that gives what this one leaves out.
  public let parent: String?
  /// Name → colour.
  public let palette: [String: String]
  /// Scope → look. After `resolved(over:)` the colours are colours; before it they may be names of the palette.
  public let scopes: [String: Style]
  public let warnings: [ConfigWarning]

  /// Reads a file's text. Throws if it is not TOML; a single bad entry is left out with a warning.
  /// - Parameter file: for messages; its name is the theme's if the text gives none.
  public init(parsing text: String, file: String) throws(ConfigurationError) {
    self.init(try TOMLDocument(text, file: file))
  }

  init(_ document: TOMLDocument) {
    var reader = ThemeReader(document)
    name = reader.string("name") ?? ThemeReader.name(of: document.file)
    let background = reader.string("background") ?? "dark"
    if background != "dark", background != "light" {
      reader.warn(["background"], "background must be \"dark\" or \"light\", but is \"\(background)\".")
    }
    isDark = background != "light"
    parent = reader.string("parent")
    palette = reader.palette()
    scopes = reader.scopes()
    reader.warnUnknown()
    warnings = reader.warnings
  }

  private init(
    name: String, isDark: Bool, parent: String?, palette: [String: String], scopes: [String: Style],
    warnings: [ConfigWarning]
  ) {
    self.name = name
    self.isDark = isDark
    self.parent = parent
    self.palette = palette
    self.scopes = scopes
    self.warnings = warnings
  }

  /// The theme laid over its parent: a palette entry recolours the parent's scopes too.
  func merged(over parent: ThemeFile) -> ThemeFile {
    ThemeFile(
      name: name, isDark: isDark, parent: self.parent,
      palette: parent.palette.merging(palette) { _, mine in mine },
      scopes: parent.scopes.merging(scopes) { _, mine in mine }, warnings: parent.warnings + warnings)
  }

  /// Every palette name replaced by its colour; a name without one is dropped with a warning.
  func resolved(file: String) -> ThemeFile {
    var warnings = warnings
    func color(_ text: String?, _ scope: String) -> String? {
      guard let text else { return nil }
      // A palette entry wins over the basic colour of the same name: that is how a theme retunes "red".
      if let found = palette[text] { return found }
      if Self.isColor(text) { return text }
      warnings.append(
        ConfigWarning("\(scope): \"\(text)\" is neither a colour nor in the palette.", key: scope, file: file)
      )
      return nil
    }
    var resolved: [String: Style] = [:]
    for scope in scopes.keys.sorted() {
      guard let style = scopes[scope] else { continue }
      resolved[scope] = Style(
        fg: color(style.fg, scope), bg: color(style.bg, scope), attributes: style.attributes)
    }
    return ThemeFile(
      name: name, isDark: isDark, parent: parent, palette: palette, scopes: resolved, warnings: warnings)
  }

  /// The terminal's sixteen colours in the order of their indexes.
  public static let colorNames: [String] = {
    let plain = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
    return plain + plain.map { "bright\($0)" }
  }()

  static func isColor(_ text: String) -> Bool {
    if text.hasPrefix("#") {
      return text.utf8.count == 7 && text.dropFirst().allSatisfy { $0.isASCII && $0.isHexDigit }
    }
    return UInt8(text) != nil || text == "default" || colorNames.contains(text)
  }
}
