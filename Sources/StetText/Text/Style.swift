/// How letters are drawn besides their colours.
public struct Attributes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let italic = Attributes(rawValue: 2)
  public static let underline = Attributes(rawValue: 4)
  public static let dim = Attributes(rawValue: 8)
  public static let reverse = Attributes(rawValue: 16)
  public static let strikethrough = Attributes(rawValue: 32)
}

/// The look of a span or a cell, named by scope and never by colour.
///
/// The theme's style of `foreground` applies first; `background`, where given, replaces its background by the one
/// of that scope. `attributes` are added to those of the theme.
public struct Style: Hashable, Sendable {
  public var foreground: Scope
  public var background: Scope?
  public var attributes: Attributes

  public init(_ foreground: Scope, on background: Scope? = nil, _ attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// Ordinary text on the ordinary background.
  public static let text = Style(.text)

  /// The same style with more attributes.
  public func adding(_ more: Attributes) -> Style {
    Style(foreground, on: background, attributes.union(more))
  }

  /// The same style on the background of another scope.
  public func on(_ scope: Scope?) -> Style { Style(foreground, on: scope, attributes) }
}
