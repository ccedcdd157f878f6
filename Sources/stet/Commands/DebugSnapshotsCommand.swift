import ArgumentParser
import StetJSON
import StetWorkspace

/// `stet debug snapshots`: the figures of undo in this directory, for Scripts/bench-snapshots.sh. It writes the files
/// that are named, so only a repository that was made for it should be given.
struct DebugSnapshotsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshots",
    abstract:
      "Measure undo in this directory, which was made for it: the files that are named get another line.")

  @Option(help: "Where the snapshots go.", completion: .directory)
  var state: String

  @Argument(help: "Files to change.", completion: .file())
  var files: [String]

  /// Medians need some.
  private static let rounds = 7

  func run() throws {
    let clock = ContinuousClock()
    let store = try SnapshotStore(stateDirectory: state, workspaceRoot: ".")
    let workspace = try Workspace(root: ".")
    let baseline = clock.measure { store.prepare() }
    var report = ["baselineMs": Self.milliseconds(baseline), "copiedBytes": .int(Int64(try store.usage()))]
    if case .edits(_, let detail)? = store.coverage { throw ValidationError(detail) }
    var (edits, packs, unchanged, changed) = ([Duration](), [Duration](), [Duration](), [Duration]())
    var (written, kept) = (0, 0)
    for round in 0..<Self.rounds {
      try store.settle()
      let used = try store.usage()
      edits.append(try edit(store, workspace, round, &written, clock))
      // In the background of the next turn, elsewhere.
      packs.append(try clock.measure { try store.settle() })
      kept += try store.usage() - used
      unchanged.append(try command(store, "none \(round)", clock) {})
      changed.append(
        try command(store, "some \(round)", clock) {
          for file in files { try append(file, workspace, round) }
        })
    }
    report["editTurnEndMs"] = Self.median(edits)
    report["editTurnPackMs"] = Self.median(packs)
    report["commandNothingChangedMs"] = Self.median(unchanged)
    report["commandFilesChangedMs"] = Self.median(changed)
    report["diskPerChangedByte"] = .double(Double(kept) / Double(max(written, 1)))
    print(JSONValue.object(JSONObject(report.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })).text)
  }

  /// The end of a turn that an edit tool wrote one file in.
  private func edit(
    _ store: SnapshotStore, _ workspace: Workspace, _ round: Int, _ written: inout Int,
    _ clock: ContinuousClock
  ) throws -> Duration {
    let key = TurnKey(thread: "bench", turn: "edit \(round)")
    let path = workspace.root + "/" + (files.first ?? "")
    let disk = try workspace.read(path)
    let result = disk.with(bytes: disk.bytes + Array("edit \(round)\n".utf8))
    try store.beginTurn(key)
    try store.capture([path], in: key)
    let writes = [PlannedWrite(path: path, expected: disk.stamp, result: result)]
    _ = try store.commit(writes, below: [workspace.root], in: key)
    written += disk.bytes.count + result.bytes.count
    return try clock.measure { _ = try store.endTurn(key) }
  }

  /// What undo adds to a command after it: the look, and the end of its turn.
  private func command(
    _ store: SnapshotStore, _ name: String, _ clock: ContinuousClock, _ body: () throws -> Void
  ) throws -> Duration {
    let key = TurnKey(thread: "bench", turn: name)
    try store.beginTurn(key)
    guard let window = store.commandBegins(key, via: name) else { throw ValidationError("not covered") }
    try body()
    return try clock.measure {
      store.commandEnded(window)
      _ = try store.endTurn(key)
    }
  }

  private func append(_ file: String, _ workspace: Workspace, _ round: Int) throws {
    let path = workspace.root + "/" + file
    let disk = try workspace.read(path)
    let result = disk.with(bytes: disk.bytes + Array("command \(round)\n".utf8))
    let write = PlannedWrite(path: path, expected: disk.stamp, result: result)
    try WriteTransaction(roots: [workspace.root], journalDirectory: state + "/journal").commit([write])
  }

  private static func median(_ durations: [Duration]) -> JSONValue {
    milliseconds(durations.sorted()[durations.count / 2])
  }

  private static func milliseconds(_ duration: Duration) -> JSONValue {
    .double(Double(duration / .microseconds(1)) / 1000)
  }
}
