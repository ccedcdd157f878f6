import StetJSON

/// One line of a `[keys.CONTEXT]` table.
public struct KeyBindingConfig: Hashable, Sendable {
  /// "global", "composer", "transcript", "review", …: the interface knows which there are.
  public let context: String
  /// The keys in order; most bindings have one.
  public let chords: [KeyChord]
  /// The action's name; nil takes the key away from whatever it did.
  public let action: String?
}

/// One key press, as written in a key map.
public struct KeyChord: Hashable, Sendable, CustomStringConvertible {
  public let control: Bool
  public let alt: Bool
  public let shift: Bool
  /// A character, or one of `names`.
  public let key: String

  static let names: Set<String> = [
    "enter", "esc", "tab", "space", "backspace", "delete", "insert", "up", "down", "left", "right", "home",
    "end",
    "pageup", "pagedown", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
  ]
  private static let aliases = [
    "escape": "esc", "return": "enter", "ret": "enter", "del": "delete", "ins": "insert", "pgup": "pageup",
    "pgdn": "pagedown", "page-up": "pageup", "page-down": "pagedown", "minus": "-", "spc": "space",
  ]

  /// Reads `ctrl-x`, `alt-enter`, `S-tab`, `?`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var rest = text[...]
    var modifiers: Set<Character> = []
    while let (modifier, length) = Self.modifier(rest) {
      guard modifiers.insert(modifier).inserted else { return nil }
      rest = rest.dropFirst(length)
    }
    let lowered = rest.lowercased()
    let name = Self.aliases[lowered] ?? lowered
    if Self.names.contains(name) || name == "-" {
      key = name
    } else {
      guard rest.count == 1, let character = rest.first, !character.isWhitespace else { return nil }
      // With control or alt, terminals do not tell capitals apart.
      key = modifiers.contains("c") || modifiers.contains("a") ? lowered : String(character)
    }
    control = modifiers.contains("c")
    alt = modifiers.contains("a")
    shift = modifiers.contains("s")
  }

  public var description: String {
    "\(control ? "ctrl-" : "")\(alt ? "alt-" : "")\(shift ? "shift-" : "")\(key)"
  }

  private static func modifier(_ text: some StringProtocol) -> (Character, Int)? {
    for (name, modifier) in [
      ("ctrl-", "c"), ("control-", "c"), ("c-", "c"), ("alt-", "a"), ("meta-", "a"), ("m-", "a"),
      ("a-", "a"), ("shift-", "s"), ("s-", "s"),
    ] where text.count > name.count && text.prefix(name.count).lowercased() == name {
      return (Character(modifier), name.count)
    }
    return nil
  }
}

/// The `[keys]` table as values. Only the user's own file may hold one: a repository can't re-map keys
/// (tui.md U26).
public struct KeyMapConfig: Hashable, Sendable {
  public let bindings: [KeyBindingConfig]

  /// Reads the table; what is not a key becomes a message with the dotted key it belongs to.
  init(_ root: ValueReader, warn: (_ path: [String], _ message: String) -> Void) {
    var bindings: [KeyBindingConfig] = []
    for (context, table) in root.tables("keys") {
      for (text, value) in table.values {
        let chords = text.split(separator: " ").map { KeyChord($0) }
        let known = chords.compactMap { $0 }
        guard !known.isEmpty, known.count == chords.count else {
          warn(
            ["keys", context, text], "\"\(text)\" is not a key. Write it like ctrl-x, alt-enter, f5 or ?.")
          continue
        }
        let action = value.stringValue.flatMap { $0.isEmpty || $0 == "none" ? nil : $0 }
        guard action != nil || value.boolValue != true else {
          warn(["keys", context, text], "Name an action for \(text), or write false to take the key away.")
          continue
        }
        bindings.append(KeyBindingConfig(context: context, chords: known, action: action))
      }
    }
    self.bindings = bindings
  }
}
