import StetJSON
import Testing

@Suite struct ReaderTests {
  @Test(arguments: [
    "", " ", "{", "[", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "nul",
    "tru",
    "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "1e999", "NaN", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
    "\"\\u12g4\"",
    "\"\\u+123\"", "\"\u{01}\"", "[1]]", "{}{}", "'a'", "[\"a\":1]", "{\"a\",1}", "\"\\",
  ])
  func refuses(_ text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  static let samples: [(String, JSONValue)] = [
    ("null", JSONValue.null), (" true ", .bool(true)), ("-0", .double(-0.0)),
    ("9223372036854775807", .int(.max)),
    ("9223372036854775808", .double(9.223372036854775808e18)), ("1.5e3", .double(1500)), ("[]", []),
    ("{}", [:]),
    ("[1,[2,[3]]]", [1, [2, [3]]]), ("{\"a\":{\"b\":[]}}", ["a": ["b": []]]), ("\"\\u00e9\"", "é"),
    ("\"\\ud83d\\ude00\"", "😀"), ("\"\\ud83d\"", "\u{FFFD}"), ("\"\\ud83dx\"", "\u{FFFD}x"),
    ("\"\\ude00\\ud83d\"", "\u{FFFD}\u{FFFD}"), ("\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"", "/\u{08}\u{0C}\n\r\t\\\""),
    ("\u{FEFF}1", 1), ("\"a\u{2028}b\"", "a\u{2028}b"), ("{\"a\":1,\"a\":2}", ["a": 2]),
  ]

  @Test(arguments: samples)
  func reads(_ text: String, _ expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test func everyPrefixOfAMessageIsRefusedAndNoneTraps() throws {
    let whole = Array("{\"a\":[1,-2.5e-3,\"x\\u00e9\\ud83d\\ude00\",null,true],\"b\":{\"c\":{}}}".utf8)
    _ = try JSONValue(parsing: whole)
    for length in 0..<whole.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: whole.prefix(length)) }
    }
  }

  @Test func everyOneByteChangeIsReadOrRefused() {
    let whole = Array("{\"a\":[1,-2.5e-3,\"x\\u00e9\",null],\"b\":{}}".utf8)
    for index in whole.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = whole
        changed[index] = byte
        guard let value = try? JSONValue(parsing: changed) else { continue }
        #expect((try? JSONValue(parsing: value.serialized())) == value)
      }
    }
  }

  @Test func invalidUTF8BecomesTheReplacementCharacter() throws {
    #expect(try JSONValue(parsing: [0x22, 0xFF, 0x41, 0x22]) == "\u{FFFD}A")
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "[", count: 100_000)
    #expect { try JSONValue(parsing: deep) } throws: { ($0 as? JSONError)?.code == .tooDeep }
  }

  @Test func anErrorNamesItsPlace() {
    #expect { try JSONValue(parsing: "{\n  \"a\": tru\n}") } throws: { error in
      guard let error = error as? JSONError else { return false }
      return error.line == 2 && error.column == 8 && error.offset == 9
    }
  }

  @Test func walkingSkipsWhatIsOfNoUse() throws {
    var reader = JSONReader(Array("{\"skip\":[{\"deep\":\"\\n\"}],\"delta\":\"word\",\"n\":[1,2]}".utf8))
    var delta: String?
    try reader.beginObject()
    while let key = try reader.nextKey() {
      if key == "delta" { delta = try reader.readString() } else { try reader.skipValue() }
    }
    try reader.finish()
    #expect(delta == "word")
  }
}
