import StetProtocol
import StetTestSupport
import Testing

@testable import stet

@Suite(.fewAtOnce) struct EventLimitTests {
  private let folder = TempDirectory("journey-events")

  @Test(
    "X2: lines stay within the bound, whatever is long in them", arguments: ["\u{1}", "😀\""])
  func x2_bound(_ piece: String) throws {
    var limit = EventLimit(directory: folder.path)
    let text = JSONValue.string(String(repeating: piece, count: 260_000 / piece.utf8.count))
    let events: [JSONObject] = [
      ["type": "item.completed", "item": ["id": "item_0", "aggregated_output": text]],
      [
        "type": "item.completed",
        "item": ["id": "item_0", "result": ["content": [text, text, ["deep": text]]]],
      ],
    ]
    for event in events {
      let line = limit.line(event)
      #expect(line.count < 256_000 && line.last == UInt8(ascii: "\n"))
      #expect(try JSONValue(parsing: line.dropLast())["item"]?["id"] == "item_0")
    }
    #expect(folder.names("thread").count == 4)
  }

  @Test("X2: an event of thousands of long texts still has its id") func x2_hopeless() throws {
    var limit = EventLimit(directory: folder.path)
    let texts = Array(repeating: JSONValue.string(String(repeating: "x", count: 1_000)), count: 2_000)
    let line = limit.line([
      "type": "item.completed", "item": ["id": "item_7", "type": "mcp_tool_call", "result": .array(texts)],
    ])
    #expect(line.count < 256_000)
    #expect(try JSONValue(parsing: line.dropLast())["item"]?["id"] == "item_7")
  }

  @Test("Short events are as they are") func short() {
    var limit = EventLimit(directory: folder.path)
    #expect(limit.line(["type": "turn.started"]) == Array("{\"type\":\"turn.started\"}\n".utf8))
    #expect(folder.names(".").isEmpty)
  }

  @Test("X6: an answer's file is whole or not there, keeps its mode, and may be a pipe") func x6_atomicFile()
    throws
  {
    folder.write("file", "before", mode: 0o640)
    try AtomicFile.write(Array("after".utf8), to: folder.path("file"))
    #expect(folder.text("file") == "after")
    try AtomicFile.write([], to: "/dev/null")
    #expect(throws: AtomicFile.WriteError.self) { try AtomicFile.write([], to: folder.path("no/such")) }
    #expect(folder.names(".") == ["file"])
  }
}
