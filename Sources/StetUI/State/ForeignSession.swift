/// A session of another agent in this directory, which stet can bring over.
public struct ForeignSession: Hashable, Sendable {
  /// Its file, which is read only.
  public let path: String
  /// The thread that it would be.
  public let threadId: String
  /// Whose it is, for the user: "Claude Code".
  public let program: String
  /// Its name, or what the user said first.
  public let title: String
  /// Unix seconds.
  public let changedAt: Int

  public init(path: String, threadId: String, program: String, title: String, changedAt: Int) {
    self.path = path
    self.threadId = threadId
    self.program = program
    self.title = title
    self.changedAt = changedAt
  }
}

/// Sessions of other agents among the threads of the picker.
extension AppState {
  /// They lie on this machine: only its own server can take them.
  private var takesForeign: Bool { environment.place == nil && server?.choosesDirectory != true }

  mutating func lookForForeign() {
    if takesForeign { emit(.findForeign) }
  }

  mutating func receiveForeign(_ sessions: [ForeignSession]) {
    foreign = takesForeign ? sessions : []
    guard case .list(let list) = dialogs.last, case .threads = list.kind, list.hits == nil else { return }
    let threads = list.rows.filter { $0.foreign == nil }
    let rows = withForeign(threads, here: threads.count(where: \.isHere))
    updateList { $0.replaceRows(with: rows) }
  }

  /// Threads with the sessions of others behind those of this directory; what was brought over already is one of them.
  func withForeign(_ rows: [ListDialog.Row], here: Int) -> [ListDialog.Row] {
    let wall = environment.wallClock + now.milliseconds / 1000
    let known = Set(rows.map(\.id))
    let others = foreign.filter { !known.contains($0.threadId) }.map { session in
      ListDialog.Row(
        id: session.threadId,
        title: session.title.isEmpty ? "(nothing said)" : Words.firstLine(session.title),
        facts: "from \(session.program) · \(Words.age(seconds: wall - session.changedAt))", foreign: session)
    }
    return rows.prefix(here) + others + rows.dropFirst(here)
  }

  mutating func bring(_ session: ForeignSession) {
    importing = session.threadId
    emit(.importForeign(session))
    show("bringing it over from \(session.program) …")
  }

  /// It is a thread now: opened, unless the user has begun something else meanwhile.
  mutating func imported(_ id: String) {
    foreign.removeAll { $0.threadId == id }
    guard importing == id, !isWorking, dialogs.isEmpty else {
      importing = nil
      return show("the session is there: /resume lists it")
    }
    importing = nil
    launch = .resume(id)
    resumeThread(id)
  }
}
