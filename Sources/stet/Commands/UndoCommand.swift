import ArgumentParser
import FoundationEssentials
import Glibc
import StetConfig
import StetJSON
import StetProtocol

/// `stet undo`: takes back what a thread's turns changed on disk. The plan is shown before anything happens.
struct UndoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back what a thread changed on disk; shows every path first.",
    discussion: """
      Without options: the last turn of the newest thread of this directory. A file that changed since is merged or \
      left alone. Every undo can be undone: `stet undo --redo`.
      """)

  @Option(help: "The thread: its id or a beginning of it. Default: the newest one of this directory.")
  var thread: String?

  @Option(help: "Back to before this turn: its id, a beginning of it, or its number in the list.")
  var to: String?

  @Flag(help: "Take the last undo back.")
  var redo = false

  @Flag(help: "Also put back what you changed since; what is there now is kept, and --kept prints it.")
  var overwrite = false

  @Option(help: "Print what the last undo that wrote this file found there.", completion: .file())
  var kept: String?

  @Flag(help: "Only show what would happen.")
  var dryRun = false

  @Flag(help: "Only list the turns that can be undone.")
  var list = false

  @Flag(help: "Show how much disk the snapshots take.")
  var usage = false

  @Flag(help: "Forget the snapshots of --thread, or of all threads; their changes can't be undone any more.")
  var purge = false

  @Flag(name: [.short, .long], help: "Do not ask.")
  var yes = false

  func validate() throws {
    if [redo, list, usage, purge, to != nil, kept != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--to, --redo, --list, --kept, --usage and --purge do not go together.")
    }
    guard !yes, !dryRun, !list, !usage, kept == nil, isatty(STDIN_FILENO) != 1 else { return }
    throw ValidationError("This asks first, and there is no terminal to ask on. Say --yes or --dry-run.")
  }

  func run() throws {
    let command = self
    try SessionsClient.run { client in
      if command.usage { return try await command.showUsage(client) }
      if command.purge { return try await command.purge(client) }
      try await command.undo(client)
    }
  }

  // MARK: - Parts

  private func showUsage(_ client: SessionsClient) async throws {
    let usage = try await client.client.call(StetSnapshotUsageParams())
    let bytes = usage["bytes"]?.intValue ?? 0
    print(
      "\(SnapshotWords.size(bytes)) of \(SnapshotWords.size(usage["limitBytes"]?.intValue ?? 0)), "
        + "\(usage["turns"]?.intValue ?? 0) turns and undos")
  }

  private func purge(_ client: SessionsClient) async throws {
    let id = try await thread == nil ? nil : chosen(client).id
    let what = id.map { "the snapshots of \($0)" } ?? "the snapshots of all threads"
    if dryRun { return print("This would forget \(what).") }
    guard confirms("Forget \(what)? What they changed can't be undone any more. [y/N]") else {
      return print("Kept.")
    }
    let done = try await client.client.call(StetSnapshotPurgeParams(threadId: id))
    print("Freed \(SnapshotWords.size(done["freedBytes"]?.intValue ?? 0)).")
  }

  private func undo(_ client: SessionsClient) async throws {
    let id = try await chosen(client).id
    // Only a loaded thread has snapshots to ask for; another process that works on it keeps it.
    _ = try await client.client.call(ThreadResumeParams(threadId: id))
    let known = try await client.client.call(StetSnapshotListParams(threadId: id, limit: 200)).data
    if list { return print(known.map(SnapshotWords.row).joined(separator: "\n")) }
    if let kept { return try await printKept(kept, client, id, known) }
    let plan = try await call(client, id, known, planId: nil)
    for entry in plan.files { print(SnapshotWords.row(entry)) }
    for warning in plan.warnings ?? [] { print("warning: \(SnapshotWords.plain(warning))") }
    let count = plan.files.count { $0.action != "refuse" && $0.action != "none" }
    if !overwrite, plan.files.contains(where: \.isConflict) {
      print("--overwrite puts back what changed since as well, and keeps what is there now.")
    }
    guard count > 0 else { return print("No file can be put back; nothing was touched.") }
    if dryRun { return print("Nothing was touched.") }
    guard confirms("\(redo ? "Change" : "Put back") \(SnapshotWords.files(count))? [y/N]") else {
      return print("Nothing was touched.")
    }
    let done = try await call(client, id, known, planId: plan.planId)
    let changed = done.files.count { $0.action != "refuse" && $0.action != "none" }
    print(
      "\(SnapshotWords.files(changed)) \(redo ? "changed again" : "put back"); `stet undo --redo` takes this back."
    )
    if done.files.contains(where: { $0.reason != nil && $0.action != "refuse" }) {
      print("What changed since is kept with it; `stet undo --kept FILE` prints it.")
    }
  }

  /// What the newest undo that wrote a path found there, byte for byte.
  private func printKept(
    _ path: String, _ client: SessionsClient, _ id: String, _ known: [StetSnapshot]
  ) async throws {
    let full = Path.located(path)
    for snapshot in known where ["restore", "review"].contains(snapshot.cause) {
      guard let file = try await found(full, in: snapshot.snapshotId, client, id) else { continue }
      guard file["hash"]?.stringValue != nil,
        let bytes = Data(base64Encoded: file["dataBase64"]?.stringValue ?? "")
      else { throw SessionsFault("The undo \(snapshot.snapshotId) found nothing at \(full).") }
      return StandardOutput.write(Array(bytes))
    }
    throw SessionsFault("No undo of this thread wrote \(full).")
  }

  /// Nil where the snapshot has no such path.
  private func found(
    _ path: String, in snapshot: String, _ client: SessionsClient, _ id: String
  ) async throws -> JSONValue? {
    do {
      return try await client.client.call(
        StetSnapshotFileParams(threadId: id, snapshotId: snapshot, path: path, side: "before"))
    } catch {
      guard error.data?["stetError"]?.stringValue == "notFound" else { throw error }
      return nil
    }
  }

  private func call(
    _ client: SessionsClient, _ id: String, _ known: [StetSnapshot], planId: String?
  ) async throws -> StetSnapshotRestoreResponse {
    if redo {
      guard
        let last = known.first(where: { ["restore", "review"].contains($0.cause) && $0.state == "active" })
      else {
        throw SessionsFault("Nothing of this thread was undone.")
      }
      return try await client.client.call(
        StetSnapshotRedoParams(
          threadId: id, snapshotId: last.snapshotId, dryRun: planId == nil, planId: planId,
          onConflict: overwrite ? "overwriteKeepCopy" : "skip"))
    }
    var scope = StetRestoreScope(type: "turn")
    if let to {
      guard let turn = known.first(where: { $0.snapshotId == to || $0.turnId?.hasPrefix(to) == true })?.turnId
      else {
        throw SessionsFault("No turn \(to) of this thread can be undone. `stet undo --list` shows them.")
      }
      scope = .through(turn)
    }
    return try await client.client.call(
      StetSnapshotRestoreParams(
        threadId: id, scope: scope, dryRun: planId == nil, planId: planId,
        onConflict: overwrite ? "overwriteKeepCopy" : "skip"))
  }

  private func chosen(_ client: SessionsClient) async throws -> StetProtocol.Thread {
    if let thread { return try await client.thread(named: thread) }
    guard let here = getcwd(nil, 0) else { throw SessionsFault("The current directory is gone.") }
    defer { free(here) }
    guard let newest = try await client.threads(cwd: String(cString: here), limit: 1).first else {
      throw SessionsFault("No thread was run in this directory. Name one with --thread.")
    }
    return newest
  }

  private func confirms(_ question: String) -> Bool {
    if yes { return true }
    StandardError.print(question)
    return ["y", "yes"].contains(readLine()?.lowercased())
  }
}

/// Snapshots and plans for a plain terminal.
enum SnapshotWords {
  static func size(_ bytes: Int) -> String {
    let units: [(Int, String)] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "kB")]
    guard let (size, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) bytes" }
    return "\(bytes / size).\(bytes % size * 10 / size) \(name)"
  }

  static func files(_ count: Int) -> String { count == 1 ? "1 file" : "\(count) files" }

  static func row(_ snapshot: StetSnapshot) -> String {
    let what = snapshot.turnId.map { "turn \($0)" } ?? "undo"
    let note = snapshot.note.map { "  \(plain($0))" } ?? ""
    return
      "\(snapshot.snapshotId)  \(what)  \(files(snapshot.files)) +\(snapshot.added) -\(snapshot.removed)  "
      + snapshot.state + note
  }

  static func row(_ entry: StetRestoreEntry) -> String {
    let why = entry.reason.map { " (\(reason($0)))" } ?? ""
    let word = entry.action == "refuse" ? "left alone (\(reason(entry.reason)))" : entry.action + why
    return "\(word)  \(plain(entry.path))" + (entry.note.map { "  (\(plain($0)))" } ?? "")
  }

  private static func reason(_ reason: String?) -> String {
    switch reason {
    case "userEdited": "changed since"
    case "userDeleted": "deleted since"
    case "binary": "binary, changed since"
    case "typeChanged": "something else has its name now"
    case "otherThread": "another thread changed it"
    case "expired": "no longer kept"
    case "parentSymlink": "its folder is a link now"
    case "tooLarge": "over the limits of undo"
    case "unreadable": "it can't be read"
    case "readOnly": "it may not be written"
    case "nameEncoding": "its name is not UTF-8"
    default: reason ?? "not safe"
    }
  }

  /// A name may hold control characters, which a terminal would obey.
  static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}
