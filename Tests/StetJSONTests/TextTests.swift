import Testing

@testable import StetJSON

/// Texts that are passed on unread: what is taken must be one whole JSON value.
@Suite struct TextTests {
  private func text(_ string: String) -> JSONText? { text(Array(string.utf8)) }

  private func text(_ bytes: [UInt8]) -> JSONText? { bytes.withUnsafeBytes { JSONText(checking: $0) } }

  private static let written: JSONValue = [
    "type": "agentMessage", "text": "a \"quoted\" line\n\u{1F600} é \u{1}",
    "numbers": [0, -1, 12.5, 1e300, nil],
    "empty": [:], "list": [], "deep": [[[["x": true]]], false],
  ]

  @Test("what the writer writes is taken as it is")
  func ours() throws {
    let bytes = Self.written.serialized()
    #expect(text(bytes)?.bytes == bytes)
    #expect(text(bytes)?.value == Self.written)
    for one in ["null", "true", "-0.5e+3", "\"\\ud83d\\ude00\\u0041\"", "{}", "[]", #"{"a":{"b":[1,2]}}"#] {
      #expect(text(one) != nil, "\(one)")
    }
  }

  @Test(
    "what is no JSON, or more than one value, is not taken",
    arguments: [
      "", "{", "}", "[1,]", "[,1]", #"{"a":}"#, #"{"a"}"#, #"{a:1}"#, #"{"a":1,}"#, #"{"a":1}{"#, "1 2", "01",
      "+1",
      "1.", ".5", "1e", "nul", "truex", "\"abc", "\"a\nb\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
      "\"\\udc00x\"", "[1}", #"{"a":1]"#, "NaN", #"{"a":1,"b"#, "\"\t\"",
    ])
  func foreign(_ string: String) {
    #expect(text(string) == nil)
  }

  @Test("bytes that are no UTF-8 and nesting without end are not taken")
  func bytes() {
    #expect(text(Array("\"a".utf8) + [0xFF] + Array("b\"".utf8)) == nil)
    #expect(text(Array("\"".utf8) + [0xC3] + Array("\"".utf8)) == nil)
    let deep = String(repeating: "[", count: 300) + String(repeating: "]", count: 300)
    #expect(text(deep) == nil)
  }

  @Test("after any change of a byte, what is taken is what the reader reads")
  func mutations() {
    var random = SystemRandomNumberGenerator()
    let bytes = Self.written.serialized()
    for _ in 0..<4_000 {
      var changed = bytes
      let place = Int.random(in: changed.indices, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
      case 1: changed.remove(at: place)
      default: changed.insert(Array("{}[]\",:\\0e".utf8).randomElement(using: &random) ?? 0, at: place)
      }
      guard let taken = text(changed) else { continue }
      #expect(throws: Never.self, "\(String(decoding: changed, as: UTF8.self))") {
        try JSONValue(parsing: taken.bytes)
      }
    }
  }
}
