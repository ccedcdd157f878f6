import StetText
import Testing

@Suite struct ScopeTests {
  @Test func namesAreInterned() {
    #expect(Scope("diff.plus") == "diff.plus")
    #expect(Scope("diff.plus") != "diff.minus")
    #expect(Scope("diff.plus.emphasis").name == "diff.plus.emphasis")
  }

  @Test func aScopeFallsBackByDroppingItsLastWord() {
    #expect(Scope("diff.plus.emphasis").parent == "diff.plus")
    #expect(Scope("diff.plus").parent == "diff")
    #expect(Scope("diff").parent == nil)
  }

  @Test func scopesAreMadeOnAnyThread() async {
    let names = await withTaskGroup(of: [Scope].self) { group in
      for _ in 0..<8 { group.addTask { (0..<50).map { Scope("parallel.\($0)") } } }
      var all: [[Scope]] = []
      for await scopes in group { all.append(scopes) }
      return all
    }
    #expect(Set(names).count == 1)
    #expect(names.first?.map(\.name) == (0..<50).map { "parallel.\($0)" })
  }
}
