import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Random interleavings of edits, commands, the user's doings and restores, in a repository and without one.
struct CommandModelTests {
  private static let names = ["tracked", "dos.txt", "secret", "notes", "nested/n", "dir/a", "x.log"]

  /// What was asked to be taken back so far.
  private final class Asked {
    /// Records of which a part may be undone already.
    var records: Set<Int64> = []
  }
  private static let commands = [
    "sed -i '1s/$/ agent/' FILE", "rm -f FILE", "mv FILE FILE.moved", "mv FILE.moved FILE", "chmod 755 FILE",
    "echo more >> FILE", "rm -rf dir", "mkdir -p dir/deep && echo d > dir/deep/d", "ln -sf tracked link",
    "rm -f link", "rm -rf FILE; mkdir -p FILE; echo inner > FILE/inner", "rm -rf dir; echo file > dir",
    "ln -f FILE hard", "ln -f tracked FILE", "echo through > hard", "chmod 700 dir",
    "chmod 2755 dir; rm -f hard",
    "chmod 600 FILE", "rm -rf link; mkdir -p link/empty", "rm -rf nested; ln -s dir nested",
    "mkdir -p empty/folders",
    "rm -rf empty", "sed -i 's/^/agent /' link", "ln -sfn notes link", "printf 'agent\\0\\n' > FILE",
    ": > FILE",
    "cp FILE copy", "mv copy FILE", "mv dir away && mv away dir", "chmod 000 FILE; chmod 600 FILE",
  ]
  private static let gitCommands = [
    "git checkout -q -- .", "git reset -q --hard", "git add -A", "git commit -q -a -m more", "git stash -q",
    "git checkout -q -b new$RANDOM$$", "git gc -q --prune=now", "git checkout -q HEAD~1 -- .",
    "git rm -q -f tracked",
    "git reset -q --hard HEAD~1",
  ]

  @Test("an undo leaves what it refuses, its redo is the identity, .git is not touched", arguments: 0..<14)
  func interleavings(_ seed: Int) throws {
    var random = Seeded(seed)
    let isGit = seed % 3 != 2
    let repository = isGit ? try TempRepository() : nil
    let files = repository?.directory ?? TempDirectory("stet-undo")
    let fixture = try SnapshotFixture(files)
    files.write("tracked", "one\ntwo\nthree\n")
    files.write("dos.txt", "a\r\nb\r\n")
    files.write("secret", "s\n", mode: 0o600)
    files.write("dir/a", "a\n")
    files.write(".gitignore", "*.log\n")
    symlink("tracked", files.path("link"))
    if isGit {
      if seed % 2 == 0 { try repository?.git("config", "core.autocrlf", "true") }
      try repository?.commitAll()
      fixture.user("git init -q nested && echo n > nested/n")
    }
    files.write("notes", "mine\n")
    files.write("x.log", "ignored\n")
    let asked = Asked()
    for step in 0..<24 {
      let name = Self.names.randomElement(using: &random) ?? "notes"
      switch random.next() % 8 {
      case 0: try edit(fixture, "\(step)", random.chance(50) ? "edited" : name, &random)
      case 1, 2, 3:
        let list = isGit && random.chance(35) ? Self.gitCommands : Self.commands
        let command = (list.randomElement(using: &random) ?? "true").replacing("FILE", with: name)
        try shell(fixture, repository, "\(step)", random.chance(70) ? "t" : "u", command + " || true")
      case 4, 5:
        if random.chance(70) { userWrites(files, name, &random) } else { userActs(files, name, &random) }
      default: try restore(fixture, repository, step, asked, &random)
      }
    }
  }

  /// A command, with stet's own part before and after it held against the repository.
  private func shell(
    _ fixture: SnapshotFixture, _ repository: TempRepository?, _ name: String, _ thread: String,
    _ command: String
  ) throws {
    let key = fixture.key(name, thread: thread)
    let before = repository?.gitDirectory()
    try fixture.store.beginTurn(key)
    let window = fixture.store.commandBegins(key, via: command)
    #expect(repository?.gitDirectory() == before)
    fixture.user(command)
    let left = repository?.gitDirectory()
    if let window { fixture.store.commandEnded(window) }
    _ = try fixture.store.endTurn(key)
    if name.hasSuffix("5") { try fixture.store.settle() }
    #expect(repository?.gitDirectory() == left)
  }

  /// An edit of the agent's own tool, which may not be possible where the name is something else by now.
  private func edit(
    _ fixture: SnapshotFixture, _ turn: String, _ name: String, _ random: inout Seeded
  ) throws {
    let text = fixture.directory.text(name) ?? ""
    let key = fixture.key(turn)
    try fixture.store.beginTurn(key)
    do {
      try fixture.write([name: text + "agent \(random.next() % 100)\n"], in: key)
    } catch let error as WorkspaceError {
      #expect([.wrongKind, .notFound, .stale].contains(error.code), "\(error)")
    }
    _ = try fixture.store.endTurn(key)
  }

  /// Every line that the user wrote and that is in a file somewhere.
  private func userLines(_ tree: [String: DiskTree.Node]) -> Set<String> {
    var lines: Set<String> = []
    for case (let path, .file(let bytes, _)) in tree where !path.split(separator: "/").contains(".git") {
      for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      where line.hasPrefix("user ") {
        lines.insert(String(line))
      }
    }
    return lines
  }

  /// A line may go with an undo only if a turn of the agent brought it there (from a stash, a commit, another file).
  private func expectKept(_ lost: Set<String>, _ plan: RestorePlan, _ fixture: SnapshotFixture) throws {
    for line in lost {
      var wasBrought = false
      for record in plan.records {
        for file in try fixture.store.record(record)?.files ?? []
        where !file.isDirectory && file.isKept && file.after.kind == .regular {
          let sides = try [SnapshotStore.Side.before, .after].map { side in
            let bytes = try fixture.store.contents(of: record, path: file.path, side: side).bytes
            return userLines([file.path: .file(bytes, mode: 0)]).contains(line)
          }
          wasBrought = wasBrought || sides == [false, true]
        }
      }
      #expect(wasBrought, "an undo lost the user's line: \(line)")
    }
  }

  private func userWrites(_ files: TempDirectory, _ name: String, _ random: inout Seeded) {
    // A directory may have taken the name's place, or the other way round.
    var info = stat()
    let isThere = lstat(files.path(name), &info) == 0
    guard isThere ? info.st_mode & S_IFMT == S_IFREG : errno == ENOENT else { return }
    let text = files.bytes(name) ?? []
    let line = Array("user \(random.next() % 100_000)\n".utf8)
    // Now and then with what no text has: it can't be merged then.
    let own = random.chance(15) ? line + [0, 10] : line
    files.write(name, bytes: random.chance(50) ? own + text : text + own)
  }

  /// What users do to files besides editing them.
  private func userActs(_ files: TempDirectory, _ name: String, _ random: inout Seeded) {
    let path = files.path(name)
    switch random.next() % 7 {
    case 0, 1: unlink(path)
    case 2: chmod(path, random.chance(50) ? 0o600 : 0o755)
    case 3: rename(path, files.path("user's"))
    case 4: rename(files.path("user's"), path)
    case 5:
      unlink(files.path("link"))
      symlink(name, files.path("link"))
    default:
      rename(files.path("dir"), files.path("user's folder"))
      rename(files.path("user's folder/a"), files.path("taken out"))
    }
  }

  /// What is to be taken back, and how.
  private func restorePlan(
    _ fixture: SnapshotFixture, _ asked: Asked, _ random: inout Seeded
  ) throws -> (plan: RestorePlan, isOverwriting: Bool, cause: TurnCause)? {
    let records = try fixture.store.list().filter { $0.state == .active }
    let turns = records.filter { $0.cause != .restore && $0.cause != .review }
    if random.chance(15), let restore = records.filter({ $0.cause == .restore }).randomElement(using: &random)
    {
      return (try fixture.store.plan(.record(restore.id)), false, .restore)
    }
    guard let turn = turns.randomElement(using: &random) else { return nil }
    if random.chance(15) { return (try hunks(fixture, turn.thread, &random), false, .review) }
    var scopes: [UndoScope] = [.last(thread: turn.thread), .turn(turn.key), .through(turn.key)]
    let paths = turn.files.filter { !$0.isDirectory && $0.isKept }.map(\.path)
    if let path = paths.randomElement(using: &random) { scopes.append(.files([path], thread: turn.thread)) }
    let scope = scopes.randomElement(using: &random) ?? .turn(turn.key)
    let isOverwriting = random.chance(20)
    let plan: RestorePlan
    do throws(WorkspaceError) {
      plan = try fixture.store.plan(scope, onConflict: isOverwriting ? .overwriteKeepCopy : .skip)
    } catch {
      // The path is undone already.
      if case .files = scope, error.code == .notFound { return nil }
      throw error
    }
    if case .files = scope {} else { try expectListed(plan, fixture, asked) }
    asked.records.formUnion(plan.records)
    return (plan, isOverwriting, .restore)
  }

  /// Every path that the turns changed has its line, done or refused.
  private func expectListed(_ plan: RestorePlan, _ fixture: SnapshotFixture, _ asked: Asked) throws {
    let listed = Set(plan.entries.map(\.path))
    for record in plan.records where !asked.records.contains(record) {
      for file in try fixture.store.record(record)?.files ?? [] where !file.isDirectory {
        #expect(listed.contains(file.path), "not listed: \(file.path)")
      }
    }
  }

  /// Some of what a thread changed and is still there, as a review rejects it.
  private func hunks(
    _ fixture: SnapshotFixture, _ thread: String, _ random: inout Seeded
  ) throws -> RestorePlan {
    let files = try fixture.store.reviewed(thread: thread)
    var proposals: [Proposal] = []
    for file in files {
      var proposal = try Proposal(file.change)
      proposal.decideAll(.accept)
      for hunk in proposal.hunks() where random.chance(50) { try proposal.decide(hunk.id, .reject) }
      proposals.append(proposal)
    }
    return try RollbackPlan(
      ProposalSet(files: proposals), directories: Set(files.flatMap(\.createdDirectories)).sorted()
    ).plan
  }

  private func restore(
    _ fixture: SnapshotFixture, _ repository: TempRepository?, _ step: Int, _ asked: Asked,
    _ random: inout Seeded
  ) throws {
    let git = repository?.gitDirectory()
    guard let (plan, isOverwriting, cause) = try restorePlan(fixture, asked, &random) else { return }
    let before = try DiskTree.read(fixture.root)
    let modes = try DiskTree.modes(fixture.root)
    guard let done = try fixture.store.apply(plan, as: fixture.key("undo \(step)"), cause: cause) else {
      #expect(try DiskTree.read(fixture.root) == before)
      return
    }
    let after = try DiskTree.read(fixture.root)
    let touched = Set(plan.entries.filter { ![.none, .refuse].contains($0.action) }.map(\.path))
    for (path, node) in before where node != .directory && !touched.contains("\(fixture.root)/\(path)") {
      #expect(after[path] == node, "\(path)")
    }
    #expect(repository?.gitDirectory() == git)
    // What was overwritten by choice, or line by line, comes back with the redo.
    if !isOverwriting, cause == .restore {
      try expectKept(userLines(before).subtracting(userLines(after)), plan, fixture)
    }
    for entry in plan.refused where !entry.isDirectory {
      let path = String(entry.path.dropFirst(fixture.root.count + 1))
      #expect(after[path] == before[path], "refused and touched: \(path)")
    }
    guard isOverwriting || random.chance(70) else { return }
    let redo = try fixture.store.plan(.record(done.id))
    #expect(redo.refused.isEmpty, "\(fixture.reasons(redo))")
    _ = try fixture.store.apply(redo, as: fixture.key("redo \(step)"))
    let again = try DiskTree.read(fixture.root)
    #expect(again == before, "\(DiskTree.difference(before, again))")
    #expect(try DiskTree.modes(fixture.root) == modes)
    #expect(repository?.gitDirectory() == git)
  }
}
