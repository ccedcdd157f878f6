extension Keymap {
  /// Composer, completion, queue strip and the keys that scroll from there.
  static let composer: [Binding] = draft + empty + editing + popup + working + start

  private static var draft: [Binding] {
    var rows = BindingRows(.draft)
    rows.add(Key(.enter), does: .composer(.send), "send; while a turn runs: steer it", footer: "send")
    rows.add(Key(.tab), does: .composer(.queue), "queue until the turn is over", footer: "queue") {
      $0.isWorking ? nil : "nothing is running: enter sends"
    }
    rows.add(.ctrl("u"), does: .edit(.killToStart), "delete to the start of the line")
    rows.add(.ctrl("d"), does: .edit(.deleteForward), "delete the character under the caret")
    return rows.rows
  }

  private static var empty: [Binding] {
    var rows = BindingRows(.empty)
    rows.add(
      Key(.enter), does: .composer(.sendQueued), "send the first queued message", footer: "send queued"
    ) {
      $0.outbox.queue.isEmpty || $0.isWorking ? "nothing to send" : nil
    }
    rows.add(Key(.escape), does: .composer(.toTranscript), "go to the transcript", footer: "transcript") {
      $0.transcript.isEmpty ? "nothing is in the transcript yet" : nil
    }
    rows.add(Key("?"), does: .app(.help), "keys and commands", footer: "help")
    rows.add(.ctrl("t"), does: .app(.trust), "trust this directory: commands and edits may write in it") {
      $0.trustObstacle
    }
    rows.add(Key(.tab, .shift), does: .app(.nextMode), "the next mode: ask, review at end, auto, read-only") {
      $0.thread == nil ? "no thread is open" : nil
    }
    rows.add(.ctrl("u"), does: .composer(.halfPageUp), "scroll half a page up")
    rows.add(.ctrl("d"), does: .composer(.halfPageDown), "scroll half a page down")
    return rows.rows
  }

  private static var editing: [Binding] {
    var rows = BindingRows(.composer)
    rows.add(
      Key(.enter, .shift), Key(.enter, .alt), .ctrl("j"), does: .edit(.newline), "start a new line")
    rows.add(Key(.left), .ctrl("b"), does: .edit(.left), "one character left")
    rows.add(Key(.right), .ctrl("f"), does: .edit(.right), "one character right")
    rows.add(.alt("b"), Key(.left, .ctrl), Key(.left, .alt), does: .edit(.wordLeft), "one word left")
    rows.add(.alt("f"), Key(.right, .ctrl), Key(.right, .alt), does: .edit(.wordRight), "one word right")
    rows.add(Key(.home), .ctrl("a"), does: .edit(.lineStart), "start of the line")
    rows.add(Key(.end), .ctrl("e"), does: .edit(.lineEnd), "end of the line")
    rows.add(Key(.backspace), .ctrl("h"), does: .edit(.deleteBackward), "delete backwards")
    rows.add(Key(.delete), does: .edit(.deleteForward), "delete forwards")
    rows.add(
      .ctrl("w"), Key(.backspace, .alt), does: .edit(.deleteWordBackward), "delete the word before")
    rows.add(.alt("d"), does: .edit(.deleteWordForward), "delete the word behind")
    rows.add(.ctrl("k"), does: .edit(.killToEnd), "delete to the end of the line")
    rows.add(.ctrl("y"), does: .edit(.yank), "put back what was deleted")
    rows.add(.ctrl("_"), .ctrl("/"), does: .edit(.undo), "undo typing")
    rows.add(.alt("_"), .alt("/"), does: .edit(.redo), "redo typing")
    rows.add(Key(.up), .ctrl("p"), does: .composer(.up), "line up; on the first line: older message")
    rows.add(Key(.down), .ctrl("n"), does: .composer(.down), "line down; on the last line: newer message")
    rows.add(.ctrl("r"), does: .composer(.historyList), "search the messages sent before") {
      $0.composer.history.isEmpty ? "no message was sent before" : nil
    }
    rows.add(.ctrl("g"), does: .composer(.editor), "write in your editor")
    rows.add(Key(.up, .alt), does: .composer(.queueList), "edit the queue") {
      $0.outbox.queue.isEmpty ? "nothing is queued" : nil
    }
    rows.add(Key(.pageUp), does: .composer(.pageUp), "scroll a page up")
    rows.add(Key(.pageDown), does: .composer(.pageDown), "scroll a page down")
    return rows.rows
  }

  private static var popup: [Binding] {
    var rows = BindingRows(.popup)
    rows.add(Key(.down), .ctrl("n"), does: .popup(.next), "next")
    rows.add(Key(.up), .ctrl("p"), does: .popup(.previous), "previous")
    rows.add(Key(.tab), does: .popup(.complete), "complete", footer: "complete")
    rows.add(Key(.enter), does: .popup(.choose), "choose; run a command", footer: "choose")
    rows.add(Key(.escape), does: .popup(.close), "close", footer: "close")
    return rows.rows
  }

  private static var working: [Binding] {
    var rows = BindingRows(.working)
    rows.add(Key(.escape), does: .app(.stop), "stop the turn; the queue is kept")
    return rows.rows
  }

  private static var start: [Binding] {
    var rows = BindingRows(.start)
    rows.add(Key("d"), does: .app(.demo), "open the demo", footer: "demo")
    return rows.rows
  }

  /// Keys that mean the same on every screen.
  static var global: [Binding] {
    var rows = BindingRows(.global)
    rows.add(.ctrl("c"), does: .app(.interrupt), "clear the draft, else stop the turn, else (twice) quit")
    rows.add(.ctrl("x"), does: .app(.focusPrompt), "answer the open question, or go back to typing") {
      $0.prompts.current == nil && $0.waitingReviews.isEmpty && $0.readyReview == nil
        ? "no question is open" : nil
    }
    rows.add(.ctrl("o"), does: .app(.threads), "earlier threads") {
      $0.isWorking ? "a turn is running: esc stops it" : nil
    }
    rows.add(
      .alt("m"), Key(.f(2)), does: .app(.mouse),
      "leave the mouse to the terminal, for selecting; again: take it back")
    rows.add(Key(.f(1)), does: .app(.help), "keys and commands")
    rows.add(.ctrl("z"), does: .app(.suspend), "suspend stet; fg brings it back")
    return rows.rows
  }
}
