import StetTestSupport
import Testing

@testable import StetAgent

@Suite struct RuleTests {
  @Test func aRuleIsWrittenAndReadBack() {
    let rules = [
      PrefixRule(pattern: ["git", "status"]),
      PrefixRule(pattern: ["a\"b", "c\\d", "e\nf"], decision: .prompt),
      PrefixRule(pattern: ["git", "push"], leavesSandbox: true),
      PrefixRule(pattern: ["x"], decision: .forbidden),
    ]
    for rule in rules { #expect(PrefixRule(line: rule.line) == rule) }
  }

  @Test(arguments: [
    "", "# x", "prefix_rule()", "prefix_rule(pattern=[])", "prefix_rule(pattern=[\"a\"", "rule(\"a\")",
    "prefix_rule(pattern=[\"a\"], decision=\"maybe\")", "prefix_rule(pattern=[\"a\"], other=\"x\")",
  ])
  func whatIsNoRuleIsNotRead(_ line: String) {
    #expect(PrefixRule(line: line) == nil)
  }

  @Test(
    "S4: no rule of one word for what runs anything",
    arguments: ["bash", "sudo", "rm", "curl", "python3", "env", "xargs"])
  func s4_neverTheBareInterpreter(_ name: String) {
    #expect(!PrefixRule.offers(for: [name, "x", "y"]).contains([name]))
    #expect(PrefixRule.offers(for: [name]).isEmpty)
  }

  @Test("S4: program and subcommand, or the exact words") func s4_offers() {
    #expect(
      PrefixRule.offers(for: ["swift", "test", "--filter", "X"]) == [
        ["swift", "test"], ["swift", "test", "--filter", "X"],
      ])
    #expect(
      PrefixRule.offers(for: ["git", "-c", "core.pager=x", "log"]) == [["git", "-c", "core.pager=x", "log"]])
    #expect(PrefixRule.offers(for: ["./build.sh", "x"]).isEmpty)
    #expect(PrefixRule.offers(for: ["sh", "test.sh", "x"]) == [["sh", "test.sh", "x"]])
  }

  @Test func everyCommandNeedsARuleAndTheStrictestWins() throws {
    let folder = TempDirectory()
    let book = RuleBook(directory: folder.path + "/rules")
    try book.remember(PrefixRule(pattern: ["git", "status"]))
    try book.remember(PrefixRule(pattern: ["git", "push"], decision: .forbidden))
    #expect(book.ruling(on: ShellScript("git status -s")) == .allow(outsideSandbox: false))
    #expect(book.ruling(on: ShellScript("git statusx")) == nil)
    #expect(book.ruling(on: ShellScript("git status && rm -rf x")) == nil)
    #expect(book.ruling(on: ShellScript("git status > x")) == nil)
    #expect(book.ruling(on: ShellScript("git status; git push")) == .forbidden)
    let again = RuleBook(directory: folder.path + "/rules")
    #expect(again.ruling(on: ShellScript("git status")) == .allow(outsideSandbox: false))
    #expect(again.notices.isEmpty)
  }
}
