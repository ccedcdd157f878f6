import StetTestSupport
import StetWorkspace
import Testing

/// Patches from anywhere, read for looking at. Untrusted.
@Suite struct UnifiedPatchTests {
  private func changes(_ patch: String) throws -> [FileChange] { try UnifiedPatch.changes(Array(patch.utf8)) }

  @Test("git's own patches: hunks keep their numbers; new, deleted, renamed, executable and binary files")
  func git() throws {
    let repository = try TempRepository()
    let old = (1...40).map { "line \($0)\n" }.joined()
    repository.directory.write("a.txt", old)
    repository.directory.write("gone.txt", "gone\n")
    repository.directory.write("old name.txt", old)
    repository.directory.write("bin", bytes: [0, 1])
    repository.directory.write("run.sh", "x\n")
    try repository.commitAll()
    repository.directory.write(
      "a.txt", old.replacing("line 5\n", with: "five\n").replacing("line 35\n", with: "") + "no end")
    repository.directory.write("née.txt", "new\n")
    repository.directory.write("bin", bytes: [0, 2])
    repository.directory.write("run.sh", "x\n", mode: 0o755)
    try repository.git("rm", "-q", "gone.txt")
    try repository.git("mv", "old name.txt", "new name.txt")
    try repository.git("add", "-A")
    let found = try changes(try repository.git("diff", "--cached", "-M"))
    #expect(
      found.map(\.spelled) == ["a.txt", "bin", "gone.txt", "new name.txt", "née.txt", "run.sh"])
    let proposal = try Proposal(found[0])
    #expect(proposal.hunks().map(\.baseStart) == [2, 32])
    #expect(found[0].proposed.bytes.suffix(6) == Array("no end".utf8))
    #expect(try Proposal(found[1]).kind == .binary)
    #expect(found[2].proposed == .absent && found[4].base == .absent)
    #expect(found[3].path == "old name.txt" && found[3].movePath == "new name.txt")
    #expect(found[5].base.mode == 0o644 && found[5].proposed.mode == 0o755)
  }

  @Test("a plain diff, with times and without prefixes")
  func plain() throws {
    let found = try changes(
      "--- x.c\t2026-01-01 00:00:00\n+++ x.c\t2026-01-02 00:00:00\n@@ -3 +3,2 @@ main\n-a\n+b\n+c\n")
    #expect(found.map(\.path) == ["x.c"])
    #expect(
      found[0].base.bytes == Array("\n\na\n".utf8) && found[0].proposed.bytes == Array("\n\nb\nc\n".utf8))
  }

  @Test(
    "what is no patch, or lies about its lines, is an error and no crash",
    arguments: [
      "", "hello\n", "--- a\n+++ b\n@@ nonsense @@\n", "--- a\n+++ b\n@@ -1,5 +1,5 @@\n a\n",
      "--- a\n+++ b\n@@ -99999999999999999999 +1 @@\n-a\n+a\n", "--- a\n+++ b\n@@ -1 +9 @@\n-a\n+b\n",
      "--- a\n+++ b\n@@ -5 +5 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\nxyz\n",
      "@@ -1 +1 @@\n-a\n+b\n",
    ])
  func broken(_ patch: String) { #expect(throws: WorkspaceError.self) { try changes(patch) } }

  @Test("small files that each begin at line two million are refused before they are made")
  func manyFarFiles() {
    let patch = (0..<2_000).map { "--- \($0)\n+++ \($0)\n@@ -2000000,1 +2000000,1 @@\n-a\n+b\n" }.joined()
    let error = #expect(throws: WorkspaceError.self) { try changes(patch) }
    #expect(error?.code == .tooLarge)
    let ordinary = (0..<2_000).map { "--- \($0)\n+++ \($0)\n@@ -900,1 +900,1 @@\n-a\n+b\n" }.joined()
    #expect((try? changes(ordinary))?.count == 2_000)
  }
}
