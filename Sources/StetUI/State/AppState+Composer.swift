import StetProtocol

/// The completion popup, drafts, the external editor.
extension AppState {
  /// Opens, refreshes or closes the popup after the draft changed.
  mutating func updatePopup() {
    guard focus == .composer, dialogs.isEmpty, composer.vi?.isCommanding != true,
      let wanted = Popup.wanted(by: composer)
    else {
      popup = nil
      dismissedPopup = nil
      askedForList = nil
      return
    }
    if askedForList != wanted.kind {
      askedForList = wanted.kind
      askForList(wanted.kind)
    }
    if let popup, popup.kind == wanted.kind, popup.query == wanted.query {
      self.popup?.range = wanted.range
      return
    }
    guard dismissedPopup != wanted.query else { return }
    dismissedPopup = nil
    switch wanted.kind {
    case .command, .skill:
      let entries =
        wanted.kind == .skill
        ? Popup.skills(matching: wanted.query, skills)
        : Popup.commands(matching: wanted.query, customPrompts)
      popup =
        entries.isEmpty
        ? nil : Popup(kind: wanted.kind, query: wanted.query, range: wanted.range, entries: entries)
    case .file:
      // The list shows what was found for the query before until the new answer comes.
      let entries = popup?.kind == .file ? popup?.entries ?? [] : []
      popup = Popup(kind: .file, query: wanted.query, range: wanted.range, entries: entries)
      findFiles(wanted.query)
    }
  }

  /// Files that match; an answer for what is no longer typed is dropped.
  mutating func complete(_ query: String, _ paths: [String]) {
    guard popup?.kind == .file, popup?.query == query else { return }
    if paths.isEmpty {
      dismissedPopup = query
      popup = nil
    } else {
      popup?.entries = paths.prefix(200).map { Popup.Entry(text: "@" + $0, words: "") }
      popup?.selected = 0
    }
  }

  // MARK: Drafts

  /// Milliseconds after the last change until the draft is saved.
  static let draftDelayMs = 1000

  mutating func noteDraftChange() { draftChangedAt = now }

  private var draft: Draft {
    Draft(
      threadId: thread?.id ?? restoredQueue?.threadId, text: composer.keptText,
      queue: outbox.queue + (restoredQueue?.queue ?? []))
  }

  mutating func saveDraftIfDue() {
    guard let draftChangedAt, now.since(draftChangedAt) >= Self.draftDelayMs else { return }
    saveDraft()
  }

  mutating func saveDraft() {
    draftChangedAt = nil
    saveReviewDraft()
    let draft = draft
    guard draft != savedDraft, !(draft.isEmpty && savedDraft == nil) else { return }
    savedDraft = draft
    emit(.save(.draft(draft)))
  }

  /// What an earlier run left: taken over where nothing was typed yet. Its queue waits for the thread that is opened.
  mutating func restore(_ draft: Draft) {
    if composer.isEmpty, !draft.text.isEmpty { composer.replace(with: draft.text) }
    savedDraft = draft
    if !draft.queue.isEmpty { restoredQueue = draft }
  }

  /// The thread that it was queued for has it as it was (U24). It must not be sent by itself into another one: there it
  /// is text to be sent by hand.
  mutating func placeRestoredQueue() {
    guard let restored = restoredQueue, let thread else { return }
    restoredQueue = nil
    noteDraftChange()
    if restored.threadId == thread.id {
      outbox.queue = Array((restored.queue + outbox.queue).prefix(Outbox.maxQueue))
    } else {
      let texts = [composer.text] + restored.queue.prefix(Outbox.maxQueue)
      composer.replace(withMessage: texts.filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }
  }

  mutating func finishEdit(_ purpose: EditPurpose, _ text: String?) {
    guard let text else {
      show("unchanged")
      return
    }
    switch purpose {
    case .draft:
      composer.replace(with: text.hasSuffix("\n") ? String(text.dropLast()) : text)
      noteDraftChange()
    case .reviewHunk(let id, let file, let operations):
      finishReviewEdit(id) { review in
        review.edit(file: file, operations: operations, text: text)
        return true
      }
    case .reviewFile(let id, let file): finishFileEdit(id, file, text)
    case .field: finishFieldEdit(text)
    }
  }

  /// Files are looked for where the agent works: by the server, if that may be another machine.
  private mutating func findFiles(_ query: String) {
    guard server?.place != nil else { return emit(.findFiles(query: query)) }
    let params = FuzzyFileSearchParams(
      query: query, roots: [thread?.directory ?? environment.directory], cancellationToken: "stet-composer")
    emit(.send(.fuzzyFileSearch(params), .files(query: query)))
  }

  /// A server that does not search completes nothing.
  mutating func receiveFiles(_ query: String, _ result: Result<FuzzyFileSearchResponse, RPCError>) {
    if case .success(let response) = result { complete(query, response.files.map(\.path)) }
  }
}
