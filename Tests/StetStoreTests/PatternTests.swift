import StetStore
import StetTestSupport
import Testing

/// Regular expressions, seen through a search of one text.
@Suite struct PatternTests {
  /// What a pattern finds in a text.
  private func found(_ pattern: String, _ text: String, caseSensitive: Bool = false) throws -> [String] {
    let store = SearchedStore()
    let index = try store.index()
    try store.thread("a", [text])
    try index.catchUpAll(directory: store.files.directory)
    let outcome = try store.find(pattern) { ($0.mode, $0.caseSensitive) = (.pattern, caseSensitive) }
    guard let snippet = outcome.threads.first?.hits.first?.snippet else { return [] }
    let units = Array(snippet.text.utf16)
    return snippet.ranges.map { String(decoding: units[$0], as: UTF16.self) }
  }

  @Test(arguments: [
    ("b+", "abbbc", ["bbb"]), ("a|bc", "bca", ["bc", "a"]), ("[0-9a-f]{4}", "x1a2bz", ["1a2b"]),
    ("^end$", "no end\nend\nx", ["end"]), ("\\bcat\\b", "concat cat", ["cat"]), ("a.c", "a\nc abc", ["abc"]),
    ("colou?r", "color colour", ["color", "colour"]), ("<.*>", "<a><b>", ["<a><b>"]),
    ("<.*?>", "<a><b>", ["<a>", "<b>"]),
    ("(?:ab){2,}", "ababab ab", ["ababab"]), ("[^a-z ]+", "ab 12 c", ["12"]),
    ("\\d+\\.\\d+", "v1.25!", ["1.25"]),
    ("[]x]+", "a]x]", ["]x]"]), ("a{2", "a{2", ["a{2"]), ("(a|ab)(c|bcd)", "abcd", ["abcd"]),
    ("x*", "yyxx", ["xx"]),
    ("é.", "cafÉs", ["És"]), ("[A-C]+", "abcd", ["abc"]), ("\\w+", "naïve", ["naïve"]),
    ("[\\d_]+", "a1_2", ["1_2"]),
  ])
  func matching(_ pattern: String, _ text: String, _ expected: [String]) throws {
    #expect(try found(pattern, text) == expected)
  }

  @Test func caseCounts() throws {
    #expect(try found("Ab", "ab AB Ab", caseSensitive: true) == ["Ab"])
    #expect(try found("[A-Z]+", "ab AB", caseSensitive: true) == ["AB"])
  }

  @Test(
    "a hostile pattern ends, whatever the text",
    arguments: [
      "(a+)+$", "(a*)*b", "(a|a)*b", "(a|aa)+$", "(.*)*x", "((a{1,50}){1,50}){1,2}b", "(x+x+)+y",
      "(.+)+(.+)+z",
      "(a?){50}a{50}", "a{1000}", "(()*)*", "(){1000}{1000}{1000}",
    ])
  func hostile(_ pattern: String) throws {
    do {
      _ = try found(pattern, String(repeating: "a", count: 3_000))
    } catch let error as StoreError {
      #expect(error.code == .invalidQuery)
    }
  }

  @Test(
    "what can't be bounded or read is refused with its place",
    arguments: [
      "(", ")", "[", "a**{", "*a", "(?=x)", "(?<n>x)", "\\1", "a{5,2}", "a{9999}", "[z-a]", "\\",
      String(repeating: "(", count: 200), "(((a{900}){900}){900})", "(?i)x",
    ])
  func refused(_ pattern: String) throws {
    let store = SearchedStore()
    _ = try store.index()
    do {
      _ = try store.find(pattern) { $0.mode = .pattern }
      #expect(pattern == "a**{", "\(pattern) was taken")
    } catch let error as StoreError {
      #expect(error.code == .invalidQuery)
      #expect(error.message.hasPrefix("invalid regular expression"))
    }
  }

  @Test("a search that would cost too much stops and says that it did")
  func partial() throws {
    let store = SearchedStore()
    let index = try store.index()
    try store.thread("t", [String(repeating: "ab", count: 5_000)])
    try index.catchUpAll(directory: store.files.directory)
    let outcome = try store.find("(a?b?){1,200}c") { ($0.mode, $0.maximumSteps) = (.pattern, 50_000) }
    #expect(outcome.isPartial)
    #expect(outcome.threads.isEmpty)
  }
}
