import Glibc
import StetTestSupport
import StetWorkspace
import Testing

struct WorkspaceTests {
  let directory = TempDirectory("stet-workspace")

  @Test("a path is judged by where it leads")
  func resolves() throws {
    let root = directory.makeDirectory("root")
    directory.makeDirectory("outside/deep")
    symlink("../outside/deep", "\(root)/link")
    symlink("nowhere/x", "\(root)/dangling")
    let workspace = try Workspace(root: root)
    #expect(try workspace.resolve("a/b.txt").path == "\(root)/a/b.txt")
    #expect(try workspace.resolve("a/b.txt").relative == "a/b.txt")
    #expect(try workspace.resolve("./a/../b").path == "\(root)/b")
    #expect(try workspace.resolve("x", from: "\(root)/sub").path == "\(root)/sub/x")
    #expect(try workspace.resolve(".").relative == ".")
    // Beside the link's target, not beside the link.
    let beside = try workspace.resolve("link/../x")
    #expect(beside.path == directory.path("outside/x"))
    #expect(!beside.inside)
    let through = try workspace.resolve("link/new.txt")
    #expect(through.path == directory.path("outside/deep/new.txt"))
    #expect(!through.inside && through.relative == nil)
    let link = try workspace.resolve("link")
    #expect(link.inside && link.isLink && !link.targetInside)
    #expect(try workspace.resolve("dangling").target == "\(root)/nowhere/x")
    #expect(try !workspace.resolve("../root2").inside)
    #expect(try workspace.resolve("/etc/passwd").path == "/etc/passwd")
  }

  @Test("a root that is named through a link is its real path")
  func realRoot() throws {
    let root = directory.makeDirectory("real")
    symlink(root, directory.path("alias"))
    #expect(try Workspace(root: directory.path("alias")).root == root)
    #expect(throws: WorkspaceError.self) { try Workspace(root: directory.path("missing")) }
  }

  @Test("bad paths and loops are errors, not crashes")
  func badPaths() throws {
    let workspace = try Workspace(root: directory.path)
    symlink("loop", directory.path("loop"))
    for path in ["", "a\0b", String(repeating: "x/", count: 4000), "loop/x"] {
      let error = #expect(throws: WorkspaceError.self) { try workspace.resolve(path) }
      #expect(error?.code == .badPath)
    }
  }

  @Test("reads kinds, bytes and modes, and never follows the last link")
  func reads() throws {
    let workspace = try Workspace(root: directory.path)
    directory.write("a.bin", bytes: [0, 1, 255], mode: 0o600)
    symlink("a.bin", directory.path("link"))
    mkfifo(directory.path("pipe"), 0o600)
    let file = try workspace.read(directory.path("a.bin"))
    #expect(file == .regular([0, 1, 255], mode: 0o600))
    #expect(file.isBinary)
    #expect(try workspace.read(directory.path("link")) == .symlink(to: "a.bin"))
    #expect(try workspace.read(directory.path("pipe")).kind == .other)
    #expect(try workspace.read(directory.path).kind == .directory)
    #expect(try workspace.read(directory.path("no/such/file")) == .absent)
    let error = #expect(throws: WorkspaceError.self) { try workspace.read(directory.path("a.bin"), limit: 2) }
    #expect(error?.code == .tooLarge)
  }

  @Test("a link on the way is refused where the path was resolved before")
  func parentSwappedForLink() throws {
    let workspace = try Workspace(root: directory.path)
    directory.write("dir/x.txt", "x")
    let place = try workspace.resolve("dir/x.txt").path
    rename(directory.path("dir"), directory.path("moved"))
    symlink("moved", directory.path("dir"))
    let error = #expect(throws: WorkspaceError.self) { try workspace.read(place) }
    #expect(error?.code == .wrongKind)
  }

  @Test("lists names by bytes, with kinds and sizes, up to a limit")
  func lists() throws {
    let workspace = try Workspace(root: directory.path)
    directory.write("b", "12345")
    directory.makeDirectory("a")
    symlink("b", directory.path("c"))
    let listing = try workspace.listDirectory(workspace.root)
    #expect(listing.entries.map(\.name) == ["a", "b", "c"])
    #expect(listing.entries.map(\.kind) == [.directory, .regular, .symlink])
    #expect(listing.entries[1].size == 5 && !listing.truncated)
    let cut = try workspace.listDirectory(workspace.root, limit: 2)
    #expect(cut.entries.count == 2 && cut.truncated)
  }

  @Test("jobs of the workspace's thread run in order and away from the caller")
  func thread() async throws {
    let thread = WorkspaceThread()
    let here = pthread_self()
    #expect(try await thread.run { pthread_equal(pthread_self(), here) == 0 })
    let error = await #expect(throws: WorkspaceError.self) {
      try await thread.run { throw WorkspaceError(.refused, "no") }
    }
    #expect(error?.message == "no")
  }
}
