import StetConfig
import Testing

@Suite struct KeyMapTests {
  @Test("U26: users re-map keys in their own file") func u26_keys() throws {
    let configuration = try ConfigBench(
      """
      [keys.composer]
      ctrl-x = "stop"
      "Alt-Enter" = "newline"
      "esc esc" = "timeline"
      "ctrl--" = "undo"
      [keys.transcript]
      J = "page_down"
      "?" = false
      x = "none"
      C-P = "palette"
      """
    ).load()
    let bindings = configuration.keyMap.bindings.map { binding in
      "\(binding.context) \(binding.chords.map(\.description).joined(separator: " ")) \(binding.action ?? "-")"
    }
    #expect(
      bindings.sorted() == [
        "composer alt-enter newline", "composer ctrl-- undo", "composer ctrl-x stop",
        "composer esc esc timeline",
        "transcript ? -", "transcript J page_down", "transcript ctrl-p palette", "transcript x -",
      ])
    #expect(configuration.warnings.isEmpty)
  }

  @Test func whatIsNoKeyWarnsWithItsLine() throws {
    let bench = ConfigBench(
      "[keys.composer]\nhyper-x = \"stop\"\nctrl-ctrl-x = \"stop\"\nf13 = \"stop\"\ny = true\n")
    let configuration = try bench.load()
    #expect(configuration.keyMap.bindings.isEmpty)
    #expect(configuration.warnings.map(\.line).sorted() == [2, 3, 4, 5])
    #expect(configuration.warnings.allSatisfy { $0.file == bench.file })
  }

  @Test(arguments: ["", "-", "ctrl-", "ctrl-é", "a", "ctrl-shift-alt-pgup", "escape", "xx", "ctrl- ", " "])
  func chordsReadTheirOwnDescription(text: String) {
    guard let chord = KeyChord(text) else {
      #expect(["", "ctrl-", "xx", "ctrl- ", " "].contains(text))
      return
    }
    #expect(KeyChord(chord.description) == chord)
  }
}
