import Glibc
import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// The plug is pulled at every step of a transaction; recovery then leaves all of it or none.
struct WriteRecoveryTests {
  /// One of each: replaced, new in a new directory, deleted, written in place.
  private func prepare(_ directory: TempDirectory) throws -> [PlannedWrite] {
    directory.write("root/a.txt", "old a", mode: 0o600)
    directory.write("root/gone.txt", "gone")
    directory.write("root/linked.txt", "a linked text that is long")
    link(directory.path("root/linked.txt"), directory.path("root/other.txt"))
    func plan(_ path: String, _ result: FileState) throws -> PlannedWrite {
      let path = directory.path("root/\(path)")
      return PlannedWrite(path: path, expected: try Workspace.state(at: path).stamp, result: result)
    }
    return try [
      plan("a.txt", .regular(Array("new a".utf8), mode: 0o600)),
      plan("new/dir/b.txt", .regular(Array("b".utf8))),
      plan("gone.txt", .absent), plan("linked.txt", .regular(Array("another linked text".utf8))),
      plan("z.txt", .symlink(to: "a.txt")),
    ]
  }

  private func transaction(_ directory: TempDirectory) -> WriteTransaction {
    WriteTransaction(roots: [directory.path("root")], journalDirectory: directory.path("journal"))
  }

  /// Commits and stops dead at a step; whether that step came.
  private func crash(_ directory: TempDirectory, at step: Int) throws -> Bool {
    let count = Mutex(0)
    var transaction = transaction(directory)
    transaction.proceed = { _ in
      count.withLock { count in
        count += 1
        return count != step
      }
    }
    do { try transaction.commit(try prepare(directory)) } catch { return true }
    return false
  }

  @Test("after a crash at any step, recovery leaves the tree as it was or as it should be")
  func everyStep() throws {
    var step = 1
    while true {
      let directory = TempDirectory("stet-crash")
      _ = try prepare(directory)
      let before = try DiskTree.read(directory.path("root"))
      guard try crash(directory, at: step) else { break }
      let recovered = try transaction(directory).recover()
      #expect(try DiskTree.read(directory.path("root")) == before, "crash at step \(step)")
      #expect(!recovered.contains { $0.outcome == .foreign || $0.outcome == .failed })
      #expect(directory.names("journal").isEmpty)
      #expect(try transaction(directory).recover().isEmpty)
      step += 1
    }
    // Journal, directories, five files prepared and installed, two displaced, one torn write, all in place, noted, the end.
    #expect(step == 2 + 5 + 10 + 2 + 1 + 1 + 1 + 1)
  }

  @Test("after a crash at any step files and folders that take each other's place are as they were")
  func replacements() throws {
    var step = 1
    while true {
      let directory = TempDirectory("stet-crash")
      directory.write("root/folder/deep/a", "a", mode: 0o600)
      directory.write("root/file", "file")
      directory.makeDirectory("root/folder/hollow")
      chmod(directory.path("root/folder/deep"), 0o750)
      let before = try DiskTree.read(directory.path("root"))
      let count = Mutex(0)
      var transaction = transaction(directory)
      transaction.proceed = { [step] _ in
        count.withLock { count in
          count += 1
          return count != step
        }
      }
      let writes = [
        PlannedWrite(
          path: directory.path("root/folder/deep/a"), expected: FileState.regular([97], mode: 0o600).stamp,
          result: .absent),
        PlannedWrite(path: directory.path("root/folder"), expected: .absent, result: .symlink(to: "file/b")),
        PlannedWrite(
          path: directory.path("root/file"), expected: FileState.regular(Array("file".utf8)).stamp,
          result: .absent),
        PlannedWrite(path: directory.path("root/file/b/c"), expected: .absent, result: .regular([99])),
      ]
      let folders = ["root/folder", "root/folder/deep", "root/folder/hollow"].map {
        ClearedDirectory(path: directory.path($0), mode: $0.hasSuffix("deep") ? 0o750 : 0o755)
      }
      do { _ = try transaction.commit(writes, clearing: folders) } catch {
        let recovered = try self.transaction(directory).recover()
        let found = try DiskTree.read(directory.path("root"))
        #expect(found == before, "step \(step): \(DiskTree.difference(before, found))")
        #expect(!recovered.contains { $0.outcome == .foreign || $0.outcome == .failed }, "\(recovered)")
        var info = stat()
        #expect(lstat(directory.path("root/folder/deep"), &info) == 0 && info.st_mode & 0o777 == 0o750)
        step += 1
        continue
      }
      #expect(
        try DiskTree.read(directory.path("root")) == [
          "folder": .link("file/b"), "file/b/c": .file([99], mode: 0o644),
        ])
      break
    }
    #expect(step > 15)
  }

  @Test("a folder that is not empty after all puts everything back")
  func notEmpty() throws {
    let directory = TempDirectory("stet-crash")
    directory.write("root/folder/a", "a")
    directory.write("root/folder/mine", "mine")
    let before = try DiskTree.read(directory.path("root"))
    let writes = [
      PlannedWrite(
        path: directory.path("root/folder/a"), expected: FileState.regular([97]).stamp, result: .absent),
      PlannedWrite(path: directory.path("root/folder"), expected: .absent, result: .regular([98])),
    ]
    let error = #expect(throws: WorkspaceError.self) {
      try transaction(directory).commit(
        writes, clearing: [ClearedDirectory(path: directory.path("root/folder"), mode: 0o755)])
    }
    #expect(error?.code == .stale)
    #expect(try DiskTree.read(directory.path("root")) == before && directory.names("journal").isEmpty)
  }

  @Test("a file that someone wrote after the crash is left alone and named")
  func foreign() throws {
    let directory = TempDirectory("stet-crash")
    // All installed, the journal not yet gone.
    #expect(try crash(directory, at: 19))
    directory.write("root/a.txt", "the user's", mode: 0o600)
    let recovered = try transaction(directory).recover()
    #expect(recovered.first { $0.path.hasSuffix("/a.txt") }?.outcome == .foreign)
    #expect(directory.text("root/a.txt") == "the user's")
    #expect(
      directory.text("root/gone.txt") == "gone"
        && directory.text("root/other.txt") == "a linked text that is long")
  }

  @Test("the journal of a living transaction is not touched")
  func living() throws {
    let directory = TempDirectory("stet-crash")
    let writes = try prepare(directory)
    let found = Mutex<[RecoveredWrite]?>(nil)
    let other = transaction(directory)
    var running = other
    running.proceed = { step in
      if case .installed = step { found.withLock { $0 = try? other.recover() } }
      return true
    }
    try running.commit(writes)
    #expect(found.withLock { $0 } == [])
    #expect(directory.text("root/a.txt") == "new a")
  }

  @Test("a damaged journal is an error, and its images stay")
  func damaged() throws {
    let directory = TempDirectory("stet-crash")
    #expect(try crash(directory, at: 19))
    let name = try #require(directory.names("journal").first)
    directory.write("journal/\(name)/plan.json", "[{")
    let error = #expect(throws: WorkspaceError.self) { try transaction(directory).recover() }
    #expect(error?.code == .io)
    #expect(directory.exists("journal/\(name)/0.before"))
  }
}
