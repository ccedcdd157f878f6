import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

/// Reads and searches that follow each other stand in one line (issue 7).
@Suite("issue 7: looks in one line") struct QuietGroupTests {
  private static func read(_ name: String, id: String, _ status: CommandExecutionStatus = .completed)
    -> ThreadItem
  {
    let action = CommandAction.read(
      .init(command: "cat \(name)", name: name, path: "/home/user/project/\(name)"))
    return Session.command(
      "cat \(name)", id: id, status: status, output: "text of \(name)", exit: status == .failed ? 1 : 0,
      actions: [action])
  }

  private static func search(_ query: String, id: String) -> ThreadItem {
    let action = CommandAction.search(.init(command: "rg \(query)", path: nil, query: query))
    return Session.command("rg \(query)", id: id, status: .completed, output: "x", exit: 0, actions: [action])
  }

  private static func session(_ columns: Int = 100, reads: Int = 3) -> Session {
    var s = Session.open(columns, 30)
    s.startTurn()
    s.user("look around")
    for number in 0..<reads { s.complete(read("f\(number).swift", id: "r\(number)")) }
    s.complete(search("zone", id: "s"))
    s.agent("that is all")
    s.endTurn()
    return s
  }

  private func looks(_ s: Session) -> [String] {
    s.picture().surface.rows.filter { $0.contains("◦") }
  }

  @Test("all of them are one line that grows, and what is not quiet stands for itself")
  func one() {
    var s = Session.open()
    s.startTurn()
    s.complete(Self.read("a", id: "1"))
    s.frame()
    #expect(looks(s).count == 1 && s.shows("Read a") && !s.shows("look"))
    s.complete(Self.read("b", id: "2"))
    s.complete(Self.read("a", id: "3"))
    s.complete(Self.search("zone", id: "4"))
    s.frame()
    #expect(looks(s).count == 1 && s.shows("Read a, b · Searched zone") && s.shows("4 looks"))
    s.complete(Self.read("gone", id: "5", .failed))
    s.complete(Self.read("c", id: "6"))
    s.frame()
    #expect(looks(s).count == 2 && s.shows("exit 1") && s.shows("text of gone"))
  }

  @Test("enter gives each its own line, enter again its output; z puts them together")
  func unfold() {
    var s = Self.session()
    s.press(Key(.escape), Key("k"))
    s.frame()
    #expect(s.state.selectedItem?.id == "s")
    s.press(Key(.enter))
    #expect(looks(s).count == 4 && !s.shows("looks"))
    s.press(Key("k"), Key(.enter))
    #expect(s.shows("text of f2.swift") && !s.shows("text of f1.swift"))
    s.press(Key("z"))
    #expect(looks(s).count == 1 && s.shows("4 looks"))
    // The other way round, everything opens.
    s.press(Key("z"))
    #expect(s.shows("text of f0.swift") && s.shows("text of f2.swift"))
  }

  @Test("one step of the keys, one copy, one page")
  func asOne() {
    var s = Self.session()
    _ = s.taken()
    s.press(Key(.escape), Key("k"), Key("y"))
    let copied = s.taken().compactMap { if case .copy(let text) = $0 { text } else { nil } }
    #expect(copied.first?.contains("text of f0.swift") == true && copied.first?.contains("rg zone") == true)
    s.press(Key("o"))
    s.frame()
    #expect(s.shows("cat f0.swift") && s.shows("cat f2.swift") && s.shows("rg zone"))
    s.press(Key("q"), Key("k"))
    #expect(s.state.selectedItem?.id == "u1")
    s.press(Key("j"))
    #expect(s.state.selectedItem?.id == "s")
  }

  @Test("what is selected stays on the screen while the line grows")
  func growing() {
    var s = Session.open()
    s.startTurn()
    s.complete(Self.read("a", id: "1"))
    s.complete(Self.read("b", id: "2"))
    s.endTurn()
    s.press(Key(.escape))
    #expect(s.state.selectedItem?.id == "2")
    s.startTurn()
    s.complete(Self.read("c", id: "3"))
    #expect(s.state.selectedItem?.id == "3")
  }

  @Test(
    "any width, any number: no line is too long and each entry is told of once",
    arguments: [1, 99, 100, 101, 250])
  func sweep(_ count: Int) {
    for columns in [20, 40, 80, 200] {
      var s = Self.session(columns, reads: count)
      let surface = s.frame().surface
      #expect(surface.size.columns == columns)
      var told = 0
      for index in s.state.transcript.items.indices
      where !QuietGroup.isAbsorbed(index, s.state.transcript.items) {
        let group = QuietGroup.members(endingAt: index, s.state.transcript.items)
        #expect(group.count <= QuietGroup.most)
        told += group.count
      }
      #expect(told == s.state.transcript.items.count)
    }
  }
}
