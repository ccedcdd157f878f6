import Testing

@testable import StetAgent

@Suite struct ShellScriptTests {
  @Test(arguments: [
    ("ls -la", [["ls", "-la"]]),
    (
      "cd src && rg 'a b' | head -5; wc -l x",
      [["cd", "src"], ["rg", "a b"], ["head", "-5"], ["wc", "-l", "x"]]
    ),
    ("echo \"a b\"c'd'", [["echo", "a bcd"]]),
    ("a\nb\n", [["a"], ["b"]]),
    ("echo a\\ b", [["echo", "a b"]]),
    ("echo ''", [["echo", ""]]),
    ("false || true", [["false"], ["true"]]),
    ("printf '[%s]' -v", [["printf", "[%s]", "-v"]]), ("test x = '[a]'", [["test", "x", "=", "[a]"]]),
  ])
  func takesPlainCommandsApart(_ script: String, _ expected: [[String]]) {
    #expect(ShellScript(script).commands == expected)
  }

  @Test(
    "S2: what is more than plain words can't be matched by a rule",
    arguments: [
      "echo $(rm x)", "echo `rm x`", "echo $HOME", "echo \"$HOME\"", "cat < a", "echo a > b", "(ls)",
      "{ ls; }", "ls &",
      "A=b ls", "./*.sh", "~/x", "echo 'open", "echo \"open", "if true; then ls; fi", "! ls", "ls # rm",
      "a && ", "| a",
      "a ; ; b", "ls \\\n -l", "echo a |& b", "a &&& b", "a ||| b", "time rm x", "echo \u{01}", "", "   ",
      "echo a{b,c}", "echo \"`id`\"", "echo \"\\$x\"", "./cat x", "/tmp/cat x", "/usr/../tmp/cat x",
      "/bin/./sh x", "g\u{456}t status", "ls\u{A0}-l", "echo a\u{202E}b", "echo 'a\u{200B}b'",
      "echo \"a\u{2066}b\"", "echo \\\u{200D}b", "echo a\u{2028}rm x", "echo a\u{2800}b",
      "echo 'a\u{1D159}b'",
      "printf -v 'a[$(id)]' x", "printf -va x", "test -v 'a[$(id)]'", "true && test ! -v 'a[`id`]'",
      "read 'a[$(id)]'", "unset 'a[$(id)]'", "export 'a[$(id)]'", "let 'a[$(id)]'",
    ])
  func s2_opaqueScripts(_ script: String) {
    #expect(ShellScript(script).opaqueReason != nil)
    #expect(ShellScript(script).commands.isEmpty)
  }

  @Test("S2: more than 32 commands are not looked at") func s2_tooManyCommands() {
    #expect(ShellScript(Array(repeating: "ls", count: 32).joined(separator: ";")).opaqueReason == nil)
    #expect(ShellScript(Array(repeating: "ls", count: 33).joined(separator: ";")).opaqueReason != nil)
  }

  @Test func partsKnowWhereTheyStand() {
    let text = "cd 'ä b' && rg x|head -5 ;\n wc \"l\" "
    let script = ShellScript(text)
    #expect(
      script.ranges.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) } == [
        "cd 'ä b'", "rg x", "head -5", "wc \"l\"",
      ])
    #expect(!script.hasPatterns && ShellScript("ls *.c").hasPatterns && !ShellScript("ls '*'").hasPatterns)
  }

  @Test func quotingReadsBackAsTheSameWords() {
    let words = ["a b", "it's", "", "$x", "plain-1.2/3", "\n", "é", "a'\u{301}b"]
    #expect(ShellScript(ShellQuoting.join(words)).commands == [words])
  }
}
