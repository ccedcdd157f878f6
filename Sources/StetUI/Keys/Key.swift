/// A key without its modifiers.
public enum KeyCode: Hashable, Sendable {
  /// A printable character as the terminal sent it: `A`, not shift and `a`.
  case character(Character)
  case enter, escape, tab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// A function key, 1…24.
  case f(Int)
}

/// The modifiers that a terminal can report. Shift is set only where the character does not tell it already.
public struct KeyModifiers: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let shift = KeyModifiers(rawValue: 1)
  public static let alt = KeyModifiers(rawValue: 2)
  public static let ctrl = KeyModifiers(rawValue: 4)
}

/// One key press. Control letters come as `.character("a")` with `.ctrl`, lower case; ctrl-i, ctrl-m and ctrl-[ come
/// as `.tab`, `.enter` and `.escape` unless the terminal tells them apart.
public struct Key: Hashable, Sendable {
  public var code: KeyCode
  public var modifiers: KeyModifiers

  public init(_ code: KeyCode, _ modifiers: KeyModifiers = []) {
    self.code = code
    self.modifiers = modifiers
  }

  /// A plain character.
  public init(_ character: Character) { self.init(.character(character)) }

  /// Control and a letter.
  public static func ctrl(_ character: Character) -> Key { Key(.character(character), .ctrl) }

  /// Alt (meta) and a character.
  public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }

  /// The character that this key types, or nil when it is a command.
  public var typed: Character? {
    guard case .character(let character) = code, modifiers.subtracting(.shift).isEmpty else { return nil }
    return character
  }
}
