import StetJSON
import Testing

private struct Message: Codable, Equatable {
  var name: String
  var count: Int?
  @OmitIfNil var note: String?
  var nested: [Nested]
  var raw: JSONValue
  var kind: Kind

  struct Nested: Codable, Equatable { var flag: Bool; var ratio: Double }
  enum Kind: String, Codable { case user, agent }
}

@Suite struct CoderTests {
  private let full = Message(
    name: "n", count: 3, note: "x", nested: [.init(flag: true, ratio: 0.5)], raw: ["z": 1, "a": [nil]],
    kind: .agent)

  @Test func membersAreWrittenInTheOrderOfTheType() throws {
    #expect(
      try JSONCoder.encode(full).text
        == "{\"name\":\"n\",\"count\":3,\"note\":\"x\",\"nested\":[{\"flag\":true,\"ratio\":0.5}],"
        + "\"raw\":{\"z\":1,\"a\":[null]},\"kind\":\"agent\"}")
  }

  @Test func nilIsNullOrLeftOut() throws {
    var message = full
    message.count = nil
    message.note = nil
    let explicit = try JSONCoder.encode(message)
    #expect(explicit["count"] == .null)
    #expect(explicit["note"] == nil)
    #expect(try JSONCoder.encode(message, nulls: .omit)["count"] == nil)
    #expect(try JSONCoder.decode(Message.self, from: explicit) == message)
  }

  @Test func bothWays() throws {
    #expect(try JSONCoder.decode(Message.self, from: JSONCoder.encodeBytes(full)) == full)
  }

  @Test func aMissingMemberIsNamed() {
    #expect { try JSONCoder.decode(Message.self, from: ["count": 1]) } throws: { error in
      guard case DecodingError.keyNotFound(let key, _) = error else { return false }
      return key.stringValue == "name"
    }
  }

  @Test func aNumberThatDoesNotFitIsRefused() {
    #expect(throws: DecodingError.self) { try JSONCoder.decode(UInt8.self, from: 300) }
    #expect(throws: DecodingError.self) { try JSONCoder.decode(Int.self, from: 1.5) }
    #expect(throws: DecodingError.self) { try JSONCoder.decode([String].self, from: ["a", 1]) }
  }

  @Test func dictionariesAndOptionalsInArrays() throws {
    #expect(try JSONCoder.decode([String: Int].self, from: ["a": 1]) == ["a": 1])
    #expect(try JSONCoder.decode([Int?].self, from: [1, nil]) == [1, nil])
    #expect(try JSONCoder.encode([1, nil] as [Int?]).text == "[1,null]")
  }
}
