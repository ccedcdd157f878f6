extension Key: CustomStringConvertible {
  /// The key as the footer, the help and the manual name it: `ctrl-x`, `alt-enter`, `?`, `pgup`.
  public var description: String {
    var words = ""
    if modifiers.contains(.ctrl) { words += "ctrl-" }
    if modifiers.contains(.alt) { words += "alt-" }
    if modifiers.contains(.shift) { words += "shift-" }
    return words + code.description
  }
}

extension KeyCode: CustomStringConvertible {
  /// The name of the key alone.
  public var description: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backspace: "backspace"
    case .delete: "del"
    case .insert: "ins"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "home"
    case .end: "end"
    case .pageUp: "pgup"
    case .pageDown: "pgdn"
    case .f(let number): "f\(number)"
    }
  }
}
