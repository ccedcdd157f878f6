import StetJSON
import Testing

@Suite struct WriterTests {
  @Test(arguments: [
    "null", "true", "[1,2.5,-3]", "{\"b\":1,\"a\":[{}]}", "\"\\\"\\\\\\n\\u0001é\u{2028}\"",
    "[1e+20,1e-07,0.1]", "{\"\":\"\"}",
  ])
  func readingAndWritingAgainIsStable(_ text: String) throws {
    let once = try JSONValue(parsing: text).serialized()
    #expect(try JSONValue(parsing: once).serialized() == once)
  }

  @Test func membersKeepTheirOrderUntilSorted() throws {
    let value = try JSONValue(parsing: "{\"b\":1,\"a\":{\"d\":1,\"c\":2}}")
    #expect(value.text == "{\"b\":1,\"a\":{\"d\":1,\"c\":2}}")
    #expect(value.sortedKeys().text == "{\"a\":{\"c\":2,\"d\":1},\"b\":1}")
  }

  @Test func whatJSONCannotSayIsNull() {
    #expect(JSONValue.array([.double(.nan), .double(.infinity)]).text == "[null,null]")
  }

  @Test func keptBytesAreWrittenAsTheyAre() {
    var writer = JSONWriter()
    writer.beginArray()
    writer.write(serialized: Array("{\"z\":1}".utf8))
    writer.write("x")
    writer.endArray()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "[{\"z\":1},\"x\"]")
  }

  @Test func largeObjectsFindReplaceAndRemoveMembers() {
    var object = JSONObject()
    for index in 0..<200 { object["k\(index)"] = .int(Int64(index)) }
    object["k100"] = "changed"
    object["k5"] = nil
    #expect(object.count == 199)
    #expect(object["k100"] == "changed")
    #expect(object["k5"] == nil)
    #expect(object["k199"] == 199)
    #expect(object == JSONObject(object.sorted().map { ($0.key, $0.value) }))
  }
}
