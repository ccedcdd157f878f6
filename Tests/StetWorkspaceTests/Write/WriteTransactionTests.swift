import Glibc
import StetTestSupport
import Testing

@testable import StetWorkspace

struct WriteTransactionTests {
  let directory = TempDirectory("stet-write")
  var root: String { directory.path("root") }
  var transaction: WriteTransaction {
    WriteTransaction(roots: [root], journalDirectory: directory.path("journal"))
  }

  init() { directory.makeDirectory("root") }

  private func write(
    _ path: String, _ text: String, mode: UInt16 = 0o644
  ) throws -> PlannedWrite {
    let disk = try Workspace.state(at: "\(root)/\(path)")
    return PlannedWrite(
      path: "\(root)/\(path)", expected: disk.stamp, result: .regular(Array(text.utf8), mode: mode))
  }

  private func deletion(_ path: String) throws -> PlannedWrite {
    PlannedWrite(
      path: "\(root)/\(path)", expected: try Workspace.state(at: "\(root)/\(path)").stamp, result: .absent)
  }

  private var tree: [String: DiskTree.Node] { get throws { try DiskTree.read(root) } }

  private func isClean() -> Bool { directory.names("journal").isEmpty }

  @Test("creates with directories, replaces, deletes, links, and reports what is on disk")
  func commits() throws {
    directory.write("root/old.txt", "old", mode: 0o640)
    directory.write("root/gone.txt", "gone")
    let link = PlannedWrite(path: "\(root)/link", expected: .absent, result: .symlink(to: "old.txt"))
    let done = try transaction.commit([
      write("old.txt", "new", mode: 0o640), deletion("gone.txt"), write("a/b/c.txt", "c"), link,
    ])
    #expect(
      try tree == [
        "old.txt": .file(Array("new".utf8), mode: 0o640), "a/b/c.txt": .file(Array("c".utf8), mode: 0o644),
        "link": .link("old.txt"),
      ])
    #expect(done.map(\.path) == ["a/b/c.txt", "link", "old.txt", "gone.txt"].map { "\(root)/\($0)" })
    #expect(done[0].createdDirectories == ["\(root)/a", "\(root)/a/b"])
    #expect(done[2].before == .regular(Array("old".utf8), mode: 0o640) && done[2].isOnDisk)
    #expect(isClean())
  }

  @Test("deleting what is not there does nothing, and makes no directory")
  func deletesNothing() throws {
    try transaction.commit([deletion("no/such/file"), write("a.txt", "a")])
    #expect(try tree == ["a.txt": .file([97], mode: 0o644)])
  }

  @Test("crush: a file changed in the same second is stale, and nothing at all is written")
  func stale() throws {
    directory.write("root/a.txt", "a")
    directory.write("root/b.txt", "b")
    let writes = try [write("a.txt", "A"), write("b.txt", "B"), write("new/c.txt", "C")]
    directory.write("root/b.txt", "x")
    let error = #expect(throws: WorkspaceError.self) { try transaction.commit(writes) }
    #expect(error?.code == .stale && error?.path == "\(root)/b.txt")
    #expect(directory.text("root/a.txt") == "a" && directory.text("root/b.txt") == "x")
    #expect(!directory.exists("root/new") && isClean())
  }

  @Test(
    "claude-code#33856, #48390: a touched file, or one with another mode, is not stale and keeps its mode")
  func touched() throws {
    directory.write("root/a.sh", "a")
    let writes = try [write("a.sh", "A")]
    chmod("\(root)/a.sh", 0o755)
    utimes("\(root)/a.sh", nil)
    try transaction.commit(writes)
    #expect(try tree == ["a.sh": .file(Array("A".utf8), mode: 0o755)])
  }

  @Test("a file that appears, vanishes or becomes a link is stale")
  func kinds() throws {
    let creation = try write("new.txt", "mine")
    directory.write("root/new.txt", "theirs")
    #expect(throws: WorkspaceError.self) { try transaction.commit([creation]) }
    #expect(directory.text("root/new.txt") == "theirs")
    let update = try write("new.txt", "mine")
    unlink("\(root)/new.txt")
    #expect(throws: WorkspaceError.self) { try transaction.commit([update]) }
    #expect(!directory.exists("root/new.txt"))
    directory.write("root/target.txt", "theirs")
    symlink("target.txt", "\(root)/new.txt")
    let error = #expect(throws: WorkspaceError.self) { try transaction.commit([update]) }
    #expect(error?.code == .stale && directory.text("root/target.txt") == "theirs")
  }

  @Test("paths outside, unresolved, through links, or twice are refused")
  func refused() throws {
    directory.makeDirectory("outside")
    symlink("../outside", "\(root)/link")
    func code(_ paths: [String]) -> WorkspaceError.Code? {
      let writes = paths.map { PlannedWrite(path: $0, expected: .absent, result: .regular([1])) }
      return #expect(throws: WorkspaceError.self) { try transaction.commit(writes) }?.code
    }
    #expect(code([directory.path("outside/x")]) == .outside)
    #expect(code([root + "x/y"]) == .outside)
    #expect(code(["\(root)/../outside/x"]) == .badPath)
    #expect(code(["relative"]) == .badPath)
    #expect(code(["\(root)/link/x"]) == .wrongKind)
    #expect(code(["\(root)/x", "\(root)/x"]) == .refused)
    #expect(directory.names("outside").isEmpty && isClean())
  }

  @Test("a file with other hard links is written in place: both names see the new content")
  func hardLinks() throws {
    directory.write("root/a.txt", "a longer old text")
    link("\(root)/a.txt", "\(root)/b.txt")
    try transaction.commit([write("a.txt", "new")])
    #expect(directory.text("root/b.txt") == "new")
  }

  @Test("a failing rename puts everything back")
  func rollsBack() throws {
    directory.write("root/a.txt", "a", mode: 0o600)
    directory.write("root/dir/b.txt", "b")
    let path = "\(root)/dir/b.txt"
    var broken = transaction
    // The user saves the second file while the first is being installed.
    broken.proceed = { step in
      if case .installed(let done) = step, done.hasSuffix("/a.txt") {
        let fd = open(path, O_WRONLY | O_TRUNC)
        _ = Glibc.write(fd, "user", 4)
        close(fd)
      }
      return true
    }
    let writes = try [write("a.txt", "A", mode: 0o600), write("dir/b.txt", "B"), write("x/y.txt", "Y")]
    let error = #expect(throws: WorkspaceError.self) { try broken.commit(writes) }
    #expect(error?.code == .stale)
    #expect(
      try tree == [
        "a.txt": .file(Array("a".utf8), mode: 0o600), "dir/b.txt": .file(Array("user".utf8), mode: 0o644),
      ])
    #expect(isClean())
  }

  @Test("extended attributes stay with a replaced file")
  func attributes() throws {
    directory.write("root/a.txt", "a")
    guard TestAttributes.set("user.stet", "kept", at: "\(root)/a.txt") else { return }
    try transaction.commit([write("a.txt", "A")])
    #expect(TestAttributes.get("user.stet", at: "\(root)/a.txt") == "kept")
  }

  @Test("what can't be read back once all is in place is told of and is no failure: what was there is noted")
  func readBack() throws {
    directory.write("root/a.txt", "a")
    let path = "\(root)/a.txt"
    var slow = transaction
    // Another program makes it larger than anything that is read.
    slow.proceed = { step in
      if step == .noted { truncate(path, off_t(Workspace.readLimit) + 1) }
      return true
    }
    let done = try slow.commit([write("a.txt", "A")])
    #expect(done.map(\.isOnDisk) == [false] && done.first?.before.bytes == Array("a".utf8))
    #expect(directory.names("journal").isEmpty)
  }

  @Test("links to a journal below a linked state directory work")
  func linkedState() throws {
    directory.makeDirectory("state")
    symlink("state", directory.path("alias"))
    let linked = WriteTransaction(roots: [root], journalDirectory: directory.path("alias/tx"))
    try linked.commit([write("a.txt", "A")])
    #expect(directory.text("root/a.txt") == "A" && directory.names("state/tx").isEmpty)
    #expect(try linked.recover().isEmpty)
  }
}
