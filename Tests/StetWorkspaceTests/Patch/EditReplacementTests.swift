import StetWorkspace
import Testing

struct EditReplacementTests {
  private func edit(
    _ text: String, _ old: String, _ new: String, all: Bool = false
  ) throws -> String {
    let result = try EditReplacement.propose(Array(text.utf8), old: old, new: new, replaceAll: all)
    return String(decoding: result.bytes, as: UTF8.self)
  }

  private func failure(_ text: String, _ old: String, _ new: String, all: Bool = false) -> WorkspaceError? {
    #expect(throws: WorkspaceError.self) { try edit(text, old, new, all: all) }
  }

  @Test("T2: the exact text is replaced, once or everywhere")
  func t2_exact() throws {
    #expect(try edit("let a = 1\nlet b = 2\n", "a = 1", "a = 10") == "let a = 10\nlet b = 2\n")
    #expect(try edit("x x x", "x", "yy", all: true) == "yy yy yy")
    #expect(try edit("a\nb\nc\n", "a\nb\n", "") == "c\n")
    #expect(try edit("aaa", "aa", "b", all: true) == "ba")
    #expect(
      try EditReplacement.propose([0xFF, 97, 0], old: "a", new: "é", replaceAll: false).bytes == [
        0xFF, 0xC3, 0xA9, 0,
      ])
    #expect(try edit("", "", "new\n") == "new\n")
  }

  @Test("T2: several places are an error that lists their lines")
  func t2_ambiguous() {
    let error = failure("x\ny\nx\n", "x", "z")
    #expect(error?.code == .ambiguous)
    #expect(error?.message == "old_string is found 2 times, at lines 1, 3")
    #expect(
      failure("  a\n  b\nq\n\ta\n\tb\n", "a\nb\n", "c\n")?.message
        == "old_string is found 2 times, at lines 1, 4")
  }

  @Test("T2: one place that differs in outer blanks only is taken, and the new text indented like it")
  func t2_trimmed() throws {
    let text = "class A\n    def f\n        x\n    end\nend\n"
    #expect(
      try edit(text, "def f\n    x\nend", "def f\n    y\n        z\nend")
        == "class A\n    def f\n        y\n            z\n    end\nend\n")
    #expect(try edit("a:\n\tb\n", "a:\n  b\n", "a:\n  d\n") == "a:\n\td\n")
  }

  @Test("T2: nothing found shows the nearest lines with their numbers")
  func t2_missing() {
    let error = failure("one\nlet total = a + b\nthree\n", "let total = a - b", "x")
    #expect(error?.code == .noMatch)
    #expect(error?.hint == "The nearest lines of the file are:\n2: let total = a + b")
    #expect(failure("one\n", "zzz", "x")?.hint == "Nothing in the file resembles it: read the file again.")
    #expect(failure("   \n \n", "\n\n\n\n", "x")?.code == .noMatch)
  }

  @Test("T4: line ends, byte order mark and a missing final newline stay")
  func t4_bytes() throws {
    #expect(try edit("a\r\nb\r\nc\r\n", "a\nb\n", "x\ny\nz\n") == "x\r\ny\r\nz\r\nc\r\n")
    #expect(try edit("\u{FEFF}a\nb", "  b", "c") == "\u{FEFF}a\nc")
    #expect(try edit("\u{FEFF}using A;\n", "using A;", "using B;") == "\u{FEFF}using B;\n")
    #expect(try edit("a\r\nb\n", "b", "c") == "a\r\nc\n")
  }

  @Test("an empty search in a file with content, and a replacement by itself, are refused")
  func senseless() {
    #expect(failure("a", "", "b")?.code == .refused)
    #expect(failure("a", "a", "a")?.code == .refused)
  }
}
