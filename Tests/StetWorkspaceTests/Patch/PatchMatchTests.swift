import StetWorkspace
import Testing

/// How hunks find their place and what they leave of the file.
struct PatchMatchTests {
  private let counted = (1...10).map { "line \($0)\n" }.joined()

  private func refused(_ text: String, _ hunks: String) -> WorkspaceError.Code? {
    #expect(throws: WorkspaceError.self) { try MemoryTree.update(text, hunks) }?.code
  }

  @Test("context finds the place, the first of several; a header moves the search past it")
  func place() throws {
    #expect(try MemoryTree.update("a\nb\na\nb\n", "@@\n a\n-b\n+B\n") == "a\nB\na\nb\n")
    let text = "class X\n  run\nclass Y\n  run\n"
    #expect(
      try MemoryTree.update(text, "@@ class Y\n-  run\n+  walk\n") == "class X\n  run\nclass Y\n  walk\n")
    // A header may lack the indentation.
    #expect(try MemoryTree.update("  def x:\n    1\n", "@@ def x:\n-    1\n+    2\n") == "  def x:\n    2\n")
    #expect(refused("a\n", "@@ nowhere\n-a\n+b\n") == .noMatch)
  }

  @Test("hunks are matched against the original, each after the one before")
  func successive() throws {
    #expect(try MemoryTree.update("x\nx\nx\n", "@@\n-x\n+1\n@@\n-x\n+2\n@@\n-x\n+3\n") == "1\n2\n3\n")
    #expect(
      try MemoryTree.update("alpha\nbeta\n", "@@\n-alpha\n+beta\n@@\n-beta\n+gamma\n") == "beta\ngamma\n")
    #expect(refused("alpha\n", "@@\n-alpha\n+beta\n@@\n-beta\n+gamma\n") == .noMatch)
    #expect(refused(counted, "@@\n-line 1\n+one\n@@\n-line 22\n+x\n") == .noMatch)
  }

  @Test("exact beats trailing blanks beats outer blanks beats folded punctuation, each over the whole file")
  func passes() throws {
    #expect(try MemoryTree.update("  v\nx\nv\n", "@@\n-v\n+V\n") == "  v\nx\nV\n")
    #expect(try MemoryTree.update("a  \nb\t\n", "@@\n a\n-b\n+B\n") == "a  \nB\n")
    #expect(try MemoryTree.update("a\n    \nb\n", "@@\n a\n\n-b\n+B\n") == "a\n    \nB\n")
    #expect(
      try MemoryTree.update("\u{201C}x\u{201D} \u{2013} y\nz\n", "@@\n \"x\" - y\n-z\n+Z\n")
        == "\u{201C}x\u{201D} \u{2013} y\nZ\n")
    #expect(try MemoryTree.update("a\u{A0}b\n", "@@\n-a b\n+c\n") == "c\n")
    #expect(refused("wait\u{2026}\n", "@@\n-wait...\n+go\n") == .noMatch)
    #expect(refused("\u{AB}x\u{BB}\n", "@@\n-\"x\"\n+y\n") == .noMatch)
  }

  @Test("canonically equivalent text is other text, in content and in names")
  func normalForms() throws {
    #expect(refused("caf\u{E9}\n", "@@\n-cafe\u{301}\n+x\n") == .noMatch)
    #expect(try MemoryTree.update("caf\u{E9}\ncafe\u{301}\n", "@@\n-cafe\u{301}\n+x\n") == "caf\u{E9}\nx\n")
    #expect(
      try MemoryTree.update("\u{301}a\n\u{200D}b\n", "@@\n-\u{301}a\n+\u{308}c\n \u{200D}b\n")
        == "\u{308}c\n\u{200D}b\n")
  }

  @Test("only LF, CRLF and CR end a line")
  func separators() throws {
    #expect(
      try MemoryTree.update(
        "a\u{2028}b\u{85}c\u{B}d\u{C}e\nx\n", "@@\n a\u{2028}b\u{85}c\u{B}d\u{C}e\n-x\n+y\n")
        == "a\u{2028}b\u{85}c\u{B}d\u{C}e\ny\n")
    #expect(try MemoryTree.update("one\rtwo\rthree", "@@\n-two\n+TWO\n") == "one\rTWO\rthree")
    #expect(try MemoryTree.update("a\nb\rx\nc\n", "@@\n-x\n+X\n") == "a\nb\rX\nc\n")
  }

  @Test("End of File selects the last place and is enforced; an empty last line that is not there is dropped")
  func endOfFile() throws {
    #expect(
      try MemoryTree.update("end\nmid\nend\n", "@@\n-end\n+END\n*** End of File\n") == "end\nmid\nEND\n")
    #expect(refused(counted, "@@\n-line 4\n+x\n*** End of File\n") == .noMatch)
    #expect(refused(counted, "@@\n-line 10\n+x\n*** End of File\n@@\n-line 2\n+y\n") == .noMatch)
    #expect(try MemoryTree.update("a\nb\n", "@@\n-b\n+B\n \n*** End of File\n") == "a\nB\n")
    #expect(try MemoryTree.update("", "@@\n-\n+text\n") == "text\n")
  }

  @Test("lines alone go to the end, with a newline before them where one is missing")
  func appends() throws {
    #expect(try MemoryTree.update("a\n", "@@\n+b\n") == "a\nb\n")
    #expect(try MemoryTree.update("a", "@@\n+b\n") == "a\nb\n")
    #expect(try MemoryTree.update("", "@@\n+b\n+\n+c\n") == "b\n\nc\n")
  }

  @Test("removing every line leaves an empty file; a deletion needs no context")
  func removals() throws {
    #expect(try MemoryTree.update("a\nb\n", "@@\n-a\n-b\n") == "")
    #expect(try MemoryTree.update("a\nb\nc\n", " a\n-b\n c\n") == "a\nc\n")
  }

  @Test("new lines take the line end of what they replace; the patch's own line ends do not matter")
  func lineEnds() throws {
    #expect(try MemoryTree.update("a\r\nb\r\n", "@@\n a\n-b\n+B\n+C\n") == "a\r\nB\r\nC\r\n")
    #expect(try MemoryTree.update("a\nb\n", "@@\r\n a\r\n-b\r\n+B\r\n") == "a\nB\n")
    #expect(try MemoryTree.update("a\r\nb\ng\r\nd\n", "@@\n b\n-g\n+G\n d\n") == "a\r\nb\nG\r\nd\n")
  }

  @Test("NUL is a character of text; binary files are refused")
  func binary() throws {
    #expect(try MemoryTree.update("a\0b\nc\n", "@@\n a\0b\n-c\n+d\n") == "a\0b\nd\n")
    let tree = MemoryTree(["f": .regular([0x89, 0x50, 0, 10, 97, 10])])
    let error = #expect(throws: WorkspaceError.self) {
      try tree.patched("*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\n*** End Patch")
    }
    #expect(error?.code == .wrongKind)
  }

  @Test("what is not found is named, with the nearest lines of the file")
  func hints() throws {
    let error = #expect(throws: WorkspaceError.self) {
      try MemoryTree.update(counted, "@@\n line 3\n-line four\n+x\n")
    }
    #expect(error?.message == "Failed to find expected lines in f:\nline 3\nline four")
    #expect(error?.hint == "The nearest lines of the file are:\n3: line 3\n4: line 4")
  }
}
