import StetText

/// How one scope looks. A nil colour is inherited from the scope above it.
public struct ThemeStyle: Hashable, Sendable {
  public var foreground: ThemeColor?
  public var background: ThemeColor?
  public var attributes: Attributes

  public init(
    _ foreground: ThemeColor? = nil, on background: ThemeColor? = nil, _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}

/// A style with its colours looked up: what the painter writes.
public struct ResolvedStyle: Hashable, Sendable {
  public var foreground: ThemeColor
  public var background: ThemeColor
  public var attributes: Attributes

  public init(foreground: ThemeColor, background: ThemeColor, attributes: Attributes) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}

/// Scopes and their looks. A scope that is not named falls back by dropping its last word, in the end to `text`.
public struct Theme: Hashable, Sendable {
  public let name: String
  public let isDark: Bool
  let styles: [Scope: ThemeStyle]

  /// - Parameter parent: looks are taken from it where `styles` does not name a scope.
  public init(name: String, isDark: Bool, styles: [Scope: ThemeStyle], parent: Theme? = nil) {
    self.name = name
    self.isDark = isDark
    self.styles = (parent?.styles ?? [:]).merging(styles) { _, own in own }
  }

  /// True if the theme itself (or its parent) names the scope.
  public func defines(_ scope: Scope) -> Bool { styles[scope] != nil }

  /// The look of one scope with every fall-back applied.
  public func resolve(_ scope: Scope) -> ResolvedStyle { resolve(Style(scope)) }

  /// The look of a style: the foreground of its first scope, the background of its second (else of its first) and the
  /// attributes of all.
  public func resolve(_ style: Style) -> ResolvedStyle {
    let own = look(style.foreground)
    let ground = style.background.map(look) ?? own
    let base = look("text")
    return ResolvedStyle(
      foreground: own.foreground ?? base.foreground ?? .terminalDefault,
      background: ground.background ?? base.background ?? .terminalDefault,
      attributes: own.attributes.union(style.attributes))
  }

  /// The nearest named look; each colour is searched for by itself.
  private func look(_ scope: Scope) -> ThemeStyle {
    // A picture's pixel.
    if scope.name.utf8.first == UInt8(ascii: "#"), let color = ThemeColor(parsing: scope.name) {
      return ThemeStyle(color, on: color)
    }
    var found = ThemeStyle()
    var attributes: Attributes?
    var next: Scope? = scope
    while let scope = next {
      if let style = styles[scope] {
        found.foreground = found.foreground ?? style.foreground
        found.background = found.background ?? style.background
        attributes = attributes ?? style.attributes
      }
      if found.foreground != nil && found.background != nil { break }
      next = scope.parent
    }
    found.attributes = attributes ?? []
    return found
  }
}
