import StetTerminal
import StetText
import StetUI

/// Input events as words, for tables: `ctrl-a`, `alt-shift-up`, `paste "x"`, `press 3,4`.
func words(_ events: [InputEvent]) -> [String] { events.map(word) }

private func word(_ event: InputEvent) -> String {
  switch event {
  case .key(let key): return word(key)
  case .paste(let text): return "paste \(text.debugDescription)"
  case .mouse(let mouse): return "\(mouse.action) \(mouse.position.x),\(mouse.position.y)"
  case .focus(let isFocused): return isFocused ? "focus" : "blur"
  case .resize(let size): return "resize \(size.columns)x\(size.rows)"
  }
}

private func word(_ key: Key) -> String {
  var text = ""
  if key.modifiers.contains(.ctrl) { text += "ctrl-" }
  if key.modifiers.contains(.alt) { text += "alt-" }
  if key.modifiers.contains(.shift) { text += "shift-" }
  switch key.code {
  case .character(" "): return text + "space"
  case .character(let character): return text + String(character)
  case .f(let number): return text + "f\(number)"
  case .enter: return text + "enter"
  case .escape: return text + "escape"
  case .tab: return text + "tab"
  case .backspace: return text + "backspace"
  case .delete: return text + "delete"
  case .insert: return text + "insert"
  case .up: return text + "up"
  case .down: return text + "down"
  case .left: return text + "left"
  case .right: return text + "right"
  case .home: return text + "home"
  case .end: return text + "end"
  case .pageUp: return text + "pageUp"
  case .pageDown: return text + "pageDown"
  }
}

extension KeyDecoder {
  /// Feeds text at time 0.
  mutating func feed(_ text: String, at ms: Int = 0) -> [String] {
    words(feed(Array(text.utf8), now: Instant(milliseconds: ms)))
  }

  mutating func flush(at ms: Int) -> [String] { words(flush(now: Instant(milliseconds: ms))) }
}
