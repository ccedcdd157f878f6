extension Keymap {
  /// The full review. Lower case is this hunk, upper case the wider scope (review.md A4).
  static let review: [Binding] = hunkKeys + moveKeys + viewKeys + wordKeys + confirmKeys + fileKeys

  private static let noDecision: @Sendable (AppState) -> String? = { state in
    nothingToDecide(state) ?? state.arrivalObstacle
  }

  private static let nothingToDecide: @Sendable (AppState) -> String? = { state in
    if state.review?.isViewer == true { return "this is only looked at: there is nothing to decide" }
    return notWhole(state)
  }

  /// Nothing is decided or said of a review whose files are still coming.
  private static let notWhole: @Sendable (AppState) -> String? = { state in
    state.review?.isLoading == true ? AppState.loadingWords : nil
  }

  /// Words need somebody to hear them.
  private static let noWords: @Sendable (AppState) -> String? = { state in
    if state.launch == .viewer { return "there is nobody to tell it to" }
    guard let review = state.review, !review.isViewer else { return nil }
    if let reason = notWhole(state) { return reason }
    return review.canDecideParts ? nil : "the server takes one answer for everything"
  }

  private static let noParts: @Sendable (AppState) -> String? = { state in
    if let reason = noDecision(state) { return reason }
    return state.review?.canDecideParts == true ? nil : "the server takes one answer for everything"
  }

  private static var hunkKeys: [Binding] {
    var rows = BindingRows(.review)
    rows.add(
      Key("y"), does: .review(.accept), "accept the hunk (or the selection), go to the next undecided",
      footer: "accept", unless: noDecision)
    rows.add(
      Key("n"), does: .review(.reject), "reject the hunk (or the selection), go to the next undecided",
      footer: "reject", unless: noDecision)
    rows.add(Key("e"), does: .review(.edit), "edit the result of this hunk", footer: "edit") {
      noDecision($0) ?? ($0.editablePart == nil ? "there are no lines to edit here" : nil)
    }
    rows.add(
      Key("c"), does: .review(.comment), "comment on the line, the selection, or change a comment",
      footer: "comment", unless: noWords)
    rows.add(Key("?"), does: .app(.help), "keys", footer: "help")
    rows.add(
      Key(.enter), does: .review(.submit), "submit when all is decided; else the first undecided",
      footer: "submit"
    ) { state in
      guard state.review?.isViewer == true else { return state.arrivalObstacle }
      switch state.review?.currentRow {
      case .gap?, .folded?: return nil
      default: return noDecision(state)
      }
    }
    rows.add(Key("Y"), does: .review(.acceptFile), "accept all undecided in the file", unless: noDecision)
    rows.add(
      Key("N"), does: .review(.rejectFile), "reject all undecided in the file; asks", unless: noDecision)
    rows.add(Key("A"), does: .review(.acceptAll), "accept all undecided in the review", unless: noDecision)
    rows.add(
      Key("X"), does: .review(.rejectAll), "reject all undecided in the review; asks", unless: noDecision)
    rows.add(Key(" "), does: .review(.toggle), "accepted or undecided", unless: noDecision)
    rows.add(Key("u"), does: .review(.undo), "undo a decision", footer: "undo", unless: noDecision)
    rows.add(.ctrl("r"), does: .review(.redo), "redo a decision", unless: noDecision)
    rows.add(Key("v"), does: .review(.selectLines), "select lines for y, n, c and ctrl-y")
    rows.add(Key("V"), does: .review(.selectHunk), "select the lines of the hunk")
    rows.add(
      Key("s"), does: .review(.splitHunk), "split the hunk; a solid run line by line", unless: noParts)
    rows.add(Key("E"), does: .review(.editFile), "edit the whole proposed file", unless: noParts)
    rows.add(
      Key(.tab, .shift), does: .review(.mode), "from the next edit on: ask first, or review at the end"
    ) { $0.thread == nil || !($0.server?.hunkReview ?? false) ? "there is no thread to review" : nil }
    rows.add(Key("+"), does: .review(.stage), "put what is accepted into the git index") {
      $0.stageObstacle ?? $0.arrivalObstacle
    }
    rows.add(.ctrl("k"), does: .review(.commit), "commit what is staged; the model drafts the message") {
      $0.stageObstacle ?? $0.arrivalObstacle
    }
    return rows.rows
  }

  private static var moveKeys: [Binding] {
    var rows = BindingRows(.review)
    rows.add(Key("j"), Key(.down), does: .review(.lineDown), "one line down")
    rows.add(Key("k"), Key(.up), does: .review(.lineUp), "one line up")
    rows.add(Key("J"), does: .review(.nextUndecided), "next undecided hunk", unless: nothingToDecide)
    rows.add(Key("K"), does: .review(.previousUndecided), "previous undecided hunk", unless: nothingToDecide)
    rows.add(Key("]"), does: .review(.nextHunk), "next hunk")
    rows.add(Key("["), does: .review(.previousHunk), "previous hunk")
    rows.add(Key("}"), does: .review(.nextFile), "next file") { $0.severalFilesObstacle }
    rows.add(Key("{"), does: .review(.previousFile), "previous file") { $0.severalFilesObstacle }
    rows.add(Key("m"), does: .review(.nextRemark), "next comment or note of the agent")
    rows.add(Key("M"), does: .review(.previousRemark), "previous comment or note of the agent")
    rows.add(Key("g"), Key(.home), does: .review(.first), "first line")
    rows.add(Key("G"), Key(.end), does: .review(.last), "last line")
    rows.add(Key(.pageDown), .ctrl("f"), does: .review(.pageDown), "a page down")
    rows.add(Key(.pageUp), .ctrl("b"), does: .review(.pageUp), "a page up")
    rows.add(.ctrl("d"), does: .review(.halfPageDown), "half a page down")
    rows.add(.ctrl("u"), does: .review(.halfPageUp), "half a page up")
    rows.add(
      Key("q"), Key(.escape), does: .review(.leave), "leave; undecided hunks stay pending", footer: "leave")
    return rows.rows
  }

  private static var viewKeys: [Binding] {
    var rows = BindingRows(.review)
    rows.add(Key(.tab), does: .review(.files), "the file list") { $0.severalFilesObstacle }
    rows.add(Key("z"), does: .review(.expand), "show unchanged lines around; open a folded file")
    rows.add(Key("Z"), does: .review(.expandFile), "show the whole file")
    rows.add(Key("0"), does: .review(.autoLayout), "side by side where the pane is wide")
    rows.add(Key("1"), does: .review(.split), "side by side")
    rows.add(Key("2"), does: .review(.unified), "one below the other")
    rows.add(Key("w"), does: .review(.wrap), "wrap or cut long lines")
    rows.add(Key("W"), does: .review(.whitespace), "hide changes of blanks; they are decided all the same")
    rows.add(Key("i"), does: .review(.notes), "show or hide the agent's notes")
    rows.add(
      Key("r"), does: .review(.viewed), "mark the file viewed, go to the next", unless: notWhole)
    rows.add(.ctrl("y"), does: .review(.copy), "copy the hunk or the selection without its marks")
    return rows.rows
  }

  private static var wordKeys: [Binding] {
    var rows = BindingRows(.review)
    rows.add(Key("C"), does: .review(.commentFile), "comment on the file", unless: noWords)
    rows.add(Key(";"), does: .review(.commentAll), "comment on the whole change", unless: noWords)
    rows.add(Key("o"), does: .review(.explain), "ask what the hunk is for, without deciding", unless: noWords)
    rows.add(Key("/"), does: .review(.search), "search the diff")
    rows.add(.ctrl("n"), does: .review(.nextMatch), "next match")
    rows.add(.ctrl("p"), does: .review(.previousMatch), "previous match")
    return rows.rows
  }

  private static var confirmKeys: [Binding] {
    var rows = BindingRows(.reviewConfirm)
    rows.add(Key("y"), does: .reviewConfirm(.yes), "yes, decide it", footer: "yes")
    rows.add(
      Key("n"), Key(.enter), Key(.escape), Key("q"), Key(" "), does: .reviewConfirm(.no),
      "no, everything stays as it is", footer: "no")
    return rows.rows
  }

  private static var fileKeys: [Binding] {
    var rows = BindingRows(.reviewFiles)
    rows.add(Key(.enter), does: .reviewFiles(.open), "look at the file", footer: "open")
    rows.add(Key("j"), Key(.down), Key("}"), does: .reviewFiles(.next), "next file")
    rows.add(Key("k"), Key(.up), Key("{"), does: .reviewFiles(.previous), "previous file")
    rows.add(
      Key("Y"), does: .reviewFiles(.accept), "accept all undecided in the file", footer: "accept file",
      unless: noDecision)
    rows.add(
      Key("N"), does: .reviewFiles(.reject), "reject all undecided in the file; asks", footer: "reject file",
      unless: noDecision)
    rows.add(
      Key("r"), does: .reviewFiles(.viewed), "mark the file viewed, go to the next", footer: "viewed",
      unless: notWhole)
    rows.add(Key("g"), Key(.home), does: .reviewFiles(.first), "first file")
    rows.add(Key("G"), Key(.end), does: .reviewFiles(.last), "last file")
    rows.add(Key(.pageDown), .ctrl("d"), does: .reviewFiles(.pageDown), "a page down")
    rows.add(Key(.pageUp), .ctrl("u"), does: .reviewFiles(.pageUp), "a page up")
    rows.add(
      Key(.tab), Key("q"), Key(.escape), does: .reviewFiles(.close), "back to the diff", footer: "back")
    return rows.rows
  }
}
