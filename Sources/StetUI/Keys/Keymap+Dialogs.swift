extension Keymap {
  /// Lists, pages, the queue, the undo screen, the preview of a compaction, permissions and a command outside.
  static let dialogs: [Binding] =
    list + queue + undo + compact + page + permissionList + permissionTest + outside

  private static var list: [Binding] {
    var rows = BindingRows(.list)
    rows.add(Key(.down), .ctrl("n"), does: .list(.next), "next")
    rows.add(Key(.up), .ctrl("p"), does: .list(.previous), "previous")
    rows.add(Key(.pageDown), does: .list(.pageDown), "a page down")
    rows.add(Key(.pageUp), does: .list(.pageUp), "a page up")
    rows.add(Key(.enter), does: .list(.choose), "choose", footer: "choose")
    rows.add(Key(.escape), does: .list(.close), "back", footer: "back")
    rows.add(
      Key(.tab), does: .list(.searchText), "search what was said in all threads; again: their names",
      footer: "text"
    ) {
      guard case .list(let list)? = $0.dialogs.last, case .threads = list.kind else {
        return "only in the list of threads"
      }
      return list.renaming == nil ? nil : "a name is being typed"
    }
    // Letters filter, so what is done to a thread needs alt.
    rows.add(.alt("f"), does: .list(.fork), "fork the thread and open the fork", footer: "fork") {
      $0.pickedThreadObstacle(ofOpen: true)
    }
    rows.add(.alt("r"), does: .list(.rename), "rename the thread", footer: "rename") {
      $0.pickedThreadObstacle(ofOpen: true)
    }
    rows.add(.alt("x"), does: .list(.archive), "put the thread into the archive", footer: "archive") {
      $0.pickedThreadObstacle(ofOpen: false)
    }
    rows.add(.alt("d"), does: .list(.delete), "delete the thread; asks", footer: "delete") {
      $0.pickedThreadObstacle(ofOpen: false)
    }
    rows.add(Key(.left), .ctrl("b"), does: .edit(.left), "one character left in the filter")
    rows.add(Key(.right), .ctrl("f"), does: .edit(.right), "one character right in the filter")
    rows.add(Key(.backspace), .ctrl("h"), does: .edit(.deleteBackward), "delete in the filter")
    rows.add(.ctrl("w"), does: .edit(.deleteWordBackward), "delete a word of the filter")
    rows.add(.ctrl("u"), does: .edit(.killToStart), "clear the filter")
    return rows.rows
  }

  private static var permissionList: [Binding] {
    var rows = BindingRows(.permissionList)
    let noRow: @Sendable (AppState) -> String? = {
      $0.permissionsState?.row == nil ? "nothing is listed" : nil
    }
    rows.add(Key("j"), Key(.down), does: .permissions(.next), "next", unless: noRow)
    rows.add(Key("k"), Key(.up), does: .permissions(.previous), "previous", unless: noRow)
    rows.add(Key("t"), does: .permissions(.test), "test a command against the rules", footer: "test")
    rows.add(Key("d"), Key(.delete), does: .permissions(.revoke), "take it back", footer: "revoke") {
      guard let row = $0.permissionsState?.row else { return "nothing is listed" }
      return row.isAsked ? "it was not agreed to yet" : nil
    }
    rows.add(Key("y"), does: .permissions(.agree), "agree to what is asked for", footer: "agree") {
      $0.permissionsState?.row?.isAsked == true ? nil : "it is not asked for"
    }
    rows.add(Key("q"), Key(.escape), does: .permissions(.close), "back", footer: "back")
    return rows.rows
  }

  private static var permissionTest: [Binding] {
    var rows = BindingRows(.permissionTest)
    rows.add(Key(.enter), does: .permissions(.runTest), "test it; nothing of it runs", footer: "test")
    rows.add(Key(.escape), does: .permissions(.leaveTest), "back to the list", footer: "back")
    rows.add(Key(.left), .ctrl("b"), does: .edit(.left), "one character left")
    rows.add(Key(.right), .ctrl("f"), does: .edit(.right), "one character right")
    rows.add(Key(.backspace), .ctrl("h"), does: .edit(.deleteBackward), "delete backwards")
    rows.add(.ctrl("w"), does: .edit(.deleteWordBackward), "delete the word before")
    rows.add(.ctrl("u"), does: .edit(.killToStart), "delete to the start")
    return rows.rows
  }

  private static var outside: [Binding] {
    var rows = BindingRows(.outside)
    rows.add(Key("y"), does: .outside(.run), "run it outside the sandbox", footer: "run outside")
    rows.add(Key("n"), Key("q"), Key(.escape), does: .outside(.leave), "leave it", footer: "leave it")
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
    // Enter does nothing here: who typed on without looking must not change files.
    rows.add(Key("y"), does: .undo(.apply), "put the files back", footer: "put back") {
      $0.undoApplyObstacle
    }
    rows.add(Key("J"), Key("]"), does: .undo(.nextTurn), "an earlier change", footer: "earlier") {
      $0.undoState.map { $0.entries.count > 1 } == true ? nil : "there is one change only"
    }
    rows.add(Key("K"), Key("["), does: .undo(.previousTurn), "a later change") {
      $0.undoState.map { $0.entries.count > 1 } == true ? nil : "there is one change only"
    }
    rows.add(Key("t"), does: .undo(.reach), "this turn alone, or all from it on") { $0.reachObstacle }
    rows.add(Key("c"), does: .undo(.content), "files, conversation, or both go back") { $0.reachObstacle }
    rows.add(Key("o"), does: .undo(.overwrite), "also what changed since, which is kept; again: not") {
      $0.overwriteObstacle
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

  private static var compact: [Binding] {
    var rows = BindingRows(.compact)
    rows.add(Key("y"), Key(.enter), does: .compact(.start), "summarise now", footer: "compact") {
      $0.compactObstacle
    }
    rows.add(Key("u"), does: .compact(.undo), "take the last compaction back", footer: "undo the last") {
      $0.compactUndoObstacle
    }
    rows.add(Key("j"), Key(.down), does: .compact(.lineDown), "one line down")
    rows.add(Key("k"), Key(.up), does: .compact(.lineUp), "one line up")
    rows.add(
      Key("n"), Key("q"), Key(.escape), does: .compact(.close), "leave everything as it is", footer: "back")
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
    rows.add(Key("]"), Key("J"), does: .page(.nextEntry), "the next entry") { $0.detailObstacle(1) }
    rows.add(Key("["), Key("K"), does: .page(.previousEntry), "the previous entry") { $0.detailObstacle(-1) }
    rows.add(Key("y"), does: .page(.copy), "copy everything", footer: "copy")
    rows.add(Key("q"), Key(.escape), does: .page(.close), "back", footer: "back")
    return rows.rows
  }
}
