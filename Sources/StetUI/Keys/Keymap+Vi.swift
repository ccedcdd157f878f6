extension Keymap {
  /// vi's keys in the composer, where the user wants them.
  static let vi: [Binding] = viMotions + viChanges + viInserts

  private static var viMotions: [Binding] {
    var rows = BindingRows(.vi)
    rows.add(Key("h"), does: .vi(.left), "left")
    rows.add(Key("l"), Key(" "), does: .vi(.right), "right")
    rows.add(Key("j"), does: .vi(.down), "line down; on the last line: newer message")
    rows.add(Key("k"), does: .vi(.up), "line up; on the first line: older message")
    rows.add(Key("w"), does: .vi(.wordForward), "the next word")
    rows.add(Key("b"), does: .vi(.wordBack), "the word before")
    rows.add(Key("e"), does: .vi(.wordEnd), "the end of the word")
    rows.add(Key("W"), does: .vi(.bigWordForward), "the next word between blanks")
    rows.add(Key("B"), does: .vi(.bigWordBack), "the word between blanks before")
    rows.add(Key("E"), does: .vi(.bigWordEnd), "the end of the word between blanks")
    rows.add(Key("0"), does: .vi(.lineStart), "start of the line; behind a count: a digit of it")
    rows.add(Key("^"), does: .vi(.textStart), "the first character of the line that is no blank")
    rows.add(Key("$"), does: .vi(.lineEnd), "end of the line")
    rows.add(Key("g"), does: .vi(.goTo), "gg: the first line")
    rows.add(Key("G"), does: .vi(.lastLine), "the last line")
    rows.add(Key("f"), does: .vi(.find), "to a character of the line")
    rows.add(Key("F"), does: .vi(.findBack), "back to a character of the line")
    rows.add(Key("t"), does: .vi(.till), "before a character of the line")
    rows.add(Key("T"), does: .vi(.tillBack), "back behind a character of the line")
    rows.add(Key(";"), does: .vi(.repeatFind), "the same character again")
    rows.add(Key(","), does: .vi(.repeatFindBack), "the same character the other way")
    rows.add(
      Key("1"), Key("2"), Key("3"), Key("4"), Key("5"), Key("6"), Key("7"), Key("8"), Key("9"),
      does: .vi(.count), "how often")
    return rows.rows
  }

  private static var viChanges: [Binding] {
    var rows = BindingRows(.vi)
    rows.add(Key("d"), does: .vi(.delete), "delete: a motion, iw a\" i( …, or d for the line")
    rows.add(Key("c"), does: .vi(.change), "change: the same")
    rows.add(Key("y"), does: .vi(.yank), "yank: the same")
    rows.add(Key("D"), does: .vi(.deleteToEnd), "delete to the end of the line")
    rows.add(Key("C"), does: .vi(.changeToEnd), "change to the end of the line")
    rows.add(Key("Y"), does: .vi(.yankLine), "yank the line")
    rows.add(Key("x"), does: .vi(.deleteCharacter), "delete the character")
    rows.add(Key("X"), does: .vi(.deleteBefore), "delete the character before")
    rows.add(Key("s"), does: .vi(.substitute), "change the character")
    rows.add(Key("S"), does: .vi(.substituteLine), "change the line")
    rows.add(Key("p"), does: .vi(.putAfter), "put what was deleted or yanked behind")
    rows.add(Key("P"), does: .vi(.putBefore), "put it before")
    rows.add(
      Key("\""), does: .vi(.register), "\"a: the next command takes or puts by that name; \"A adds to it")
    rows.add(Key("r"), does: .vi(.replace), "replace the character")
    rows.add(Key("~"), does: .vi(.toggleCase), "upper case, lower case")
    rows.add(Key("J"), does: .vi(.join), "join with the next line")
    rows.add(Key("."), does: .vi(.repeatChange), "the last change again")
    rows.add(Key("v"), does: .vi(.visual), "select characters, then d c y p r ~ J; o: the other end")
    rows.add(Key("V"), does: .vi(.visualLines), "select lines")
    rows.add(Key("u"), does: .vi(.undo), "undo")
    rows.add(.ctrl("r"), does: .vi(.redo), "redo")
    rows.add(Key(.escape), does: .vi(.cancel), "forget what was begun or selected") {
      $0.composer.vi?.isPending == true || $0.composer.vi?.isVisual == true ? nil : "nothing is begun"
    }
    return rows.rows
  }

  private static var viInserts: [Binding] {
    var rows = BindingRows(.vi)
    rows.add(Key("i"), does: .vi(.insert), "insert", footer: "insert")
    rows.add(Key("a"), does: .vi(.append), "append")
    rows.add(Key("I"), does: .vi(.insertAtStart), "insert at the start of the line")
    rows.add(Key("A"), does: .vi(.appendAtEnd), "append at the end of the line")
    rows.add(Key("o"), does: .vi(.openBelow), "a new line below")
    rows.add(Key("O"), does: .vi(.openAbove), "a new line above")
    var insert = BindingRows(.viInsert)
    insert.add(Key(.escape), does: .vi(.toNormal), "the normal mode")
    return rows.rows + insert.rows
  }
}
