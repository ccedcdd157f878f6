/// What a key can do. The name (`composer.send`) is what users re-map by.
enum Action: Hashable, Sendable {
  case edit(EditCommand)
  case app(AppCommand)
  case composer(ComposerCommand)
  case vi(ViCommand)
  case popup(PopupCommand)
  case transcript(TranscriptCommand)
  case prompt(PromptCommand)
  case field(FieldCommand)
  case review(ReviewCommand)
  case reviewConfirm(ReviewConfirmCommand)
  case reviewFiles(ReviewFilesCommand)
  case list(ListCommand)
  case queue(QueueCommand)
  case undo(UndoCommand)
  case compact(CompactCommand)
  case page(PageCommand)
  case permissions(PermissionsCommand)
  case outside(OutsideCommand)

  var name: String {
    switch self {
    case .edit(let command): "edit." + command.rawValue
    case .app(let command): "app." + command.rawValue
    case .composer(let command): "composer." + command.rawValue
    case .vi(let command): "vi." + command.rawValue
    case .popup(let command): "popup." + command.rawValue
    case .transcript(let command): "transcript." + command.rawValue
    case .prompt(let command): "prompt." + command.rawValue
    case .field(let command): "field." + command.rawValue
    case .review(let command): "review." + command.rawValue
    case .reviewConfirm(let command): "reviewConfirm." + command.rawValue
    case .reviewFiles(let command): "reviewFiles." + command.rawValue
    case .list(let command): "list." + command.rawValue
    case .queue(let command): "queue." + command.rawValue
    case .undo(let command): "undo." + command.rawValue
    case .compact(let command): "compact." + command.rawValue
    case .page(let command): "page." + command.rawValue
    case .permissions(let command): "permissions." + command.rawValue
    case .outside(let command): "outside." + command.rawValue
    }
  }
}

enum AppCommand: String, CaseIterable, Sendable {
  case help, interrupt, stop, suspend, focusPrompt, threads, demo, trust, nextMode, mouse
}

enum ComposerCommand: String, CaseIterable, Sendable {
  case send, sendQueued, queue, toTranscript, editor, up, down, historyList, queueList
  case pageUp, pageDown, halfPageUp, halfPageDown
}

enum PopupCommand: String, CaseIterable, Sendable {
  case next, previous, complete, choose, close
}

enum TranscriptCommand: String, CaseIterable, Sendable {
  case next, previous, first, last, fold, foldAll, open, diff, copy, copyBlock, undo, edit, outside
  case toComposer, typeInComposer, timeline, pageUp, pageDown, halfPageUp, halfPageDown
}

enum PromptCommand: String, CaseIterable, Sendable {
  case accept, acceptForSession, rule, decline, instead, edit, stop, comment, openReview, acceptAll,
    declineAll
  case scrollUp, scrollDown, nextOption, previousOption, chooseOption, typeAnswer, pickOption, skip
  case acceptAlways
}

enum FieldCommand: String, CaseIterable, Sendable {
  case done, cancel, nextOffer, down, up, editor
}

enum ReviewCommand: String, CaseIterable, Sendable {
  case accept, reject, acceptFile, rejectFile, acceptAll, rejectAll, toggle, undo, redo
  case lineDown, lineUp, nextUndecided, previousUndecided, nextHunk, previousHunk, nextFile, previousFile
  case nextRemark, previousRemark, first, last, pageDown, pageUp, halfPageDown, halfPageUp
  case selectLines, selectHunk, splitHunk, edit, editFile, comment, commentFile, commentAll, explain
  case notes, expand, expandFile, autoLayout, split, unified, wrap, whitespace
  case search, nextMatch, previousMatch, viewed, files, copy, mode, stage, commit, submit, leave
}

enum ReviewConfirmCommand: String, CaseIterable, Sendable {
  case yes, no
}

enum ReviewFilesCommand: String, CaseIterable, Sendable {
  case next, previous, pageDown, pageUp, first, last, accept, reject, viewed, open, close
}

enum ListCommand: String, CaseIterable, Sendable {
  case next, previous, pageDown, pageUp, choose, close
  case fork, rename, archive, delete, searchText
}

enum QueueCommand: String, CaseIterable, Sendable {
  case next, previous, edit, drop, moveDown, moveUp, close
}

enum UndoCommand: String, CaseIterable, Sendable {
  case apply, nextTurn, previousTurn, lineDown, lineUp, pageDown, pageUp, redo, reach, content
  case overwrite, close
}

enum CompactCommand: String, CaseIterable, Sendable {
  case start, undo, lineDown, lineUp, close
}

enum PageCommand: String, CaseIterable, Sendable {
  case lineDown, lineUp, pageDown, pageUp, halfPageDown, halfPageUp, first, last, nextEntry, previousEntry
  case copy, close
}

enum PermissionsCommand: String, CaseIterable, Sendable {
  case next, previous, agree, revoke, test, runTest, leaveTest, close
}

enum OutsideCommand: String, CaseIterable, Sendable {
  case run, leave
}
