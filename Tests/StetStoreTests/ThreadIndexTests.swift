import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct ThreadIndexTests {
  let directory = TempDirectory()
  var path: String { directory.path("state/index.db") }

  static func summary(_ id: String, at ms: Int64, _ change: (inout ThreadSummary) -> Void = { _ in })
    -> ThreadSummary
  {
    var summary = ThreadSummary(
      id: id, path: "/threads/\(id).jsonl", cwd: "/code", modelProvider: "openai", createdAtMs: ms)
    summary.turns = 1
    summary.preview = "first text of \(id)"
    change(&summary)
    return summary
  }

  func ids(_ index: ThreadIndex, _ change: (inout ThreadQuery) -> Void = { _ in }) throws -> [String] {
    var query = ThreadQuery()
    change(&query)
    return try index.list(query).threads.map(\.id)
  }

  @Test func whatGoesInComesOut() throws {
    let index = try ThreadIndex(path: path)
    let full = Self.summary("a", at: 1_763_717_400_250) {
      $0.name = "naïve 名前\u{0}x"
      $0.model = "gpt-5.5"
      $0.reasoningEffort = "high"
      $0.updatedAtMs += 5000
      $0.recencyAtMs += 6000
      $0.turns = 12
      $0.source = "exec"
      $0.archived = true
      $0.cliVersion = "0.1.0"
      $0.originator = "stet"
      $0.gitSha = "abc"
      $0.gitBranch = "main"
      $0.gitOriginURL = "ssh://host/repo"
      $0.forkedFromId = "z"
    }
    try index.upsert(full)
    #expect(try index.get(id: "a") == full)
    #expect(full.createdAt == 1_763_717_400)
    let bare = Self.summary("a", at: 5)
    try index.upsert(bare)
    #expect(try ThreadIndex(path: path).get(id: "a") == bare)
    try index.remove(id: "a")
    #expect(try index.get(id: "a") == nil)
  }

  @Test func listsAreFilteredAndSorted() throws {
    let index = try ThreadIndex(path: path)
    try index.upsert(Self.summary("a", at: 1000) { $0.updatedAtMs = 9000 })
    try index.upsert(Self.summary("b", at: 2000) { $0.cwd = "/code/sub" })
    try index.upsert(Self.summary("c", at: 3000) { $0.name = "Fix Dates" })
    try index.upsert(Self.summary("d", at: 4000) { $0.archived = true })
    try index.upsert(Self.summary("e", at: 5000) { $0.modelProvider = "ollama" })
    #expect(try ids(index) == ["e", "c", "b", "a"])
    #expect(try ids(index) { $0.direction = .ascending } == ["a", "b", "c", "e"])
    #expect(try ids(index) { $0.sortKey = .updatedAt } == ["a", "e", "c", "b"])
    #expect(try ids(index) { $0.archived = true } == ["d"])
    #expect(try ids(index) { $0.cwds = ["/code"] } == ["e", "c", "a"])
    #expect(try ids(index) { $0.cwds = ["/code/sub", "/none"] } == ["b"])
    #expect(try ids(index) { $0.cwds = [] } == [])
    #expect(try ids(index) { $0.searchTerm = "Dates" } == ["c"])
    #expect(try ids(index) { $0.searchTerm = "dates" } == [])
    #expect(try ids(index) { $0.searchTerm = "text of" } == ["e", "b", "a"])
    #expect(try ids(index) { $0.searchTerm = "%" } == [])
    #expect(try ids(index) { $0.modelProviders = ["ollama"] } == ["e"])
    #expect(try ids(index) { $0.modelProviders = [] } == ["e", "c", "b", "a"])
    #expect(try ids(index) { $0.excludedIds = ["e", "a"] } == ["c", "b"])
    #expect(try ids(index) { $0.sources = ["exec"] } == [])
    #expect(try ids(index) { $0.limit = 0 } == [])
  }

  @Test("A9: a thread without a turn is known by its id but not listed") func a9_noTurn() throws {
    let index = try ThreadIndex(path: path)
    try index.upsert(Self.summary("a", at: 1000) { $0.turns = 0 })
    #expect(try ids(index) == [])
    #expect(try ids(index) { $0.includesEmpty = true } == ["a"])
    #expect(try index.get(id: "a") != nil)
  }

  @Test(arguments: [1, 2, 3, 7], [ThreadQuery.Direction.ascending, .descending])
  func pagesGiveEveryThreadOnce(limit: Int, direction: ThreadQuery.Direction) throws {
    let index = try ThreadIndex(path: path)
    // Several threads share each millisecond.
    for number in 0..<20 { try index.upsert(Self.summary("t\(number)", at: Int64(number / 3))) }
    var query = ThreadQuery()
    query.limit = limit
    query.direction = direction
    let first = try index.list(query)
    var page = first
    var seen = page.threads.map(\.id)
    while let cursor = page.nextCursor {
      query.cursor = cursor
      page = try index.list(query)
      #expect(!page.threads.isEmpty)
      seen += page.threads.map(\.id)
    }
    #expect(seen.count == 20 && Set(seen).count == 20)
    query.cursor = page.backwardsCursor
    query.direction = direction == .ascending ? .descending : .ascending
    let back = try index.list(query).threads.map(\.id)
    let before = seen.prefix(20 - page.threads.count)
    #expect(back == Array(before.suffix(limit).reversed()))
    query.cursor = first.backwardsCursor
    #expect(try index.list(query).threads.isEmpty)
  }

  @Test func cursorsAreTimestampsAndOthersAreRefused() throws {
    let index = try ThreadIndex(path: path)
    for number in 1...3 { try index.upsert(Self.summary("t\(number)", at: Int64(number) * 1000)) }
    #expect(try ids(index) { $0.cursor = "1970-01-01T00:00:03.000Z" } == ["t2", "t1"])
    for cursor in ["", "x", "1970-01-01", "1970-01-01T00:00:03Z|t1"] {
      #expect(throws: StoreError.self) { try ids(index) { $0.cursor = cursor } }
    }
  }
}
