import Glibc
import StetTestSupport
import StetWorkspace
import Testing

/// Sections, paths and syntax.
struct PatchSectionTests {
  private func parse(_ body: String) -> WorkspaceError? {
    #expect(throws: WorkspaceError.self) {
      try PatchParser.parse(Array("*** Begin Patch\n\(body)*** End Patch\n".utf8))
    }
  }

  @Test(
    "syntax errors name the line and refuse the whole patch",
    arguments: [
      ("", nil), ("*** Rename File: x\n", 2), ("*** add file: n\n+n\n", 2), ("*** Add File: \n+n\n", 2),
      ("*** Add File: n\n+a\nb\n+c\n", 4), ("*** Update File: x\n", 2), ("*** Update File: x\n@@\n", 3),
      ("*** Update File: x\n@@\n*** End of File\n", 3), ("*** Update File: x\n@@\n x\ny\n-z\n", 5),
      ("*** Update File: x\n@@\n-x\n+y\n*** Move to: z\n", 6),
      ("*** Add File: n\n+n\n*** End Patch\n*** Begin Patch\n*** Delete File: x\n", 4),
    ] as [(String, Int?)])
  func syntax(_ body: String, _ line: Int?) {
    let error = parse(body)
    #expect(error?.code == .patchSyntax && error?.line == line, "\(error?.message ?? "")")
  }

  @Test("text around the patch is refused")
  func around() {
    for text in [
      "Here it is:\n*** Begin Patch\n*** Add File: n\n+n\n*** End Patch",
      "*** Add File: n\n+n\n*** End Patch", "",
    ] {
      #expect(throws: WorkspaceError.self) { try PatchParser.parse(Array(text.utf8)) }
    }
  }

  @Test("markers are found indented, and are content behind a mark")
  func markers() throws {
    let tree = MemoryTree(["x": "x\n"])
    let indented = "*** Begin Patch\n  *** Update File: x\n@@\n-x\n+y\n  *** End Patch\n"
    #expect(try tree.patched(indented)["x"] == .regular([121, 10]))
    let content =
      "*** Begin Patch\n*** Environment ID: local\n*** Add File: n\n+*** End Patch\n+@@\n+-\n++\n+\n"
      + "*** End Patch\n"
    #expect(try tree.patched(content)["n"] == .regular(Array("*** End Patch\n@@\n-\n+\n\n".utf8)))
    let header =
      "*** Begin Patch\n*** Update File: x\n@@\n-x\n+z\n *** Update File: y\n@@\n-y\n+z\n*** End Patch\n"
    #expect(throws: WorkspaceError.self) { try tree.patched(header) }
    #expect(try MemoryTree.update("- a\n+ b\n@@ c\n", "@@\n-- a\n+- A\n + b\n @@ c\n") == "- A\n+ b\n@@ c\n")
  }

  @Test("sections see each other's results")
  func sequences() throws {
    let tree = MemoryTree(["a": "a\n", "b": "b\n", "l": "1\n2\n"])
    func patched(_ body: String) throws -> [String: FileState] {
      try tree.patched("*** Begin Patch\n\(body)*** End Patch\n")
    }
    #expect(try patched("*** Add File: n\n+n\n*** Update File: n\n@@\n-n\n+m\n")["n"] == .regular([109, 10]))
    #expect(try patched("*** Update File: a\n@@\n-a\n+A\n*** Delete File: a\n")["a"] == nil)
    #expect(
      try patched("*** Update File: l\n@@\n-2\n+B\n*** Update File: l\n@@\n-1\n+A\n")["l"]
        == .regular(Array("A\nB\n".utf8)))
    let moved = try patched(
      "*** Update File: a\n*** Move to: c\n@@\n-a\n+A\n*** Update File: c\n@@\n-A\n+C\n")
    #expect(moved["a"] == nil && moved["c"] == .regular([67, 10]))
    let swapped = try patched(
      "*** Update File: a\n*** Move to: t\n*** Update File: b\n*** Move to: a\n*** Update File: t\n"
        + "*** Move to: b\n"
    )
    #expect(swapped["a"] == .regular([98, 10]) && swapped["b"] == .regular([97, 10]) && swapped["t"] == nil)
  }

  @Test("the summary lists adds, updates under their new names, then deletes; equal files are no changes")
  func summary() throws {
    let tree = MemoryTree(["a": "a\n", "b": "b\n", "c": "c\n"])
    let patch =
      "*** Begin Patch\n*** Delete File: a\n*** Update File: ./b\n*** Move to: d/b\n*** Update File: c\n"
      + "@@\n c\n*** Add File: n\n*** End Patch\n"
    var files = tree
    files.files["./b"] = files.files["b"]
    let proposal = try PatchApplier.propose(try PatchParser.parse(Array(patch.utf8)), tree: files)
    #expect(proposal.summary.map { "\($0.letter) \($0.path)" } == ["A n", "M d/b", "M c", "D a"])
    #expect(proposal.changes.map(\.path) == ["a", "./b", "n"])
    #expect(proposal.changes.map(\.movePath) == [nil, "d/b", nil])
  }

  @Test("on disk: links are followed by updates and removed by deletes, parents are made, bad places refused")
  func disk() throws {
    let directory = TempDirectory("stet-patch")
    directory.write("tree/real/x.txt", "x\n", mode: 0o600)
    symlink("real", directory.path("tree/link"))
    symlink("real/x.txt", directory.path("tree/file"))
    symlink("nowhere/d", directory.path("tree/dangling"))
    let run = PatchRun(root: directory.path("tree"), journal: directory.path("journal"))
    func apply(_ body: String) throws { try run.apply(Array("*** Begin Patch\n\(body)*** End Patch\n".utf8)) }
    try apply(
      "*** Update File: file\n@@\n-x\n+y\n*** Add File: link/n.txt\n+n\n*** Add File: deep/er/f\n+f\n")
    #expect(
      try DiskTree.read(directory.path("tree")) == [
        "real/x.txt": .file([121, 10], mode: 0o600), "real/n.txt": .file([110, 10], mode: 0o644),
        "deep/er/f": .file([102, 10], mode: 0o644), "link": .link("real"), "file": .link("real/x.txt"),
        "dangling": .link("nowhere/d"),
      ])
    try apply("*** Delete File: file\n")
    #expect(!directory.exists("tree/file") && directory.exists("tree/real/x.txt"))
    for body in [
      "*** Add File: dangling\n+n\n", "*** Add File: real\n+n\n", "*** Delete File: real\n",
      "*** Update File: real\n@@\n-x\n+y\n", "*** Add File: real/x.txt/y\n+n\n",
      "*** Add File: ../outside\n+n\n",
      "*** Update File: nope\n@@\n-x\n+y\n", "*** Delete File: /no-such-directory/x\n",
    ] {
      #expect(throws: WorkspaceError.self, "\(body)") { try apply(body) }
    }
    #expect(!directory.exists("outside"))
  }
}
