import Glibc
import StetTestSupport
import StetWorkspace
import Testing

struct WalkTests {
  @Test("in a repository git's ignore rules hold at every depth")
  func repository() throws {
    let repository = try TempRepository()
    let files = repository.directory
    files.write(".gitignore", "*.log\n/build/\n!keep.log\n")
    files.write("sub/.gitignore", "secret*\n")
    files.write(".git/info/exclude", "local.txt\n")
    for path in ["a.swift", "x.log", "keep.log", "build/out.o", "sub/secret.txt", "sub/b.txt", "local.txt"] {
      files.write(path, "x")
    }
    symlink("a.swift", files.path("link"))
    let before = repository.gitDirectory()
    let workspace = try Workspace(root: repository.path)
    let walk = try workspace.walk()
    #expect(walk.paths == [".gitignore", "a.swift", "keep.log", "link", "sub/.gitignore", "sub/b.txt"])
    #expect(!walk.truncated)
    #expect(try workspace.walk(includeIgnored: true).paths.contains("build/out.o"))
    // What is ignored and yet named was chosen on purpose.
    #expect(try workspace.walk(from: "build").paths == ["build/out.o"])
    #expect(try Workspace(root: workspace.root + "/build").walk().paths == ["out.o"])
    #expect(try workspace.walk(from: "sub").paths == ["sub/.gitignore", "sub/b.txt"])
    #expect(repository.gitDirectory() == before)
    // A workspace below the top of its repository takes the rules from above.
    #expect(try Workspace(root: files.path("sub")).walk().paths == [".gitignore", "b.txt"])
  }

  @Test("outside of a repository .gitignore files still count")
  func noRepository() throws {
    let files = TempDirectory("stet-walk")
    files.write(".gitignore", "node_modules/\n*.tmp\n")
    files.write("a/node_modules/x.js", "x")
    files.write("a/b.js", "x")
    files.write("c.tmp", "x")
    #expect(try Workspace(root: files.path).walk().paths == [".gitignore", "a/b.js"])
    #expect(!files.exists(".git"))
  }

  @Test("a walk is bounded, can be stopped, and follows no link")
  func bounds() throws {
    let files = TempDirectory("stet-walk")
    for index in 0..<20 { files.write("d\(index % 4)/f\(index)", "x") }
    symlink("..", files.path("d0/up"))
    let workspace = try Workspace(root: files.path)
    let cut = try workspace.walk(limit: 7)
    #expect(cut.paths.count == 7 && cut.truncated)
    #expect(try workspace.walk().paths.count == 21)
    var asked = 0
    let stopped = try workspace.walk {
      asked += 1
      return asked < 2
    }
    #expect(stopped.truncated && stopped.paths.isEmpty)
    let error = #expect(throws: WorkspaceError.self) { try workspace.walk(from: "/etc") }
    #expect(error?.code == .outside)
  }
}
