import StetWorkspace
import Testing

/// Where the reference is at fault and stet does better on purpose (T4-T6); the numbers are the scenarios'.
struct PatchRuleTests {
  private func refused(_ tree: MemoryTree, _ patch: String) -> WorkspaceError.Code? {
    #expect(throws: WorkspaceError.self) { try tree.patched("*** Begin Patch\n\(patch)*** End Patch\n") }?
      .code
  }

  private func patched(_ files: [String: String], _ patch: String) throws -> [String: String] {
    try MemoryTree(files).patched("*** Begin Patch\n\(patch)*** End Patch\n").mapValues {
      String(decoding: $0.bytes, as: UTF8.self)
    }
  }

  @Test("T4: a section that fails refuses all of them (083, 104, 144, 146, 149)")
  func t4_allOrNothing() throws {
    let tree = MemoryTree(["a": "a\n", "b": "b\n"])
    #expect(refused(tree, "*** Update File: a\n@@\n-a\n+A\n*** Update File: b\n@@\n-nope\n+x\n") == .noMatch)
    #expect(refused(tree, "*** Delete File: a\n*** Delete File: a\n") == .notFound)
    #expect(refused(tree, "*** Add File: n\n+n\n*** Delete File: nope\n") == .notFound)
    #expect(refused(tree, "*** Delete File: a\n*** Update File: a\n@@\n-a\n+A\n") == .notFound)
    #expect(refused(tree, "*** Add File: s\\n\n+n\n*** Update File: s\\m\n@@\n-a\n+A\n") == .notFound)
  }

  @Test("T4: a missing final newline stays missing (033, 034, 035, 154, 156)")
  func t4_finalNewline() throws {
    #expect(try MemoryTree.update("a\nb\nc", "@@\n-a\n+A\n") == "A\nb\nc")
    #expect(try MemoryTree.update("a\nb", "@@\n a\n-b\n+B\n") == "a\nB")
    #expect(try MemoryTree.update("a", "@@\n-a\n+b\n+c\n") == "b\nc")
    #expect(try MemoryTree.update("a\r\nb", "@@\n-b\n+B\n") == "a\r\nB")
    #expect(try MemoryTree.update("a\nb", "@@\n a\n b\n") == "a\nb")
    #expect(try MemoryTree.update("a\nb\n", "@@\n a\n b\n") == "a\nb\n")
  }

  @Test("T4: diff's remark about the final newline is understood (037)")
  func t4_remark() throws {
    let none = "\\ No newline at end of file\n"
    #expect(try MemoryTree.update("1\n", "@@\n-1\n+2\n\(none)") == "2")
    #expect(try MemoryTree.update("1", "@@\n-1\n\(none)+2\n") == "2\n")
    #expect(try MemoryTree.update("1", "@@\n-1\n\(none)+2\n\(none)") == "2")
    // It says nothing about a place that is not the end.
    #expect(try MemoryTree.update("1\nx\n", "@@\n-1\n+2\n\(none)") == "2\nx\n")
  }

  @Test("T4: the mode moves with the file (113)")
  func t4_modes() throws {
    let tree = MemoryTree(["a.sh": FileState.regular(Array("a\n".utf8), mode: 0o755)])
    let files = try tree.patched(
      "*** Begin Patch\n*** Update File: a.sh\n*** Move to: b.sh\n@@\n-a\n+b\n*** End Patch")
    #expect(files == ["b.sh": .regular(Array("b\n".utf8), mode: 0o755)])
  }

  @Test("T4: a byte order mark is no part of a line and stays (044); one before the patch is ignored (045)")
  func t4_byteOrderMark() throws {
    #expect(
      try MemoryTree.update("\u{FEFF}using A;\nx\n", "@@\n-using A;\n+using B;\n x\n")
        == "\u{FEFF}using B;\nx\n")
    let patch = "\u{FEFF}*** Begin Patch\n*** Add File: n\n+n\n*** End Patch\n"
    #expect(try MemoryTree([String: String]()).patched(patch)["n"] == .regular([110, 10]))
  }

  @Test("T4: bytes that are no UTF-8 stay in lines that the patch does not touch (120)")
  func t4_invalidUTF8() throws {
    let tree = MemoryTree(["f": .regular([0xE9, 10, 97, 10])])
    let files = try tree.patched("*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\n*** End Patch")
    #expect(files["f"]?.bytes == [0xE9, 10, 98, 10])
  }

  @Test("T4: a new line ends as the one it replaces, not as the first of the file (153)")
  func t4_neighbouringEnds() throws {
    #expect(try MemoryTree.update("a\r\nb\nc\nd\n", "@@\n c\n-d\n+D\n") == "a\r\nb\nc\nD\n")
    #expect(try MemoryTree.update("a\r\nb\nc\n", "@@\n b\n+x\n c\n") == "a\r\nb\nx\nc\n")
  }

  @Test("T5: Add over another file is refused, over an equal one accepted (086, 094, 118)")
  func t5_addOver() throws {
    let tree = MemoryTree(["a": "old\n"])
    #expect(refused(tree, "*** Add File: a\n+new\n") == .refused)
    #expect(refused(tree, "*** Add File: n\n+1\n*** Add File: n\n+2\n") == .refused)
    #expect(refused(MemoryTree(["a": .regular([0, 1])]), "*** Add File: a\n+new\n") == .refused)
    #expect(try patched(["a": "old\n"], "*** Add File: a\n+old\n") == ["a": "old\n"])
    // Deleted by the same patch: meant.
    #expect(try patched(["a": "old\n"], "*** Delete File: a\n*** Add File: a\n+new\n") == ["a": "new\n"])
  }

  @Test(
    "T5: a move onto a file is refused, a bare move done, one onto itself keeps the file (075-078, 114)"
  )
  func t5_moves() throws {
    let tree = MemoryTree(["a": "a\n", "b": "b\n"])
    #expect(refused(tree, "*** Update File: a\n*** Move to: b\n@@\n-a\n+A\n") == .refused)
    #expect(refused(tree, "*** Update File: a\n*** Move to: b\n") == .refused)
    #expect(try patched(["a": "a\n"], "*** Update File: a\n*** Move to: c\n") == ["c": "a\n"])
    #expect(try patched(["a": "a\n"], "*** Update File: a\n*** Move to: a\n@@\n-a\n+A\n") == ["a": "A\n"])
  }

  @Test(
    "T6: fences, heredocs, a common indentation are taken off (129-131, 134)",
    arguments: [
      ("```\n", "```"), ("```diff\n", "```\n"), ("apply_patch <<'EOF'\n", "EOF\n"), ("<<EOF\n", "EOF"),
      ("<<\"PATCH\"\n", "PATCH\n"), ("```sh\napply_patch <<'X'\n", "X\n```\n"), ("\n\n", "\n \n"),
    ])
  func t6_wrappers(_ wrapper: (String, String)) throws {
    let patch = "*** Begin Patch\n*** Add File: n\n+n\n*** End Patch\n"
    let tree = MemoryTree([String: String]())
    #expect(try tree.patched(wrapper.0 + patch + wrapper.1)["n"] == .regular([110, 10]))
    let indented = patch.split(separator: "\n").map { "    \($0)\n" }.joined()
    #expect(try tree.patched(indented)["n"] == .regular([110, 10]))
  }

  @Test("T6: a missing End Patch is refused and the last line named")
  func t6_cutOff() throws {
    let error = #expect(throws: WorkspaceError.self) {
      try PatchParser.parse(Array("*** Begin Patch\n*** Add File: n\n+half a li".utf8))
    }
    #expect(error?.code == .patchSyntax && error?.line == 3)
    #expect(error?.message.hasSuffix("got: '+half a li'") == true)
  }

  @Test(
    "stacked headers narrow the search; closed, glued and numbered ones are understood (008, 009, 013-016)")
  func headers() throws {
    let text = "class A\n  def run\n    1\nclass B\n  def run\n    1\n"
    let wanted = "class A\n  def run\n    1\nclass B\n  def run\n    2\n"
    for header in [
      "@@ class B\n@@   def run", "@@ class B @@\n@@ def run", "@@class B", "@@ -6,1 +6,1 @@",
      "@@ -5,2 +5,2 @@ class B",
    ] {
      #expect(try MemoryTree.update(text, "\(header)\n-    1\n+    2\n") == wanted, "\(header)")
    }
    #expect(throws: WorkspaceError.self) { try MemoryTree.update(text, "@@ -3,0 +4,1 @@\n+x\n") }
  }

  @Test("lines under a header alone go right below it (023, 024)")
  func insertBelowHeader() throws {
    #expect(
      try MemoryTree.update("class A\n  x\nclass B\n", "@@ class A\n+  new\n")
        == "class A\n  new\n  x\nclass B\n")
  }

  @Test("hunks out of order, or sharing context, are placed where only one place fits (012, 065-067)")
  func outOfOrder() throws {
    let text = (1...10).map { "line \($0)\n" }.joined()
    let wanted =
      "line 1\nline two\n" + (3...7).map { "line \($0)\n" }.joined() + "line eight\nline 9\nline 10\n"
    #expect(try MemoryTree.update(text, "@@\n-line 8\n+line eight\n@@\n-line 2\n+line two\n") == wanted)
    #expect(try MemoryTree.update("1\n2\n3\n", "@@\n-1\n+one\n 2\n@@\n 2\n-3\n+three\n") == "one\n2\nthree\n")
    #expect(
      try MemoryTree.update("f\n  1\ng\n  2\n", "@@ g\n-  2\n+  two\n@@ f\n-  1\n+  one\n")
        == "f\n  one\ng\n  two\n")
    let error = #expect(throws: WorkspaceError.self) {
      try MemoryTree.update("x\nx\ny\n", "@@\n-y\n+Y\n@@\n-x\n+X\n")
    }
    #expect(error?.code == .ambiguous)
    // Lines that another hunk took are no place.
    #expect(throws: WorkspaceError.self) { try MemoryTree.update("x\ny\n", "@@\n-x\n+1\n-y\n@@\n-x\n+2\n") }
  }

  @Test("new lines get the file's indentation where the patch has another one (047, 049)")
  func reindents() throws {
    #expect(
      try MemoryTree.update("clean:\n\trm x\n", "@@ clean:\n-    rm x\n+    rm y\n+    rm z\n")
        == "clean:\n\trm y\n\trm z\n")
    let python = "    if a:\n        b()\n    c()\n"
    #expect(
      try MemoryTree.update(python, "@@\n if a:\n-    b()\n+    d()\n+        e()\n c()\n")
        == "    if a:\n        d()\n            e()\n    c()\n")
  }
}
