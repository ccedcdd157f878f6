extension Keymap {
  /// Lists, pages, the queue and the undo screen.
  static let dialogs: [Binding] = list + queue + undo + page

  private static var list: [Binding] {
    var rows = BindingRows(.list)
    rows.add(Key(.down), .ctrl("n"), does: .list(.next), "next")
    rows.add(Key(.up), .ctrl("p"), does: .list(.previous), "previous")
    rows.add(Key(.pageDown), does: .list(.pageDown), "a page down")
    rows.add(Key(.pageUp), does: .list(.pageUp), "a page up")
    rows.add(Key(.enter), does: .list(.choose), "choose", footer: "choose")
    rows.add(Key(.escape), does: .list(.close), "back", footer: "back")
    rows.add(Key(.left), .ctrl("b"), does: .edit(.left), "one character left in the filter")
    rows.add(Key(.right), .ctrl("f"), does: .edit(.right), "one character right in the filter")
    rows.add(Key(.backspace), .ctrl("h"), does: .edit(.deleteBackward), "delete in the filter")
    rows.add(.ctrl("w"), does: .edit(.deleteWordBackward), "delete a word of the filter")
    rows.add(.ctrl("u"), does: .edit(.killToStart), "clear the filter")
    return rows.rows
  }

  private static var queue: [Binding] {
    var rows = BindingRows(.queue)
    rows.add(Key("j"), Key(.down), does: .queue(.next), "next")
    rows.add(Key("k"), Key(.up), does: .queue(.previous), "previous")
    rows.add(Key("e"), Key(.enter), does: .queue(.edit), "edit it in the composer", footer: "edit")
    rows.add(Key("d"), Key(.delete), does: .queue(.drop), "drop it", footer: "drop")
    rows.add(Key("J"), does: .queue(.moveDown), "later", footer: "later")
    rows.add(Key("K"), does: .queue(.moveUp), "earlier", footer: "earlier")
    rows.add(Key("q"), Key(.escape), does: .queue(.close), "back", footer: "back")
    return rows.rows
  }

  private static var undo: [Binding] {
    var rows = BindingRows(.undo)
    rows.add(Key("y"), Key(.enter), does: .undo(.apply), "put the files back", footer: "put back") {
      $0.undoApplyObstacle
    }
    rows.add(Key("J"), Key("]"), does: .undo(.nextTurn), "an earlier change", footer: "earlier") {
      $0.undoState.map { $0.entries.count > 1 } == true ? nil : "there is one change only"
    }
    rows.add(Key("K"), Key("["), does: .undo(.previousTurn), "a later change") {
      $0.undoState.map { $0.entries.count > 1 } == true ? nil : "there is one change only"
    }
    rows.add(Key("r"), does: .undo(.redo), "redo what was undone", footer: "redo") { $0.redoObstacle }
    rows.add(Key("j"), Key(.down), does: .undo(.lineDown), "one line down")
    rows.add(Key("k"), Key(.up), does: .undo(.lineUp), "one line up")
    rows.add(Key(.pageDown), .ctrl("d"), does: .undo(.pageDown), "a page down")
    rows.add(Key(.pageUp), .ctrl("u"), does: .undo(.pageUp), "a page up")
    rows.add(
      Key("n"), Key("q"), Key(.escape), does: .undo(.close), "leave everything as it is", footer: "back")
    return rows.rows
  }

  private static var page: [Binding] {
    var rows = BindingRows(.page)
    rows.add(Key("j"), Key(.down), does: .page(.lineDown), "one line down")
    rows.add(Key("k"), Key(.up), does: .page(.lineUp), "one line up")
    rows.add(Key(.pageDown), Key(" "), .ctrl("f"), does: .page(.pageDown), "a page down")
    rows.add(Key(.pageUp), .ctrl("b"), does: .page(.pageUp), "a page up")
    rows.add(.ctrl("d"), does: .page(.halfPageDown), "half a page down")
    rows.add(.ctrl("u"), does: .page(.halfPageUp), "half a page up")
    rows.add(Key("g"), Key(.home), does: .page(.first), "to the start")
    rows.add(Key("G"), Key(.end), does: .page(.last), "to the end")
    rows.add(Key("y"), does: .page(.copy), "copy everything", footer: "copy")
    rows.add(Key("q"), Key(.escape), does: .page(.close), "back", footer: "back")
    return rows.rows
  }
}
