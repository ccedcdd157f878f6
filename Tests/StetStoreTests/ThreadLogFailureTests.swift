import Glibc
import StetJSON
import StetStore
import StetTestSupport
import Testing

@Suite struct ThreadLogFailureTests {
  let directory = TempDirectory()
  var path: String { directory.path("thread.jsonl") }

  @Test("R5: killed after any byte, every whole record is kept and the log goes on")
  func r5_killedAtEveryByte() throws {
    let log = try ThreadLog.create(path: path)
    let payloads: [JSONValue] = [
      ["type": "userMessage", "text": "fix the daté test\n"], .string(""), ["deep": [1, 2.5, nil, true]],
    ]
    var ends: [Int] = []
    for payload in payloads {
      try log.append(type: "item", payload: payload)
      ends.append(try #require(directory.bytes("thread.jsonl")).count)
    }
    log.close()
    let whole = try #require(directory.bytes("thread.jsonl"))
    for length in 0...whole.count {
      let file = directory.write("killed.jsonl", bytes: Array(whole[..<length]))
      let opened = try ThreadLog.open(path: file)
      // A record that lacks only its newline is whole: its checksum says so.
      let expected = ends.count { $0 - 1 <= length }
      #expect(opened.records.map(\.payload) == Array(payloads[..<expected]), "after \(length) bytes")
      let isTorn = !([0] + ends).contains(length) && !ends.contains(length + 1)
      #expect(opened.notices.count == (isTorn ? 1 : 0), "after \(length) bytes: \(opened.notices)")
      let added = try opened.log.append(type: "item", payload: "added")
      #expect(added.ordinal == expected)
      opened.log.close()
      let again = try ThreadLog.open(path: file)
      #expect(
        again.records.map(\.payload) == Array(payloads[..<expected]) + ["added"], "after \(length) bytes")
      #expect(again.notices.isEmpty)
    }
  }

  @Test("R5: the notice names the file and says that the rest is kept") func r5_notice() throws {
    let log = try ThreadLog.create(path: path)
    try log.append(type: "item", payload: 1)
    log.close()
    let text = try #require(directory.text("thread.jsonl"))
    directory.write("thread.jsonl", text + #"{"sum":"0123"#)
    let notice = try #require(try ThreadLog.open(path: path).notices.first)
    #expect(
      notice.contains(path) && notice.contains("12 bytes") && notice.contains("everything before it is kept"))
    #expect(directory.text("thread.jsonl") == text)
  }

  @Test func aReaderLeavesATornTailToTheWriter() throws {
    let log = try ThreadLog.create(path: path)
    try log.append(type: "item", payload: 1)
    let torn = try #require(directory.text("thread.jsonl")) + #"{"sum":"0123"#
    directory.write("thread.jsonl", torn)
    var seen = 0
    #expect(try ThreadLog.read(path: path) { _ in seen += 1 }.isEmpty)
    #expect(seen == 1)
    #expect(directory.text("thread.jsonl") == torn)
  }

  @Test func aFullDiskLeavesTheLogAsItWas() async {
    await #expect(processExitsWith: .success) { [path = path as String] in
      let log = try ThreadLog.create(path: path)
      try log.append(type: "item", payload: "kept")
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      #expect(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      limit.rlim_cur = 4096
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let large = JSONValue.string(String(repeating: "x", count: 10_000))
      for _ in 0..<2 {
        #expect { try log.append(type: "item", payload: large) } throws: { error in
          (error as? StoreError)?.code == .diskFull
        }
      }
      #expect(try log.append(type: "item", payload: "small").ordinal == 1)
      log.close()
      let opened = try ThreadLog.open(path: path)
      #expect(opened.records.map(\.payload) == ["kept", "small"])
      #expect(opened.notices.isEmpty)
    }
  }

  @Test func aLogThatWasDeletedUnderTheWriterSaysSo() throws {
    let log = try ThreadLog.create(path: path)
    unlink(path)
    #expect { try log.append(type: "item", payload: 1) } throws: { error in
      (error as? StoreError)?.code == .missing
    }
    #expect { try log.sync() } throws: { ($0 as? StoreError)?.code == .missing }
  }

  @Test func errorsNameTheFileAndWhatToDo() throws {
    func code(_ body: () throws -> Void) -> StoreError.Code? {
      do { try body() } catch { return (error as? StoreError)?.code }
      return nil
    }
    #expect(code { _ = try ThreadLog.open(path: directory.path("none.jsonl")) } == .notFound)
    _ = try ThreadLog.create(path: path)
    #expect(code { _ = try ThreadLog.create(path: path) } == .exists)
    directory.write("file", "")
    #expect(code { _ = try ThreadLog.create(path: directory.path("file/thread.jsonl")) } == .notPermitted)
    #expect(code { _ = try ThreadLog.create(path: "/proc/stet/thread.jsonl") } != nil)
    directory.makeDirectory("folder.jsonl")
    #expect(code { _ = try ThreadLog.open(path: directory.path("folder.jsonl")) } != nil)
    mkfifo(directory.path("pipe.jsonl"), 0o600)
    #expect(code { _ = try ThreadLog.open(path: directory.path("pipe.jsonl")) } == .corrupt)
    symlink(path, directory.path("link.jsonl"))
    #expect(code { _ = try ThreadLog.open(path: directory.path("link.jsonl")) } != nil)
    let log = try ThreadLog.open(path: path).log
    log.close()
    #expect(code { try log.append(type: "item", payload: 1) } == .closed)
    let message = "\(StoreError(.diskFull, "Can't write.", underlying: "No space left on device"))"
    #expect(message == "Can't write. (No space left on device)")
  }
}
