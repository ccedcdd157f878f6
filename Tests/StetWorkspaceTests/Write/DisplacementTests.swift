import Glibc
import StetTestSupport
import Synchronization
import Testing

@testable import StetWorkspace

/// What the user saves in the moment in which a file is replaced or deleted (rollback.md B3: no byte of the user's is
/// lost).
struct DisplacementTests {
  let directory = TempDirectory("stet-displaced")
  private var path: String { directory.path("root/a") }

  init() { directory.write("root/a", "old\n", mode: 0o640) }

  private func plan(_ isDeletion: Bool) -> PlannedWrite {
    PlannedWrite(
      path: path, expected: FileState.regular(Array("old\n".utf8)).stamp,
      result: isDeletion ? .absent : .regular(Array("new\n".utf8)))
  }

  /// A transaction in which the user acts at a step.
  private func transaction(
    at stop: WriteTransaction.Step, dies: WriteTransaction.Step? = nil,
    _ user: @escaping @Sendable () -> Void
  ) -> WriteTransaction {
    var transaction = WriteTransaction(
      roots: [directory.path("root")], journalDirectory: directory.path("journal"))
    transaction.proceed = { step in
      if step == stop { user() }
      return step != dies
    }
    return transaction
  }

  /// Only what the user made is in the folder.
  private func expectAlone(_ names: [String] = ["a"]) {
    #expect(directory.names("root") == names && directory.names("journal").isEmpty)
  }

  @Test(
    "B4 user edit: a save right before the file goes makes the write stale and stays",
    arguments: [false, true])
  func lastMoment(_ isDeletion: Bool) throws {
    let path = path
    let saves: [@Sendable (TempDirectory) -> Void] = [
      { $0.write("root/a", "the user's\n", mode: 0o640) },
      // As most editors save.
      { files in
        files.write("root/.a.swp", "the user's\n")
        rename(files.path("root/.a.swp"), files.path("root/a"))
      },
    ]
    for save in saves {
      let error = #expect(throws: WorkspaceError.self) {
        try transaction(at: .beforeInstall(path)) { [directory] in save(directory) }.commit([plan(isDeletion)]
        )
      }
      #expect(error?.code == .stale && directory.text("root/a") == "the user's\n")
      expectAlone()
      directory.write("root/a", "old\n", mode: 0o640)
    }
  }

  @Test("B4 user edit: a folder or a link that took the file's name stays, whole", arguments: [false, true])
  func otherKinds(_ isDeletion: Bool) throws {
    let path = path
    #expect(throws: WorkspaceError.self) {
      try transaction(at: .beforeInstall(path)) { [directory] in
        unlink(path)
        directory.write("root/a/inner", "the user's\n")
      }.commit([plan(isDeletion)])
    }
    #expect(directory.text("root/a/inner") == "the user's\n")
    expectAlone()
    unlink(directory.path("root/a/inner"))
    rmdir(path)
    directory.write("root/a", "old\n")
    #expect(throws: WorkspaceError.self) {
      try transaction(at: .beforeInstall(path)) {
        unlink(path)
        symlink("elsewhere", path)
      }.commit([plan(isDeletion)])
    }
    #expect(try DiskTree.read(directory.path("root")) == ["a": .link("elsewhere")])
    expectAlone()
  }

  @Test(
    "B4 user edit: what is saved while the old file is looked at is the newest, and stays",
    arguments: [false, true])
  func whileDisplaced(_ isDeletion: Bool) throws {
    let done = try transaction(at: .displaced(path)) { [directory] in
      directory.write("root/.a.swp", "the user's\n")
      rename(directory.path("root/.a.swp"), directory.path("root/a"))
    }.commit([plan(isDeletion)])
    #expect(done.map(\.isOnDisk) == [false] && directory.text("root/a") == "the user's\n")
    expectAlone()
  }

  @Test(
    "B4 kill -9: a save that was displaced and that nobody looked at is back after the next start",
    arguments: [false, true])
  func killed(_ isDeletion: Bool) throws {
    let path = path
    #expect(throws: WorkspaceError.self) {
      try transaction(at: .beforeInstall(path), dies: .displaced(path)) { [directory] in
        directory.write("root/a", "the user's\n")
      }.commit([plan(isDeletion)])
    }
    #expect(directory.text("root/a") != "the user's\n")
    let recovered = try transaction(at: .done) {}.recover()
    #expect(recovered.map(\.outcome) == [.foreign] && directory.text("root/a") == "the user's\n")
    expectAlone()
  }
}
