/// Movements and changes that every text field knows.
enum EditCommand: String, CaseIterable, Sendable {
  case left, right, wordLeft, wordRight, lineStart, lineEnd
  case deleteBackward, deleteForward, deleteWordBackward, deleteWordForward
  case killToEnd, killToStart, yank, undo, redo, newline
}

extension TextBuffer {
  mutating func apply(_ command: EditCommand) {
    switch command {
    case .left: move(to: caret - 1)
    case .right: move(to: caret + 1)
    case .wordLeft: move(to: wordStart)
    case .wordRight: move(to: wordEnd)
    case .lineStart: move(to: lineStart)
    case .lineEnd: move(to: lineEnd)
    case .deleteBackward: deleteBackward()
    case .deleteForward: deleteForward()
    case .deleteWordBackward: kill(to: blankWordStart)
    case .deleteWordForward: kill(to: wordEnd)
    case .killToEnd:
      // At the end of a line the line end itself goes, as in emacs.
      kill(to: lineEnd == caret ? caret + 1 : lineEnd)
    case .killToStart: kill(to: lineStart == caret ? caret - 1 : lineStart)
    case .yank: yank()
    case .undo: undo()
    case .redo: redo()
    case .newline: insert(["\n"])
    }
  }
}
