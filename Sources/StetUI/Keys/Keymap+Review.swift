extension Keymap {
  /// The full review. Lower case is this hunk, upper case the wider scope (review.md A4).
  static let review: [Binding] = {
    var rows = BindingRows(.review)
    rows.add(Key("y"), does: .review(.accept), "accept the hunk, go to the next undecided", footer: "accept")
    rows.add(Key("n"), does: .review(.reject), "reject the hunk, go to the next undecided", footer: "reject")
    rows.add(Key("e"), does: .review(.edit), "edit the result of this hunk", footer: "edit") {
      $0.editableOperation == nil ? "there are no lines to edit here" : nil
    }
    rows.add(Key("c"), does: .review(.comment), "comment on the line", footer: "comment") {
      $0.prompts.review?.canDecideParts == true ? nil : "the server takes no comments"
    }
    rows.add(Key("?"), does: .app(.help), "keys", footer: "help")
    rows.add(
      Key(.enter), does: .review(.submit), "submit; else go to the first undecided", footer: "submit")
    rows.add(Key("Y"), does: .review(.acceptFile), "accept all undecided in the file")
    rows.add(Key("N"), does: .review(.rejectFile), "reject all undecided in the file")
    rows.add(Key("A"), does: .review(.acceptAll), "accept all undecided in the review")
    rows.add(Key("X"), does: .review(.rejectAll), "reject all undecided in the review (twice)")
    rows.add(Key(" "), does: .review(.toggle), "accepted or undecided")
    rows.add(Key("u"), does: .review(.undo), "undo a decision", footer: "undo")
    rows.add(.ctrl("r"), does: .review(.redo), "redo a decision")
    rows.add(Key("j"), Key(.down), does: .review(.lineDown), "one line down")
    rows.add(Key("k"), Key(.up), does: .review(.lineUp), "one line up")
    rows.add(Key("J"), does: .review(.nextUndecided), "next undecided hunk")
    rows.add(Key("K"), does: .review(.previousUndecided), "previous undecided hunk")
    rows.add(Key("]"), does: .review(.nextHunk), "next hunk")
    rows.add(Key("["), does: .review(.previousHunk), "previous hunk")
    rows.add(Key("}"), does: .review(.nextFile), "next file") { $0.severalFilesObstacle }
    rows.add(Key("{"), does: .review(.previousFile), "previous file") { $0.severalFilesObstacle }
    rows.add(Key(.tab), does: .review(.files), "show or hide the file list") { $0.severalFilesObstacle }
    rows.add(Key("g"), Key(.home), does: .review(.first), "first line")
    rows.add(Key("G"), Key(.end), does: .review(.last), "last line")
    rows.add(Key(.pageDown), .ctrl("f"), .ctrl("d"), does: .review(.pageDown), "a page down")
    rows.add(Key(.pageUp), .ctrl("b"), .ctrl("u"), does: .review(.pageUp), "a page up")
    rows.add(.ctrl("y"), does: .review(.copy), "copy the hunk without its marks")
    rows.add(
      Key("q"), Key(.escape), does: .review(.leave), "leave; undecided hunks stay pending", footer: "leave")
    return rows.rows
  }()
}
