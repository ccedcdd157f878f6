import StetProtocol

/// What the thread picker does to a thread besides opening it (U23).
extension AppState {
  private var picked: ListDialog.Row? {
    guard case .list(let list) = dialogs.last, case .threads = list.kind, list.renaming == nil else {
      return nil
    }
    return list.chosen
  }

  /// Why nothing can be done to the chosen thread now, or nil.
  ///
  /// - Parameter ofOpen: it can be done to the thread that is open, too.
  func pickedThreadObstacle(ofOpen: Bool) -> String? {
    guard let picked else { return "only for a thread in the picker" }
    if let session = picked.foreign { return "it is a session of \(session.program): enter brings it over" }
    if !ofOpen, picked.id == thread?.id { return "this thread is open: /new first" }
    return nil
  }

  mutating func forkPicked() {
    if let picked { fork(picked.id) }
  }

  mutating func fork(_ id: String) {
    var params = ThreadForkParams(threadId: id)
    params.excludeTurns = true
    emit(.send(.threadFork(params), .threadFork))
    show("forking …")
  }

  /// The fork is opened as any other thread is: with its last turns.
  mutating func receiveFork(_ result: Result<JSONValue, RPCError>) {
    switch result {
    case .failure(let error): show("not forked: \(error.message)", isWarning: true)
    case .success(let value):
      guard let id = value["thread"]?["id"]?.stringValue else { return show("not forked", isWarning: true) }
      dialogs = []
      launch = .resume(id)
      resumeThread(id)
      show("this is the fork")
    }
  }

  mutating func renamePicked() {
    guard let picked else { return }
    updateList { list in
      list.renaming = picked.id
      list.filter.replaceAll(with: Array(picked.title))
      list.selected = 0
    }
    show("type the new name · enter sets it, esc leaves it")
  }

  mutating func setPickedName(_ list: ListDialog) {
    guard let id = list.renaming else { return }
    let name = Words.firstLine(list.filter.text)
    guard name.contains(where: { !$0.isWhitespace }) else {
      return show("a name has letters", isWarning: true)
    }
    change(.threadNameSet(.init(threadId: id, name: name)), "renamed to \(name)")
    _ = endRenaming()
  }

  /// Back to the filter; false if no name was being typed.
  mutating func endRenaming() -> Bool {
    guard case .list(let list) = dialogs.last, let id = list.renaming else { return false }
    updateList { list in
      list.renaming = nil
      list.filter.replaceAll(with: [])
      list.selected = list.rows.firstIndex { $0.id == id } ?? 0
    }
    return true
  }

  mutating func archivePicked() {
    guard let picked else { return }
    change(
      .threadArchive(.init(threadId: picked.id)), "archived · stet sessions unarchive brings it back")
  }

  /// Deleting is asked for twice.
  mutating func deletePicked() {
    guard let picked, case .list(let list) = dialogs.last else { return }
    guard list.deleting == picked.id else {
      updateList { $0.deleting = picked.id }
      return show("alt-d again deletes “\(picked.title)” for good", isWarning: true)
    }
    updateList { $0.deleting = nil }
    change(.threadDelete(.init(threadId: picked.id)), "deleted")
  }

  private mutating func change(_ request: ClientRequest, _ words: String) {
    emit(.send(request, .threadChanged(words: words)))
  }

  mutating func receiveThreadChange(_ words: String, _ result: Result<JSONValue, RPCError>) {
    switch result {
    case .success:
      show(words)
      listThreadsAgain()
    case .failure(let error): show("nothing changed: \(error.message)", isWarning: true)
    }
  }
}
