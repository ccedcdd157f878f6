import StetProtocol
import Testing

@testable import StetUI

/// The interface on a server that is not its own: reached by an address or a command, lost, back again, or Codex's.
@Suite("protocol.md §7: other servers") struct OtherServerTests {
  private func facts(_ place: String, isReturn: Bool = false, stet: Bool = true) -> ServerFacts {
    var facts = ServerFacts(serverVersion: stet ? "1.0" : "", hunkReview: stet, snapshots: stet)
    facts.place = place
    facts.isReturn = isReturn
    return facts
  }

  private func open(_ facts: ServerFacts) -> Session {
    var s = Session()
    s.send(.connected(facts))
    s.send(.setup(.ready))
    return s
  }

  private func starts(_ requests: [ClientRequest]) -> [ThreadStartParams] {
    requests.compactMap { if case .threadStart(let params) = $0 { params } else { nil } }
  }

  @Test("the screen says which server it is on")
  func place() {
    var s = open(facts("ssh build stet app-server"))
    #expect(s.shows("on ssh build stet app-server"))
    s.reply(.threadStart, Session.startResponse())
    #expect(s.shows("stet @ ssh build stet app-server"))
    s.size.columns = 40
    #expect(!s.shows("@ ssh"))
  }

  @Test("where the server's directory is its own, none is sent, and its answer is believed")
  func directory() throws {
    var other = facts("ssh build stet app-server")
    other.choosesDirectory = true
    var s = open(other)
    #expect(try #require(starts(s.requests()).first).cwd == nil)
    var response = Session.startResponse()
    response.cwd = "/srv/code"
    s.reply(.threadStart, response)
    #expect(s.shows("/srv/code"))
    var here = open(facts("unix://"))
    #expect(try #require(starts(here.requests()).first).cwd == "/home/user/project")
    other.directory = "/srv/other"
    other.choosesDirectory = false
    here = open(other)
    #expect(try #require(starts(here.requests()).first).cwd == "/srv/other")
  }

  @Test("a server without hunk review is asked for a sandbox that may not write, and that is called ask")
  func plainServer() throws {
    var s = open(facts("codex app-server", stet: false))
    let params = try #require(starts(s.requests()).first)
    #expect(params.sandbox == .readOnly)
    #expect(params.stet == nil)
    var response = Session.startResponse()
    response.sandbox = .readOnly(networkAccess: false)
    s.reply(.threadStart, response)
    #expect(s.state.thread?.mode == .ask)
    s.type("/undo")
    s.press(Key(.enter))
    #expect(s.shows("this server keeps no snapshots"))
  }

  @Test("a lost server that listens is being tried; what is shown stays, and nothing is said twice")
  func trying() {
    var s = open(facts("unix://"))
    s.reply(.threadStart, Session.startResponse())
    s.startTurn()
    s.user("do it")
    s.send(.clientClosed("the connection was cut", .trying))
    #expect(s.shows("Disconnected: the connection was cut"))
    #expect(s.shows("Trying to come back"))
    #expect(s.shows("do it"))
    #expect(s.state.turn == nil)
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(!s.taken().contains { if case .reconnect = $0 { true } else { false } })
  }

  @Test("back again, the open thread is joined anew and shows what the server says")
  func back() throws {
    var s = open(facts("unix://"))
    s.reply(.threadStart, Session.startResponse())
    s.startTurn()
    s.user("do it")
    s.agent("half of an ans")
    s.type("typed meanwhile")
    s.send(.clientClosed("the connection was cut", .trying))
    _ = s.taken()
    s.send(.connected(facts("unix://", isReturn: true)))
    s.send(.setup(.ready))
    let resumed = s.requests().compactMap { request -> String? in
      if case .threadResume(let params) = request { params.threadId } else { nil }
    }
    #expect(resumed == [Session.threadId])
    #expect(s.shows("half of an ans"))
    let turn = Session.turn(
      "U1", .completed, [.agentMessage(.init(id: "m1", text: "The whole answer."))])
    s.reply(.threadResume, Session.resumeResponse(Session.thread(turns: [turn])))
    #expect(s.shows("The whole answer."))
    #expect(!s.shows("half of an ans"))
    #expect(!s.shows("disconnected"))
    #expect(s.state.composer.text == "typed meanwhile")
  }

  @Test("when it does not come back by itself, /reconnect asks for it once")
  func byKey() {
    var s = open(facts("codex app-server"))
    s.reply(.threadStart, Session.startResponse())
    s.send(.clientClosed("`codex app-server` ended with exit code 1: out of tokens", .byKey))
    #expect(s.shows("ended with exit code 1: out of tokens"))
    #expect(s.shows("/reconnect"))
    _ = s.taken()
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(s.taken().count { if case .reconnect = $0 { true } else { false } } == 1)
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(!s.taken().contains { if case .reconnect = $0 { true } else { false } })
  }

  @Test("a server that was never there is told of, and /reconnect tries again")
  func neverThere() {
    var s = Session()
    s.send(.clientClosed("unix:///x: no server listens there", .byKey))
    #expect(s.shows("Not connected: unix:///x: no server listens there"))
    _ = s.taken()
    s.type("/reconnect")
    s.press(Key(.enter))
    #expect(s.taken().contains { if case .reconnect = $0 { true } else { false } })
    s.send(.connected(facts("unix:///x", isReturn: true)))
    s.send(.setup(.ready))
    #expect(starts(s.requests()).count == 1)
  }

  @Test("files for the composer are looked for by the server, where the agent works")
  func files() throws {
    var s = open(facts("ssh build stet app-server"))
    s.reply(.threadStart, Session.startResponse())
    _ = s.taken()
    s.type("@Da")
    let search = s.requests().compactMap { request -> FuzzyFileSearchParams? in
      if case .fuzzyFileSearch(let params) = request { params } else { nil }
    }
    #expect(search.last?.query == "Da" && search.last?.roots == ["/home/user/project"])
    let found = FuzzyFileSearchResult(
      root: "/home/user/project", path: "Sources/Date.swift", matchType: .file, fileName: "Date.swift",
      score: 9)
    s.reply(.files(query: "Da"), FuzzyFileSearchResponse(files: [found]))
    #expect(s.shows("Sources/Date.swift"))
    s.fail(.files(query: "Da"), "unknown variant")
    #expect(s.shows("@Da"))
  }
}
