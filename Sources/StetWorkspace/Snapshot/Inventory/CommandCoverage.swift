import CPlatform
import Glibc

/// A command that runs: what changes until it ends is taken for its doing.
public struct CommandWindow: Hashable, Sendable {
  let id: Int
}

/// What commands change in one workspace: a look before a command, a look after it, and the difference goes to the
/// turn that ran it. Changes between commands are the user's, or those of edit tools, which record them themselves.
/// Not for two threads at once.
final class CommandCoverage {
  struct Open {
    let window: CommandWindow
    let key: TurnKey
    let via: String
    /// On disk, for as long as it runs.
    let mark: Int64?
  }

  /// Commands that run at one time; ProcessRegistry has fewer.
  private static let windowLimit = 256
  /// Packs of the inventory: beyond it they are made one.
  private static let packLimit = 24

  /// Looks in a row that took too long: a busy machine is busy for a while, a workspace is too large for good.
  private static let slowLimit = 3

  /// Sentences about one workspace; who reads more than these reads none.
  private static let noticeLimit = 32

  private(set) var coverage = SnapshotCoverage.full
  private(set) var windows: [Open] = []
  private var inventory: Inventory?
  /// What is not covered, each kind of sentence once.
  private(set) var notices: [CoverageNotice] = []
  private var said: Set<String> = []
  private var next = 1
  private var slow = 0
  private let limits: SnapshotLimits

  init(_ store: SnapshotStore) {
    limits = store.limits
    if let refusal = SnapshotCoverage.refusal(of: store.workspaceRoot, limits: limits) {
      degrade(refusal)
      return
    }
    do {
      inventory = try Inventory(
        root: store.workspaceRoot, own: store.stateDirectory, copyDirectory: store.directory, limits: limits)
      try prepare(store)
    } catch {
      fail(error)
    }
  }

  /// Nil where commands are not covered.
  func begin(_ key: TurnKey, _ via: String, _ store: SnapshotStore) -> CommandWindow? {
    guard inventory != nil, windows.count < Self.windowLimit else { return nil }
    let mark: Int64?
    do {
      try store.session { session throws(WorkspaceError) in try session.attend() }
      try look(store)
      try prepare(store)
      mark = try store.session { session throws(WorkspaceError) in try session.commandBegins(key, via) }
    } catch {
      fail(error, via)
      return nil
    }
    let window = CommandWindow(id: next)
    next += 1
    windows.append(Open(window: window, key: key, via: via, mark: mark))
    return window
  }

  func end(_ window: CommandWindow, _ store: SnapshotStore) {
    guard windows.contains(where: { $0.window == window }) else { return }
    // What changed last was this one's: commands that run side by side can't be told apart.
    let index = windows.firstIndex { $0.window == window } ?? 0
    let open = windows.remove(at: index)
    windows.append(open)
    lookOrFail(store, open.via)
    close(store) { $0.window == window }
  }

  /// Before a turn's record is closed: what its commands changed so far, also those that still run.
  func endTurn(_ key: TurnKey, _ store: SnapshotStore) {
    guard let open = windows.last(where: { $0.key == key }) else { return }
    lookOrFail(store, open.via)
    close(store) { $0.key == key }
    say(
      .background, "a command goes on after its turn: what it changes from here on is outside undo",
      key: "background")
  }

  private func close(_ store: SnapshotStore, _ isOver: (Open) -> Bool) {
    let marks = windows.filter(isOver).compactMap(\.mark)
    windows.removeAll(where: isOver)
    do {
      try store.session { session throws(WorkspaceError) in
        for mark in marks { try session.journal.endCommand(mark) }
      }
    } catch {
      fail(error)
    }
  }

  private func lookOrFail(_ store: SnapshotStore, _ via: String) {
    do { try look(store, isLate: true) } catch { fail(error, via) }
  }

  /// Takes in what changed since the last look, for the newest command that runs, if any does.
  private func look(_ store: SnapshotStore, isLate: Bool = false) throws(WorkspaceError) {
    guard let inventory else { return }
    guard limits.proceed(.looking) else {
      throw WorkspaceError(.tooLarge, WriteTransaction.abandonment, systemCode: ETIMEDOUT)
    }
    let differences = try inventory.look(renewing: windows.isEmpty, isLate: isLate)
    slow = 0
    if inventory.hasUnnamed {
      say(
        .unreadable, "files whose names are not UTF-8 are outside undo; some were changed", key: "names")
    }
    if !windows.isEmpty { say(inventory.unlooked) }
    guard !differences.isEmpty || inventory.rootChange != nil else { return }
    guard let open = windows.last else {
      for difference in differences
      where difference.after?.pointee.isDirectory != true && !difference.isUnnamed {
        _ = inventory.present(difference, limit: limits.fileBytes)
      }
      return
    }
    var observation = CommandObservation(inventory: inventory, open: open, keeper: keeper(store))
    try observation.take(differences, store)
    for notice in observation.notices { say(notice.reason, notice.text) }
    // Before another command changes them again.
    if windows.count > 1 { try prepare(store) }
  }

  /// Copies what a command could destroy.
  private func prepare(_ store: SnapshotStore) throws(WorkspaceError) {
    guard let inventory else { return }
    if inventory.tree == nil { _ = try inventory.look(renewing: false) }
    let isFull = limits.isFull(store.directory)
    let unkept = try inventory.settle(keeper(store), isFull: isFull)
    if let first = unkept.large.max(by: { $0.bytes < $1.bytes }) {
      let count = unkept.large.count
      let what = count == 1 ? "1 file over" : "\(count) files over"
      say(
        .tooLarge,
        "\(what) \(ByteText.of(UInt64(limits.fileBytes))) \(count == 1 ? "is" : "are") outside undo when a command "
          + "changes \(count == 1 ? "it" : "them"): \(first.path) (\(ByteText.of(first.bytes)))"
          + (count == 1 ? "" : " …"), key: "large")
    }
    if unkept.overTotal > 0 {
      say(
        .tooLarge,
        "\(unkept.overTotal) untracked files beyond \(ByteText.of(UInt64(limits.baselineBytes))) are outside undo "
          + "when a command changes them", key: "total")
    }
    if unkept.isFull { say(.diskFull, "undo paused for commands: disk nearly full", key: "full") }
    try store.session { session throws(WorkspaceError) in
      if !unkept.taken.isEmpty, session.stagedCount > unkept.taken.count {
        try session.releaseStaged(keeping: Set(inventory.stored()))
      }
      if session.baselinePacks > Self.packLimit { try session.consolidate(inventory.stored()) }
    }
  }

  private func keeper(_ store: SnapshotStore) -> Inventory.Keeper {
    Inventory.Keeper(
      has: { id in store.baselineHas(id) },
      keep: { contents throws(WorkspaceError) in
        try store.session { session throws(WorkspaceError) in try session.keep(contents) }
      },
      take: { path, limit throws(WorkspaceError) in
        // No edit waits while a large file is read.
        let staged = try store.session { session throws(WorkspaceError) in session.objects.staged }
        return try staged.take(path, limit: limit)
      },
      keepTaken: { contents throws(WorkspaceError) in
        try store.session { session throws(WorkspaceError) in try session.keep(contents) }
      },
      get: { id throws(WorkspaceError) in
        try store.session { session throws(WorkspaceError) in try session.objects.get(id) }
      })
  }

  /// `via`: the command whose changes are not known then.
  private func fail(_ error: WorkspaceError, _ via: String? = nil) {
    if let via, error.systemCode == ETIMEDOUT, inventory?.tree != nil, slow < Self.slowLimit {
      slow += 1
      return say(
        .tooLarge,
        "looking through the files took too long: what `\(via)` changed is outside undo, edits are not "
          + "(snapshot.scan_ms gives it more time)")
    }
    let reason: SnapshotCoverage.Reason = error.code == .tooLarge ? .tooLarge : .unreadable
    degrade(.edits(reason, detail: "undo covers edits, not commands, in this workspace: \(error.message)"))
  }

  private func degrade(_ coverage: SnapshotCoverage) {
    self.coverage = coverage
    inventory = nil
    windows = []
    if case .edits(let reason, let detail) = coverage { say(reason, detail) }
  }

  /// What a command changed and nothing is kept of.
  private func say(_ unlooked: Inventory.Unlooked) {
    if !unlooked.ignored.isEmpty {
      say(
        .ignored,
        "git ignores \(unlooked.ignored.joined(separator: ", ")): what commands change there is outside undo "
          + "(snapshot.include covers it)", key: "ignored")
    }
    if !unlooked.special.isEmpty {
      say(
        .special,
        "pipes, sockets and devices are outside undo: a command made or removed "
          + unlooked.special.joined(separator: ", "), key: "special")
    }
  }

  /// Each kind of sentence once.
  private func say(_ reason: SnapshotCoverage.Reason, _ text: String, key: String? = nil) {
    guard notices.count < Self.noticeLimit, said.insert(key ?? text).inserted else { return }
    notices.append(CoverageNotice(reason: reason, text: text))
  }
}

/// Bytes for people.
enum ByteText {
  static func of(_ bytes: UInt64) -> String {
    let units: [(UInt64, String)] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")]
    guard let (size, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) bytes" }
    let tenths = bytes / (size / 10)
    return tenths >= 100 || tenths % 10 == 0
      ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
  }
}
