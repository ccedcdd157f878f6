import StetTestSupport
import Testing

@testable import StetAgent

@Suite struct RuleTests {
  @Test func aRuleIsWrittenAndReadBack() {
    let rules = [
      PrefixRule(pattern: ["git", "status"]),
      PrefixRule(pattern: ["a\"b", "c\\d", "e\nf", "g'\u{301}h"], decision: .prompt),
      PrefixRule(pattern: ["git", "push"], isExact: true, leavesSandbox: true),
      PrefixRule(pattern: ["x"], decision: .forbidden),
      PrefixRule(pattern: ["y"], project: "/a \"b\"/c", lastDay: "2031-01-31"),
    ]
    for rule in rules { #expect(PrefixRule(line: rule.line) == rule) }
  }

  @Test(arguments: [
    "", "# x", "prefix_rule()", "prefix_rule(pattern=[])", "prefix_rule(pattern=[\"a\"", "rule(\"a\")",
    "prefix_rule(pattern=[\"a\"], decision=\"maybe\")", "prefix_rule(pattern=[\"a\"], other=\"x\")",
    "prefix_rule(pattern=[\"a\"], until=\"soon\")", "prefix_rule(pattern=[\"a\"], project=\"here\")",
    "prefix_rule(pattern=[\"a\"], extent=\"all\")",
  ])
  func whatIsNoRuleIsNotRead(_ line: String) {
    #expect(PrefixRule(line: line) == nil)
  }

  private func offers(_ script: String, outside: Bool = false) -> [[[String]]] {
    RuleOffer.offers(for: ShellScript(script).commands, outside: outside).map { $0.rules.map(\.pattern) }
  }

  @Test(
    "S4: what runs anything is only ever allowed word by word",
    arguments: [
      "bash x y", "sudo x y", "rm x y", "curl x y", "python3 x y", "env x y", "xargs x y", "git -c a=b log",
      "git fetch origin", "git push origin", "git pull origin", "uniq a b", "tree -o x", "file -C x",
      "rg x y", "find . -name y", "npm run x", "sort x y", "curl", "python3",
    ])
  func s4_neverTheBareInterpreter(_ script: String) {
    let offers = RuleOffer.offers(for: ShellScript(script).commands, outside: false)
    #expect(offers.map(\.rules) == [[PrefixRule(pattern: ShellScript(script).commands[0], isExact: true)]])
  }

  @Test("S4: program and subcommand, or the exact words; of a compound each part that no rule covers")
  func s4_offers() {
    #expect(offers("swift test --filter X") == [[["swift", "test"]], [["swift", "test", "--filter", "X"]]])
    #expect(
      offers("cd x && grep y . | head") == [
        [["cd"], ["grep"], ["head"]], [["cd", "x"], ["grep", "y", "."], ["head"]],
      ])
    #expect(offers("cd x && rm y") == [[["cd", "x"], ["rm", "y"]]])
    #expect(
      offers("/usr/bin/git add x") == [
        [["/usr/bin/git", "add"]], [["/usr/bin/git", "add", "x"]],
      ])
    #expect(offers("git push", outside: true) == [[["git", "push"]]])
    let outside = RuleOffer.offers(for: [["git", "push"]], outside: true)
    #expect(
      outside.first?.rules == [PrefixRule(pattern: ["git", "push"], isExact: true, leavesSandbox: true)])
  }

  @Test("S4: the rule is shown as it will hold") func s4_text() {
    #expect(PrefixRule(pattern: ["git", "add"]).text == "git add …")
    #expect(PrefixRule(pattern: ["git", "add", "a b"], isExact: true).text == "git add 'a b'")
  }

  @Test func everyCommandNeedsARuleAndTheStrictestWins() throws {
    let folder = TempDirectory()
    let book = RuleBook(directory: folder.path + "/rules")
    func ruling(_ script: String, _ book: RuleBook) -> Ruling? {
      book.ruling(on: ShellScript(script), cwd: "/w")
    }
    try book.remember([PrefixRule(pattern: ["git", "status"])])
    try book.remember([PrefixRule(pattern: ["git", "push"], decision: .forbidden)])
    #expect(ruling("git status -s", book) == .allow(outsideSandbox: false))
    #expect(ruling("git statusx", book) == nil)
    #expect(ruling("git status && rm -rf x", book) == nil)
    #expect(ruling("git status > x", book) == nil)
    #expect(ruling("git status; git push", book) == .forbidden)
    let again = RuleBook(directory: folder.path + "/rules")
    #expect(ruling("git status", again) == .allow(outsideSandbox: false))
    #expect(again.notices.isEmpty)
  }

  @Test("S4: a rule holds where and as long as it says, and no longer once it is taken back")
  func s4_scopeExpiryRevocation() throws {
    let folder = TempDirectory()
    let book = RuleBook(directory: folder.path + "/rules")
    folder.write("rules/mine.rules", "# mine\nprefix_rule(pattern=[\"make\"], decision=\"allow\")")
    try book.remember([
      PrefixRule(pattern: ["ls"], project: "/w/a"),
      PrefixRule(pattern: ["wc"], lastDay: CalendarDay.today()),
      PrefixRule(pattern: ["du"], lastDay: CalendarDay.today(plus: -1)),
      PrefixRule(pattern: ["go", "test"], isExact: true, leavesSandbox: true),
    ])
    func ruling(_ script: String, _ cwd: String = "/w/a") -> Ruling? {
      book.ruling(on: ShellScript(script), cwd: cwd)
    }
    #expect(ruling("ls -l", "/w/a/b") == .allow(outsideSandbox: false))
    #expect(ruling("ls -l", "/w/ab") == nil && ruling("ls -l", "/w") == nil)
    #expect(ruling("wc x") != nil && ruling("du x") == nil)
    #expect(ruling("go test") == .allow(outsideSandbox: true))
    #expect(ruling("go test ./x") == nil, "an exact rule is no prefix")
    #expect(ruling("make all") != nil)
    for entry in book.entries where entry.rule.pattern == ["make"] || entry.rule.pattern == ["ls"] {
      try book.revoke(entry)
    }
    #expect(ruling("make all") == nil && ruling("ls -l", "/w/a/b") == nil && ruling("wc x") != nil)
    #expect(folder.text("rules/mine.rules") == "# mine")
    // Another stet, or an editor, takes a rule away.
    folder.write("rules/default.rules", "")
    #expect(ruling("wc x") == nil)
  }

  @Test("S1: a pattern in the words keeps an exact rule from leaving the sandbox") func s1_patterns() throws {
    let folder = TempDirectory()
    let book = RuleBook(directory: folder.path)
    try book.remember([PrefixRule(pattern: ["cp", "*", "/x"], isExact: true, leavesSandbox: true)])
    #expect(book.ruling(on: ShellScript("cp * /x"), cwd: "/w") == .allow(outsideSandbox: false))
    #expect(book.ruling(on: ShellScript("cp '*' /x"), cwd: "/w") == .allow(outsideSandbox: true))
  }
}
