import StetStore
import StetTestSupport
import Testing

/// A store of threads whose records say `item` with `turn`, `id`, `kind` and `text`.
final class SearchedStore: Sendable {
  let directory = TempDirectory("search")
  var indexPath: String { directory.path("index.db") }
  var files: ThreadFiles { ThreadFiles(directory: directory.path("threads")) }

  static let projection = LogProjection(types: ["item", "revert"]) { record in
    if record.type == "revert" {
      return [.cut(turnId: record.payload["turn"]?.stringValue ?? "")]
    }
    return [
      .begin(turnId: record.payload["turn"]?.stringValue ?? ""),
      .add(
        SearchDocument(
          turnId: record.payload["turn"]?.stringValue ?? "", itemId: record.payload["id"]?.stringValue ?? "",
          kind: record.payload["kind"]?.stringValue ?? "agentMessage",
          text: record.payload["text"]?.stringValue ?? "", timeMs: record.timestampMs)),
    ]
  }

  func index(_ name: String = "index.db") throws -> ThreadIndex {
    try ThreadIndex(path: directory.path(name), projection: Self.projection)
  }

  /// A thread with one message for each text, not yet indexed.
  @discardableResult
  func thread(
    _ id: String, _ texts: [String], createdAtMs: Int64 = 1_000,
    change: (inout ThreadSummary) -> Void = { _ in }
  ) throws -> ThreadLog {
    let log = try ThreadLog.create(path: files.path(threadId: id, createdAtMs: createdAtMs))
    var summary = ThreadSummary(
      id: id, path: log.path, cwd: "/code", modelProvider: "mock", createdAtMs: createdAtMs)
    summary.turns = 1
    change(&summary)
    try log.appendSummary(summary, since: nil)
    for (number, text) in texts.enumerated() {
      try say(log, "i\(number)", text, at: createdAtMs + Int64(number))
    }
    return log
  }

  func say(_ log: ThreadLog, _ id: String, _ text: String, at ms: Int64 = 5, kind: String = "agentMessage")
    throws
  {
    try log.append(
      type: "item",
      payload: ["turn": "u-\(id)", "id": .string(id), "kind": .string(kind), "text": .string(text)],
      timestampMs: ms)
  }

  func find(_ text: String, _ change: (inout TextQuery) -> Void = { _ in }) throws -> SearchOutcome {
    var query = TextQuery(text: text)
    change(&query)
    return try ThreadSearch(path: indexPath).find(query)
  }

  func ids(_ text: String, _ change: (inout TextQuery) -> Void = { _ in }) throws -> [String] {
    try find(text, change).threads.map(\.thread.id)
  }
}

@Suite struct SearchTests {
  let store = SearchedStore()

  private func filled() throws -> ThreadIndex {
    let index = try store.index()
    try store.thread(
      "a", ["Rename getUserName to fullName", "done in Sources/App/User.swift"], createdAtMs: 1_000)
    try store.thread("b", ["Über die Straße: naïve 名前検索 \u{1F600} ok"], createdAtMs: 2_000) {
      $0.source = "exec"
      $0.cwd = "/other"
    }
    try store.thread("c", ["a fullname here"], createdAtMs: 3_000) {
      $0.archived = true
      $0.name = "Weekend plans"
    }
    try index.catchUpAll(directory: store.files.directory)
    return index
  }

  @Test("any part of a word or path is found, in any case and script")
  func parts() throws {
    _ = try filled()
    #expect(try store.ids("username") == ["a"])
    #expect(try store.ids("App/User.sw") == ["a"])
    #expect(try store.ids("straße ÜBER") == ["b"])
    #expect(try store.ids("名前") == ["b"])
    #expect(try store.ids("検索") == ["b"])
    #expect(try store.ids("Is not there") == [])
    #expect(try store.ids("fullName") { $0.archived = nil }.sorted() == ["a", "c"])
    #expect(try store.ids("fullName") { ($0.archived, $0.caseSensitive) = (nil, true) } == ["a"])
  }

  @Test("all words must occur in one text; quoted ones stand together")
  func words() throws {
    _ = try filled()
    #expect(try store.ids("fullName rename") == ["a"])
    #expect(try store.ids("rename done") == [])
    #expect(try store.ids("\"to fullname\"") == ["a"])
    #expect(try store.ids("\"fullname to\"") == [])
    #expect(try store.ids("a to") == ["a"])
  }

  @Test("filters: directory, archive, kinds, time, sources, one thread")
  func filters() throws {
    let index = try filled()
    #expect(try store.ids("a") { $0.cwd = "/other" } == ["b"])
    #expect(try store.ids("fullname") { $0.archived = true } == ["c"])
    #expect(try store.ids("ok") { $0.sources = ["exec"] } == ["b"])
    #expect(try store.ids("ok") { $0.sources = ["cli"] } == [])
    #expect(try store.ids("done") { $0.sinceMs = 1_001 } == ["a"])
    #expect(try store.ids("rename") { $0.sinceMs = 1_001 } == [])
    #expect(try store.ids("weekend") { $0.archived = true } == ["c"])
    #expect(try store.ids("weekend") { ($0.archived, $0.kinds) = (true, ["agentMessage"]) } == [])
    #expect(try store.ids("done") { $0.threadId = "b" } == [])
    try store.thread("d", [])
    let log = try ThreadLog.open(path: store.files.path(threadId: "d", createdAtMs: 1_000)).log
    try store.say(log, "x", "rm -rf build", kind: "commandExecution")
    try index.catchUp(path: log.path)
    #expect(try store.ids("build") { $0.kinds = ["commandExecution"] } == ["d"])
    #expect(try store.ids("build") { $0.kinds = ["agentMessage"] } == [])
  }

  @Test("a snippet is one line around the first place; ranges are UTF-16 code units of it")
  func snippets() throws {
    let index = try store.index()
    let lead = String(repeating: "x ", count: 100)
    try store.thread(
      "a", ["\(lead)\u{1F600}\nneedle\u{7} and Needle\(String(repeating: " tail", count: 100))"])
    try index.catchUpAll(directory: store.files.directory)
    let hit = try #require(try store.find("needle").threads.first?.hits.first)
    let text = hit.snippet.text
    #expect(text.hasPrefix("…") && text.hasSuffix("…"))
    #expect(!text.contains("\n") && !text.contains("\u{7}"))
    let units = Array(text.utf16)
    let shown = hit.snippet.ranges.map { String(decoding: units[$0], as: UTF16.self) }
    #expect(shown == ["needle", "Needle"])
  }

  @Test(
    "hostile queries are text, not a language",
    arguments: [
      "\"", "\"\"\"", "a\" OR \"b", "NEAR(x y)", "text:x", "x*", "^x", "-x", "(((", "x\0y",
      "'; DROP TABLE threads", "AND OR NOT",
    ])
  func hostile(_ query: String) throws {
    let index = try store.index()
    try store.thread("a", ["before \(query) after"])
    try index.catchUpAll(directory: store.files.directory)
    if query.contains(where: { $0 != "\"" }) {
      #expect(try store.ids(query) { $0.mode = .literal } == ["a"])
    }
    do {
      _ = try store.ids(query)
    } catch let error as StoreError {
      #expect(error.code == .invalidQuery)
    }
    #expect(try index.counts().threads == 1)
  }

  @Test("an empty or endless query is refused")
  func refused() throws {
    _ = try store.index()
    for text in ["", "  ", String(repeating: "x", count: 1_001)] {
      #expect(throws: StoreError.self) { try store.find(text) }
    }
  }

  @Test("the best thread comes first, and of one thread the texts in their order")
  func order() throws {
    let index = try store.index()
    try store.thread("much", ["needle needle needle", "and a needle"], createdAtMs: 1)
    try store.thread(
      "little", ["hay hay hay \(String(repeating: "hay ", count: 300)) needle"], createdAtMs: 2)
    try index.catchUpAll(directory: store.files.directory)
    let outcome = try store.find("needle")
    #expect(outcome.threads.map(\.thread.id) == ["much", "little"])
    #expect(outcome.threads.first?.hits.map(\.itemId) == ["i0", "i1"])
    #expect(!outcome.isPartial)
  }

  @Test("what is said later is found later; what is taken back is not; a deleted thread is gone")
  func incremental() throws {
    let index = try store.index()
    let log = try store.thread("a", ["first"])
    try index.catchUp(path: log.path)
    #expect(try store.ids("second") == [])
    try store.say(log, "j", "second")
    try index.catchUp(path: log.path)
    #expect(try store.ids("second") == ["a"])
    try log.append(type: "revert", payload: ["turn": "u-j"])
    try index.catchUp(path: log.path)
    #expect(try store.ids("second") == [])
    #expect(try store.ids("first") == ["a"])
    try index.remove(id: "a")
    #expect(try store.ids("first") == [])
    #expect(try index.counts() == (0, 0))
  }
}
