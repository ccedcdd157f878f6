import StetProtocol
import StetWorkspace

/// Undo and redo of files, between turns.
extension ThreadSession {
  func restore(
    _ scope: UndoScope, dryRun: Bool, planId: String?, onConflict: String?,
    _ reply: AgentReply<StetSnapshotRestoreResponse>
  ) async throws(RPCError) {
    if dryRun {
      let plan: RestorePlan
      if case .hunks(let hunks, let review) = scope {
        plan = try await hunkPlan(hunks, review)
      } else {
        plan = try await snapshots.plan(scope, onConflict: onConflict)
      }
      return reply(
        .success(
          StetSnapshotRestoreResponse(
            planId: plan.id, files: plan.entries.map(Self.entry),
            warnings: plan.warnings.isEmpty ? nil : plan.warnings)))
    }
    // Files must not change under a turn that reads and writes them.
    guard running == nil else {
      throw .invalidRequest("A turn is running; interrupt it first.", data: ["stetError": "busyTurn"])
    }
    let (plan, record) = try await snapshots.apply(scope, planId: planId)
    let done = plan.entries.filter { $0.action != .none && $0.action != .refuse }
    // The user put it back: no sweep after a command that runs on may take it for that command's work.
    await ProtectedWrites.begin(
      done.map(\.path), memory: services.processMemory, environment: services.environment.processEnvironment
    ).accept()
    if !done.isEmpty { append(MessageItem.ours(Self.note(done))) }
    feed.ordered { _, _ in
      reply(
        .success(
          StetSnapshotRestoreResponse(
            planId: plan.id, files: plan.entries.map(Self.entry),
            restoredSnapshotId: record.map { String($0.id) })))
      guard let record else { return }
      services.sink.notify(
        .stetSnapshotRestored(
          StetSnapshotRestoredNotification(
            threadId: id, snapshotId: String(record.id), planId: plan.id, files: record.files.count)),
        thread: id)
    }
  }

  /// What the model has to know: its knowledge of these files is void.
  private static func note(_ entries: [RestoreEntry]) -> String {
    let lines = entries.prefix(100).map { entry in
      entry.isDirectory
        ? "- \(entry.path): \(entry.result.kind == .absent ? "removed" : "made again") (a directory)"
        : entry.result.kind == .absent
          ? "- \(entry.path): removed" : "- \(entry.path): sha256 \(entry.result.hash?.hex.prefix(12) ?? "")…"
    }
    let more = entries.count > 100 ? "\n- and \(entries.count - 100) more" : ""
    return """
      <files_restored>
      The user took back changes to files. What you know of their contents is void; read them again before editing:
      \(lines.joined(separator: "\n"))\(more)
      </files_restored>
      """
  }

  private static func entry(_ entry: RestoreEntry) -> StetRestoreEntry {
    StetRestoreEntry(
      path: entry.path, action: entry.action.rawValue, reason: entry.reason?.rawValue,
      diff: entry.diff.isEmpty ? nil : entry.diff,
      note: note(entry))
  }

  /// What the diff does not say of a path.
  private static func note(_ entry: RestoreEntry) -> String? {
    var notes: [String] = []
    if entry.action == .write, entry.disk.kind == entry.result.kind, entry.disk.mode != entry.result.mode {
      notes.append("mode \(String(entry.disk.mode, radix: 8)) → \(String(entry.result.mode, radix: 8))")
    }
    if let reason = entry.reason {
      if entry.action == .refuse {
        notes.append(reason.advice)
      } else if entry.disk.kind != .absent {
        notes.append("what is there now is kept with the undo")
      }
    }
    if let other = entry.otherThread { notes.append("the thread \(other) changed it too") }
    if let via = entry.via { notes.append("changed while `\(ThreadSnapshots.short(via))` ran") }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}

extension SandboxPolicy {
  /// Whether commands of the thread may write nothing.
  var isReadOnly: Bool { if case .readOnly = self { true } else { false } }
}
