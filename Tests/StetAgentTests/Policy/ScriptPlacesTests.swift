import Glibc
import StetTestSupport
import Testing

@testable import StetAgent

/// Rules of a project and scripts that leave it (S4).
struct ScriptPlacesTests {
  private let project = TempDirectory("project")
  private let rules = TempDirectory("rules")

  private func ruling(_ script: String, _ rule: PrefixRule) throws -> Ruling? {
    let book = RuleBook(directory: rules.path)
    try book.remember([rule])
    return book.rulings(on: ShellScript(script), cwd: RealPath.of(project.path)).last ?? nil
  }

  @Test(
    "S4: behind a change of directory a project's rule allows nothing, unless the place is surely the project's",
    arguments: [
      ("make", true), ("ls && make", true), ("cd sub && make", true), ("cd ./sub/deep; cd x | make", true),
      ("cd /etc && make", false), ("cd .. && make", false), ("cd sub/../.. && make", false),
      ("cd && make", false), ("cd - && make", false), ("cd -P / && make", false), ("cd ~ && make", false),
      ("cd link && make", false), ("cd s* && make", false), ("pushd sub && make", false),
      ("pushd /etc && popd && make", false), ("command cd / && make", false), ("eval cd / ; make", false),
      // What ran before may have put a link there.
      ("ln -s / new && cd new && make", false), ("cd sub && ls && make", true),
      ("cd sub && ls && cd deep && make", false),
    ])
  func s4_changedDirectory(_ script: String, _ holds: Bool) throws {
    project.makeDirectory("sub/deep")
    symlink("/etc", project.path("link"))
    let rule = PrefixRule(pattern: ["make"], project: RealPath.of(project.path))
    #expect(try ruling(script, rule) == (holds ? .allow(outsideSandbox: false) : nil))
    // One that holds everywhere does so there too.
    let everywhere = PrefixRule(pattern: ["make"])
    #expect(try ruling(script, everywhere) == .allow(outsideSandbox: false))
  }

  @Test("S4: what a project's rule forbids stays forbidden behind a change of directory")
  func s4_forbidden() throws {
    let rule = PrefixRule(pattern: ["make"], decision: .forbidden, project: RealPath.of(project.path))
    for script in ["make", "cd sub && make", "cd / && make", "popd; make"] {
      #expect(try ruling(script, rule) == .forbidden, "\(script)")
    }
  }

  @Test("S4: a rule for a folder below does not hold while the change may have failed")
  func s4_below() throws {
    project.makeDirectory("sub")
    let rule = PrefixRule(pattern: ["make"], project: RealPath.of(project.path("sub")))
    #expect(try ruling("cd sub; make", rule) == nil)
  }
}
