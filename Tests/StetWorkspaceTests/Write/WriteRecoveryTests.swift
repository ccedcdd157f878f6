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
    // Journal, directories, five files prepared and installed, one torn write, the end.
    #expect(step == 2 + 5 + 10 + 1 + 1 + 1)
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
