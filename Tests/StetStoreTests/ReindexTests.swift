import Glibc
import StetStore
import StetTestSupport
import Testing

@Suite struct ReindexTests {
  let store = SearchedStore()

  @Test("R1: an index kept up record by record equals one made from the logs, texts and all")
  func r1_equalResults() throws {
    let kept = try store.index()
    for number in 0..<12 {
      var summary = ThreadSummary(
        id: "t\(number)", path: "", cwd: "/code/\(number % 3)", modelProvider: "mock",
        createdAtMs: Int64(number))
      let log = try ThreadLog.create(path: store.files.path(threadId: summary.id, createdAtMs: Int64(number)))
      try log.appendSummary(summary, since: nil)
      try kept.catchUp(path: log.path)
      for turn in 0..<number {
        let old = summary
        summary.turns += 1
        summary.name = turn % 3 == 1 ? nil : "name \(turn)"
        summary.firstUnread = turn % 2 == 0 ? "u\(turn)" : nil
        summary.readRevision = "r\(turn)"
        try log.appendSummary(summary, since: old)
        try store.say(log, "i\(turn)", "said \(turn) in \(number)", at: Int64(turn))
        if turn == 7 { try log.append(type: "revert", payload: ["turn": "u-i4"]) }
        if turn % 2 == 0 { try kept.catchUp(path: log.path) }
      }
      try kept.catchUp(path: log.path)
    }
    let made = try store.index("other.db")
    #expect(try made.rebuild(from: store.files.directory).isEmpty)
    #expect(try made.digest() == kept.digest())
    #expect(try made.counts() == kept.counts())
    try kept.upsert(ThreadIndexTests.summary("gone", at: 0))
    #expect(try made.digest() != kept.digest())
    try kept.rebuild(from: store.files.directory)
    #expect(try made.digest() == kept.digest())
  }

  @Test(
    "R1: what happened behind the index's back is found: a new log, news in one, a deleted one, a moved one")
  func r1_repair() throws {
    let index = try store.index()
    let first = try store.thread("a", ["one"])
    let second = try store.thread("b", ["two"])
    try index.catchUpAll(directory: store.files.directory)
    try store.say(first, "late", "three")
    unlink(second.path)
    try store.thread("c", ["four"])
    try index.catchUpAll(directory: store.files.directory)
    #expect(try store.ids("three") == ["a"])
    #expect(try store.ids("two") == [])
    #expect(try store.ids("four") == ["c"])
    #expect(try index.get(id: "b") == nil)
    let made = try store.index("other.db")
    try made.rebuild(from: store.files.directory)
    #expect(try made.digest() == index.digest())
    second.close()
  }

  @Test("R5: a torn end is not indexed, and indexed once when it is whole")
  func r5_tornTail() throws {
    let index = try store.index()
    let log = try store.thread("a", ["one"])
    try index.catchUp(path: log.path)
    let whole = try #require(store.directory.bytes("threads/1970/01/01/a.jsonl"))
    try store.say(log, "j", "two")
    let longer = try #require(store.directory.bytes("threads/1970/01/01/a.jsonl"))
    for end in stride(from: whole.count, to: longer.count, by: 7) {
      store.directory.write("threads/1970/01/01/a.jsonl", bytes: Array(longer[..<end]))
      try index.catchUp(path: log.path)
      #expect(try store.ids("two") == [])
    }
    store.directory.write("threads/1970/01/01/a.jsonl", bytes: longer)
    try index.catchUp(path: log.path)
    #expect(try store.find("two").threads.first?.hits.count == 1)
    // A log that became shorter is read anew.
    store.directory.write("threads/1970/01/01/a.jsonl", bytes: whole)
    try index.catchUp(path: log.path)
    #expect(try store.ids("two") == [])
    #expect(try store.ids("one") == ["a"])
  }

  @Test("an index of an older version is made anew")
  func olderVersion() throws {
    try store.thread("a", ["one"])
    let old = try store.index()
    #expect(old.needsRebuild)
    try old.rebuild(from: store.files.directory)
    #expect(try !store.index().needsRebuild)
  }
}
