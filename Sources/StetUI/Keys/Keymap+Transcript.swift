extension Keymap {
  /// The transcript while it has the keys.
  static let transcript: [Binding] = {
    var rows = BindingRows(.transcript)
    rows.add(Key("j"), Key(.down), does: .transcript(.next), "next entry")
    rows.add(Key("k"), Key(.up), does: .transcript(.previous), "previous entry")
    rows.add(Key("g"), Key(.home), does: .transcript(.first), "first entry")
    rows.add(Key("G"), Key(.end), does: .transcript(.last), "last entry")
    rows.add(Key(.enter), Key(" "), does: .transcript(.fold), "fold or unfold", footer: "open") {
      $0.selectedItem?.canFold == true ? nil : "this entry has nothing folded"
    }
    rows.add(Key("z"), does: .transcript(.foldAll), "fold or unfold everything")
    rows.add(Key("o"), does: .transcript(.open), "open on a page of its own", footer: "page") {
      $0.selectedItem == nil ? "no entry is selected" : nil
    }
    rows.add(Key("d"), does: .transcript(.diff), "what this turn changed", footer: "diff") {
      $0.turnDiff.isEmpty ? "no file was changed" : nil
    }
    rows.add(Key("y"), does: .transcript(.copy), "copy the entry", footer: "copy") {
      $0.selectedItem == nil ? "no entry is selected" : nil
    }
    rows.add(Key("Y"), does: .transcript(.copyBlock), "copy its command or code block") {
      $0.selectedItem == nil ? "no entry is selected" : nil
    }
    rows.add(Key("u"), does: .transcript(.undo), "undo what was changed", footer: "undo") {
      $0.undoObstacle
    }
    rows.add(
      Key("R"), does: .transcript(.outside), "run what the sandbox refused outside of it", footer: "outside"
    ) { $0.outsideObstacle }
    rows.add(Key("e"), does: .transcript(.edit), "edit this message and send it again") {
      if case .user = $0.selectedItem?.content { nil } else { "only your own messages can be edited" }
    }
    rows.add(Key("i"), does: .transcript(.toComposer), "go to the composer", footer: "write")
    rows.add(
      Key("/"), Key("@"), Key("!"), does: .transcript(.typeInComposer), "go to the composer and type it there"
    )
    rows.add(Key(.escape), does: .transcript(.timeline), "the timeline of changes", footer: "timeline") {
      $0.undoObstacle
    }
    rows.add(Key("?"), does: .app(.help), "keys and commands", footer: "help")
    rows.add(Key(.pageUp), .ctrl("b"), does: .transcript(.pageUp), "a page up")
    rows.add(Key(.pageDown), .ctrl("f"), does: .transcript(.pageDown), "a page down")
    rows.add(.ctrl("u"), does: .transcript(.halfPageUp), "half a page up")
    rows.add(.ctrl("d"), does: .transcript(.halfPageDown), "half a page down")
    return rows.rows
  }()
}
