import Logging
import StetConfig
import StetJSON
import StetProtocol
import StetStore
import StetWorkspace
import Synchronization

/// Brings threads of Codex into stet's own form (R2). Codex's files are read only; a thread that is there already is
/// left as it is. Blocks; for a program without a running agent.
public struct CodexImport: Sendable {
  /// Files behind one another: forks of forks and reverts of reverts.
  private static let maximumBases = 64

  /// What became of one rollout.
  public struct Report: Sendable {
    public let path: String
    public let threadId: String
    /// Why nothing was imported; nil for an imported thread.
    public let refusal: String?
    public let turns: Int
    /// What was left out of an imported thread, in words.
    public let skipped: [String]
  }

  private let environment: AgentEnvironment
  private let store: ThreadStore

  public init(environment: AgentEnvironment) {
    self.environment = environment
    store = ThreadStore(
      home: environment.home, blobs: RecordBlobs(directory: environment.home.blobsDirectory),
      logger: environment.log, nowMs: environment.clock.nowMs)
  }

  /// All threads of a Codex home, `report` being told of each.
  public func run(codexHome: String, report: (Report) -> Void) throws(StoreError) {
    let files = try CodexFiles(home: codexHome)
    for file in files.heads { report(run(file, files)) }
  }

  /// One rollout. Files that it builds on are looked for in the Codex home that holds it.
  public func run(path: String) throws(StoreError) -> Report {
    guard let file = CodexFiles.file(path) else {
      throw StoreError(
        .invalidName, "\(path) is not named like a rollout of Codex (rollout-TIME-ID.jsonl).")
    }
    return run(file, try CodexFiles(home: Self.home(of: path)))
  }

  /// Makes the index say what was imported. Returns sentences about what it does not say yet: it reads the logs
  /// again at its next use.
  public func finish() throws(StoreError) -> [String] {
    do throws(StoreError) {
      return try ThreadIndex(path: environment.home.indexPath, projection: .threadItems)
        .catchUpAll(directory: environment.home.threadsDirectory)
    } catch  where error.code == .busy {
      return ["The threads are saved; the list shows them once other processes leave the index free."]
    }
  }

  private static func home(of path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let place = parts.lastIndex(where: { $0 == "sessions" || $0 == "archived_sessions" }) else {
      return parts.dropLast().joined(separator: "/")
    }
    return parts[..<place].joined(separator: "/")
  }

  // MARK: - One thread

  private func run(_ file: CodexFiles.File, _ files: CodexFiles) -> Report {
    run(file, name: files.names[file.threadId]) { () throws(StoreError) in
      var rollout = CodexRollout()
      try read(file, files, before: nil, bytes: nil, 0, &rollout)
      rollout.finish()
      return rollout
    }
  }

  /// Stores what `read` finds in a file, unless the thread is there.
  func run(
    _ file: CodexFiles.File, name: String?, _ read: () throws(StoreError) -> CodexRollout
  ) -> Report {
    func refused(_ why: String) -> Report {
      Report(path: file.path, threadId: file.threadId, refusal: why, turns: 0, skipped: [])
    }
    do {
      if let stored = try store.files.find(threadId: file.threadId) {
        if (try ThreadLog.readSummary(path: stored).summary?.turns ?? 0) > 0 {
          return refused("it is there already")
        }
        // An import that was cut off: its summary is written last.
        try store.discard(file.threadId)
      }
      let rollout = try read()
      guard !rollout.id.isEmpty else { return refused("it has no session_meta: it holds no session") }
      guard !rollout.turns.isEmpty else { return refused("it has no turns") }
      try write(rollout, file, name: name)
      let skipped = rollout.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      return Report(
        path: file.path, threadId: file.threadId, refusal: nil, turns: rollout.turns.count, skipped: skipped)
    } catch {
      return refused("\((error as? StoreError)?.message ?? "\(error)")")
    }
  }

  /// Feeds a file into the rollout, what it builds on first.
  private func read(
    _ file: CodexFiles.File, _ files: CodexFiles, before ordinal: Int?, bytes: Int64?, _ depth: Int,
    _ rollout: inout CodexRollout
  ) throws(StoreError) {
    guard depth < Self.maximumBases else {
      throw StoreError(.corrupt, "\(file.path) builds on more than \(Self.maximumBases) files.")
    }
    var copy = rollout
    var fault: StoreError?
    let broken = try JSONLinesFile(path: file.path).read { (line, end) throws(StoreError) in
      if let ordinal, let own = line["ordinal"]?.intValue, own >= ordinal { return false }
      if ordinal == nil, let bytes, end > bytes { return false }
      if line["type"]?.stringValue == "session_meta", let base = line["payload"]?["history_base"],
        base.objectValue != nil
      {
        do throws(StoreError) {
          try read(base: base, of: file, files, depth, &copy)
        } catch {
          fault = error
          return false
        }
      }
      copy.add(line)
      return true
    }
    if let fault { throw fault }
    copy.skip("damaged lines", broken)
    rollout = copy
  }

  private func read(
    base: JSONValue, of file: CodexFiles.File, _ files: CodexFiles, _ depth: Int,
    _ rollout: inout CodexRollout
  ) throws(StoreError) {
    let id = base["thread_id"]?.stringValue?.lowercased() ?? ""
    let end = base["end_ordinal_exclusive"]?.intValue
    // A thread that was reverted has several files: it is the newest of those that begin before the end.
    let others = (files.files[id] ?? []).filter { $0 != file && $0.time <= file.time }
    for other in others.reversed() {
      if let end, let first = try firstOrdinal(other), first >= end { continue }
      return try read(
        other, files, before: end, bytes: base["end_byte_offset"]?.intValue.map { Int64($0) }, depth + 1,
        &rollout)
    }
    throw StoreError(.notFound, "it builds on thread \(id), whose rollout is not there")
  }

  /// Nil for a legacy rollout.
  private func firstOrdinal(_ file: CodexFiles.File) throws(StoreError) -> Int? {
    var ordinal: Int?
    _ = try JSONLinesFile(path: file.path).read { (line, _) throws(StoreError) in
      ordinal = line["ordinal"]?.intValue
      return false
    }
    return ordinal
  }

  private func write(_ rollout: CodexRollout, _ file: CodexFiles.File, name: String?) throws {
    let configuration = try environment.configuration(rollout.cwd.isEmpty ? "/" : rollout.cwd, JSONObject())
    let isTrusted = configuration.isTrusted(directory: rollout.cwd) ?? false
    let meta = ThreadMeta(
      id: file.threadId, createdAtMs: rollout.createdAtMs, source: rollout.source,
      cliVersion: rollout.version,
      ephemeral: false, baseInstructions: nil, developerInstructions: nil, forkedFromId: nil,
      approvalsReviewer: .user, sessionConfig: JSONObject(), instructionSources: [])
    // What another program was allowed is no permission here: the user's configuration decides.
    let settings = TurnSettings(
      cwd: rollout.cwd, workspaceRoots: [rollout.cwd], model: rollout.model ?? "",
      modelProvider: rollout.provider ?? "", approvalPolicy: configuration.approvalPolicy ?? .onRequest,
      sandboxPolicy: ThreadPlan.policy(
        configuration.sandboxMode ?? (isTrusted ? .workspaceWrite : .readOnly), configuration),
      editReview: configuration.editReview ?? .off, effort: nil, summary: nil, trusted: isTrusted)
    let journal = try store.create(meta, settings: settings)
    let failure = Mutex<String?>(nil)
    journal.setFailureHandler { text in failure.withLock { $0 = $0 ?? text } }
    fill(journal, rollout, file, name)
    journal.close()
    if let text = failure.withLock({ $0 }) {
      // Half a thread is none: the rollout is there to be read again.
      try store.discard(file.threadId)
      throw StoreError(.failed, text)
    }
  }

  private func fill(
    _ journal: ThreadJournal, _ rollout: CodexRollout, _ file: CodexFiles.File, _ name: String?
  ) {
    let answered = CallPairs(rollout.turns.flatMap(\.prompt))
    for turn in rollout.turns {
      journal.append(
        ThreadRecord.turnStarted,
        ThreadRecord.TurnStarted(turnId: turn.state.id, startedAtMs: turn.state.startedAtMs))
      for item in turn.prompt where answered.isWhole(item) { journal.append(ThreadRecord.prompt, item) }
      for entry in turn.state.entries {
        journal.append(
          ThreadRecord.item,
          ThreadRecord.Item(
            turnId: turn.state.id, position: entry.position, startedAtMs: entry.startedAtMs,
            completedAtMs: entry.completedAtMs ?? entry.startedAtMs, item: entry.item))
      }
      journal.append(
        ThreadRecord.turnCompleted,
        ThreadRecord.TurnCompleted(
          turnId: turn.state.id, status: turn.state.status, completedAtMs: turn.state.completedAtMs,
          durationMs: turn.state.durationMs))
    }
    journal.updateSummary { summary in
      summary.preview = rollout.preview
      summary.name = name
      summary.archived = file.isArchived
      summary.originator = rollout.originator
      summary.gitSha = rollout.git?.sha
      summary.gitBranch = rollout.git?.branch
      summary.gitOriginURL = rollout.git?.originUrl.map(GitFacts.withoutSecrets)
      summary.updatedAtMs = rollout.updatedAtMs
      summary.recencyAtMs = rollout.updatedAtMs
      summary.turns = rollout.turns.count
    }
  }
}

extension CodexRollout {
  fileprivate var preview: String {
    for turn in turns {
      for entry in turn.state.entries {
        if case .userMessage(let item) = entry.item {
          let text = UserInputItems.preview(item.content)
          if !text.isEmpty { return String(text.prefix(500)) }
        }
      }
    }
    return ""
  }

  fileprivate var updatedAtMs: Int64 {
    turns.map { $0.state.completedAtMs ?? $0.state.startedAtMs }.max() ?? createdAtMs
  }
}

/// The calls of a model's history that have an output, and the outputs that have a call: a provider refuses others.
private struct CallPairs {
  private var calls: Set<String> = []
  private var outputs: Set<String> = []

  init(_ items: [JSONValue]) {
    for item in items {
      guard let id = item["call_id"]?.stringValue, let type = item["type"]?.stringValue else { continue }
      if type.hasSuffix("_output") { outputs.insert(id) } else { calls.insert(id) }
    }
  }

  func isWhole(_ item: JSONValue) -> Bool {
    guard let id = item["call_id"]?.stringValue else { return true }
    return calls.contains(id) && outputs.contains(id)
  }
}
