extension Keymap {
  /// Questions that dock above the composer.
  static let prompts: [Binding] = command + hunk + hunks + question + permissions + tool + field

  private static var command: [Binding] {
    var rows = BindingRows(.command)
    rows.add(Key("y"), does: .prompt(.accept), "run it once", footer: "once")
    rows.add(
      Key("a"), does: .prompt(.acceptForSession), "run it, and don't ask for it again in this session",
      footer: "session")
    rows.add(Key("p"), does: .prompt(.rule), "run it, and remember a rule", footer: "rule") {
      $0.commandPrompt?.offers.isEmpty == false ? nil : "no rule can be remembered for this command"
    }
    rows.add(Key("n"), does: .prompt(.decline), "no", footer: "no")
    rows.add(Key("c"), does: .prompt(.instead), "no, and say what to do instead", footer: "instead")
    rows.add(Key("e"), does: .prompt(.edit), "edit the command", footer: "edit") {
      guard $0.commandPrompt?.network == nil else { return "the command runs already" }
      return $0.commandPrompt?.isInput == false ? nil : "this is input for a running command"
    }
    rows.add(Key(.escape), does: .prompt(.stop), "stop the turn", footer: "stop")
    addScrolling(&rows)
    return rows.rows
  }

  private static var hunk: [Binding] {
    var rows = BindingRows(.hunk)
    rows.add(Key("y"), does: .prompt(.accept), "apply it", footer: "accept")
    rows.add(Key("n"), does: .prompt(.decline), "refuse it", footer: "reject")
    rows.add(Key("e"), does: .prompt(.edit), "edit the result in your editor", footer: "edit") {
      $0.editablePart == nil ? "this change has no lines to edit" : nil
    }
    rows.add(Key("c"), does: .prompt(.comment), "comment for the agent", footer: "comment") {
      $0.prompts.review?.canDecideParts == true ? nil : "the server takes no comments"
    }
    rows.add(Key(.enter), does: .prompt(.openReview), "open the full review", footer: "full review")
    rows.add(Key(.escape), does: .prompt(.stop), "stop the turn", footer: "stop")
    addScrolling(&rows)
    return rows.rows
  }

  private static var hunks: [Binding] {
    var rows = BindingRows(.hunks)
    // Where the server takes one answer for everything, there is nothing to decide hunk by hunk.
    rows.add(Key("y"), does: .prompt(.accept), "apply all of it", footer: "accept") {
      $0.prompts.review?.canDecideParts == true ? "enter decides hunk by hunk, A accepts all" : nil
    }
    rows.add(Key(.enter), does: .prompt(.openReview), "open the review", footer: "review")
    rows.add(
      Key("A"), Key("Y"), does: .prompt(.acceptAll), "accept everything that is undecided",
      footer: "accept all")
    rows.add(Key("n"), does: .prompt(.declineAll), "refuse everything", footer: "reject all")
    rows.add(
      Key("c"), does: .prompt(.instead), "refuse everything, and say what to do instead", footer: "instead")
    rows.add(Key(.escape), does: .prompt(.stop), "stop the turn", footer: "stop")
    addScrolling(&rows)
    return rows.rows
  }

  private static var question: [Binding] {
    var rows = BindingRows(.question)
    let noOptions: @Sendable (AppState) -> String? = { state in
      state.questionPrompt?.options.isEmpty == false ? nil : "type the answer"
    }
    rows.add(Key(.down), Key("j"), does: .prompt(.nextOption), "next answer", unless: noOptions)
    rows.add(Key(.up), Key("k"), does: .prompt(.previousOption), "previous answer", unless: noOptions)
    rows.add(
      Key("1"), Key("2"), Key("3"), Key("4"), Key("5"), Key("6"), Key("7"), Key("8"), Key("9"),
      does: .prompt(.pickOption), "the answer of this number", unless: noOptions)
    rows.add(Key(.enter), does: .prompt(.chooseOption), "answer", footer: "answer")
    rows.add(Key("t"), does: .prompt(.typeAnswer), "type another answer", footer: "type") {
      $0.questionPrompt.map { $0.options.isEmpty || $0.current?.isOther == true } == true
        ? nil : "one of the answers is wanted"
    }
    rows.add(Key("n"), does: .prompt(.decline), "no answer for the server", footer: "decline") {
      $0.questionPrompt?.form == nil ? "esc skips the question" : nil
    }
    rows.add(Key(.escape), does: .prompt(.skip), "skip the question, the turn goes on", footer: "skip")
    return rows.rows
  }

  private static var permissions: [Binding] {
    var rows = BindingRows(.permissions)
    rows.add(Key("y"), does: .prompt(.accept), "grant it for this turn", footer: "this turn")
    rows.add(Key("a"), does: .prompt(.acceptForSession), "grant it for this session", footer: "session")
    rows.add(Key("n"), does: .prompt(.decline), "no", footer: "no")
    rows.add(Key(.escape), does: .prompt(.stop), "stop the turn", footer: "stop")
    addScrolling(&rows)
    return rows.rows
  }

  private static var tool: [Binding] {
    var rows = BindingRows(.tool)
    rows.add(Key("y"), does: .prompt(.accept), "call it once", footer: "once")
    rows.add(
      Key("a"), does: .prompt(.acceptForSession),
      "call it, and don't ask for this tool again in this session",
      footer: "session"
    ) { lasts("session", $0) }
    rows.add(
      Key("p"), does: .prompt(.acceptAlways), "call it, and never ask for this tool again", footer: "always"
    ) {
      lasts("always", $0)
    }
    rows.add(Key("n"), does: .prompt(.decline), "no", footer: "no")
    rows.add(Key("c"), does: .prompt(.instead), "no, and say what to do instead", footer: "instead")
    rows.add(Key(.escape), does: .prompt(.stop), "stop the turn", footer: "stop")
    addScrolling(&rows)
    return rows.rows
  }

  private static func lasts(_ time: String, _ state: AppState) -> String? {
    guard case .tool(let prompt) = state.prompts.current?.kind else { return "no tool is asked about" }
    return prompt.lasting.contains(time) ? nil : "the server offers once only"
  }

  private static func addScrolling(_ rows: inout BindingRows) {
    rows.add(Key(.down), does: .prompt(.scrollDown), "scroll the question down")
    rows.add(Key(.up), does: .prompt(.scrollUp), "scroll the question up")
  }

  private static var field: [Binding] {
    var rows = BindingRows(.field)
    rows.add(Key(.enter), does: .field(.done), "done", footer: "done") { $0.arrivalObstacle }
    rows.add(Key(.escape), does: .field(.cancel), "back", footer: "back")
    rows.add(Key(.tab), does: .field(.nextOffer), "the next offered rule", footer: "next offer") {
      $0.fieldOffers.count > 1 ? nil : "there is one offer only"
    }
    let noLines: @Sendable (AppState) -> String? = { state in
      state.field?.takesLines == true ? nil : "this text has one line"
    }
    let noRows: @Sendable (AppState) -> String? = { state in
      if case .remember? = state.field?.purpose { nil } else { noLines(state) }
    }
    rows.add(
      .ctrl("g"), does: .field(.editor), "write the message in your editor", footer: "editor",
      unless: noLines)
    rows.add(
      .ctrl("j"), Key(.enter, .shift), Key(.enter, .alt), does: .edit(.newline), "start a new line",
      footer: "new line", unless: noLines)
    rows.add(Key(.down), does: .field(.down), "line down; a rule holds wider", unless: noRows)
    rows.add(Key(.up), does: .field(.up), "line up; a rule holds narrower", unless: noRows)
    rows.add(Key(.left), .ctrl("b"), does: .edit(.left), "one character left")
    rows.add(Key(.right), .ctrl("f"), does: .edit(.right), "one character right")
    rows.add(.alt("b"), Key(.left, .ctrl), does: .edit(.wordLeft), "one word left")
    rows.add(.alt("f"), Key(.right, .ctrl), does: .edit(.wordRight), "one word right")
    rows.add(Key(.home), .ctrl("a"), does: .edit(.lineStart), "start of the line")
    rows.add(Key(.end), .ctrl("e"), does: .edit(.lineEnd), "end of the line")
    rows.add(Key(.backspace), .ctrl("h"), does: .edit(.deleteBackward), "delete backwards")
    rows.add(Key(.delete), .ctrl("d"), does: .edit(.deleteForward), "delete forwards")
    rows.add(.ctrl("w"), Key(.backspace, .alt), does: .edit(.deleteWordBackward), "delete the word before")
    rows.add(.ctrl("k"), does: .edit(.killToEnd), "delete to the end")
    rows.add(.ctrl("u"), does: .edit(.killToStart), "delete to the start")
    rows.add(.ctrl("y"), does: .edit(.yank), "put back what was deleted")
    rows.add(.ctrl("_"), .ctrl("/"), does: .edit(.undo), "undo typing")
    return rows.rows
  }
}
