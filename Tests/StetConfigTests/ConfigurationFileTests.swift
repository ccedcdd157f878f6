import Glibc
import StetConfig
import StetJSON
import StetTestSupport
import Testing

@Suite struct ConfigurationFileTests {
  let directory = TempDirectory("stet-config")
  var path: String { directory.path("config.toml") }

  struct Edit: Sendable, CustomTestStringConvertible {
    let before: String
    let key: [String]
    let value: JSONValue
    let after: String
    var testDescription: String { "\(key) in \(before)" }
  }

  static let edits: [Edit] = [
    Edit(before: "", key: ["model"], value: "a", after: "model = \"a\"\n"),
    Edit(before: "# only this", key: ["model"], value: "a", after: "# only this\nmodel = \"a\"\n"),
    Edit(before: "model='x'  # why\nb=1\n", key: ["model"], value: "a", after: "model=\"a\"  # why\nb=1\n"),
    Edit(before: "a = 1\n\n[t]\nb = 2\n", key: ["c"], value: 3, after: "a = 1\nc = 3\n\n[t]\nb = 2\n"),
    Edit(before: "# file\n\n# of t\n[t]\n", key: ["c"], value: 3, after: "# file\n\nc = 3\n\n# of t\n[t]\n"),
    Edit(
      before: "[t]\n  b = 2 # x\n\n# next\n[u]\n", key: ["t", "c"], value: true,
      after: "[t]\n  b = 2 # x\n  c = true\n\n# next\n[u]\n"),
    Edit(before: "[t]", key: ["t", "c"], value: true, after: "[t]\nc = true\n"),
    Edit(before: "a = 1", key: ["t", "c"], value: 1.5, after: "a = 1\n\n[t]\nc = 1.5\n"),
    Edit(
      before: "tui.theme = \"x\"\n[t]\n", key: ["tui", "mouse"], value: false,
      after: "tui.theme = \"x\"\ntui.mouse = false\n[t]\n"),
    Edit(
      before: "[p]\nq.r = 1\n", key: ["p", "q", "s"], value: ["a", "b"],
      after: "[p]\nq.r = 1\nq.s = [\"a\", \"b\"]\n"),
    Edit(
      before: "t = { a = 1, b = 'x' } # c\n", key: ["t", "a"], value: 2,
      after: "t = { a = 2, b = \"x\" } # c\n"),
    Edit(before: "t = { a = 1 }\n", key: ["t", "b", "c"], value: 2, after: "t = { a = 1, b = { c = 2 } }\n"),
    Edit(
      before: "a = [\n  1, # one\n  2,\n]\nb = 1\n", key: ["a"], value: [3], after: "a = [3]\nb = 1\n"),
    Edit(
      before: "a = \"\"\"\n[x]\nb = 1\n\"\"\"\n", key: ["b"], value: 2,
      after: "a = \"\"\"\n[x]\nb = 1\n\"\"\"\nb = 2\n"),
    Edit(before: "a = 1\r\nb = 2\r\n", key: ["c"], value: 3, after: "a = 1\r\nb = 2\r\nc = 3\r\n"),
    Edit(before: "\"a b\".'c.d' = 1\n", key: ["a b", "c.d"], value: 2, after: "\"a b\".'c.d' = 2\n"),
    Edit(before: "[a.\"b.c\"]\nx = 1\n", key: ["a", "b.c", "x"], value: 2, after: "[a.\"b.c\"]\nx = 2\n"),
    Edit(
      before: "", key: ["projects", "/a \"b\"", "trust_level"], value: "trusted",
      after: "[projects.\"/a \\\"b\\\"\"]\ntrust_level = \"trusted\"\n"),
    Edit(before: "a = 1 # x\nb = 2\n", key: ["a"], value: nil, after: "b = 2\n"),
    Edit(before: "[a]\nb = 1\n[a.c]\nd = 2\n[e]\n", key: ["a"], value: nil, after: "[e]\n"),
    Edit(before: "t = { a = 1, b = 2 }\n", key: ["t", "a"], value: nil, after: "t = { b = 2 }\n"),
    Edit(before: "a = 1\n", key: ["none", "x"], value: nil, after: "a = 1\n"),
    Edit(
      before: "[m.x] # keep\na = 1\nb = 2 # b\n", key: ["m", "x"], value: ["b": 2, "c": 3],
      after: "[m.x] # keep\nb = 2 # b\nc = 3\n"),
    Edit(
      before: "a = 1\n", key: ["m", "x"], value: ["b": "é\n", "c": ["d": 1]],
      after: "a = 1\n\n[m.x]\nb = \"é\\n\"\n\n[m.x.c]\nd = 1\n"),
    Edit(before: "t.a = 1\nz = 0\n", key: ["t"], value: 5, after: "z = 0\nt = 5\n"),
  ]

  @Test(arguments: edits) func anEditTouchesOnlyItsOwnLines(edit: Edit) throws {
    directory.write("config.toml", edit.before)
    var file = try ConfigurationFile(path: path)
    try file.set(edit.key, to: edit.value)
    #expect(file.text == edit.after)
    #expect(directory.text("config.toml") == edit.before)
    try file.write()
    #expect(directory.text("config.toml") == edit.after)
  }

  @Test(arguments: [
    ("[[hooks]]\nevent = \"x\"\n", ["hooks", "event"]), ("a = 1\n", ["a", "b"]), ("a = [1]\n", ["a", "0"]),
  ]) func whatCanNotBeEditedInPlaceIsLeftAlone(text: String, key: [String]) throws {
    directory.write("config.toml", text)
    var file = try ConfigurationFile(path: path)
    let edited = Result { () throws(ConfigurationError) in try file.set(key, to: "v") }
    if case .failure(let error) = edited {
      #expect(error.code == .unsupportedEdit && error.description.contains("by hand"))
      #expect(file.text == text)
    } else {
      #expect(try ConfigurationFile(path: path).text == text)
    }
  }

  @Test func aBrokenFileIsNotEdited() {
    directory.write("config.toml", "a = \n")
    #expect { try ConfigurationFile(path: path) } throws: { ($0 as? ConfigurationError)?.line == 1 }
  }

  @Test func valuesWithoutAFormAreRefused() throws {
    var file = try ConfigurationFile(path: path)
    #expect(throws: ConfigurationError.self) { try file.set(["a"], to: [1, nil]) }
    #expect(file.text == "")
  }

  @Test func randomEditsChangeOneValueAndKeepEveryComment() throws {
    var random = SeededRandom(seed: 42)
    let start = """
      # head
      model = "x" # c1
      tui.theme = 'a' # c2

      # about p
      [projects."/a"] # c3
      trust_level = "trusted" # c4
      [m]
      inline = { a = 1, b = [1, 2] } # c5
      [m.sub]
      text = '''
      [not a table]
      ''' # c6
      # tail
      """
    let comments = ["# head", "# c1", "# c2", "# about p", "# c3", "# c4", "# c5", "# c6", "# tail"]
    let keys = [
      ["model"], ["tui", "theme"], ["tui", "mouse"], ["m", "inline", "a"], ["m", "inline", "z"],
      ["m", "sub", "text"],
      ["m", "k"], ["n", "o p", "q"], ["projects", "/a", "trust_level"], ["projects", "/b", "trust_level"],
      ["top"],
    ]
    let values: [JSONValue] = ["s\"\\\n", 7, -2.5, true, ["l", 1], "é\u{1B}"]
    directory.write("config.toml", start)
    var file = try ConfigurationFile(path: path)
    for _ in 0..<400 {
      let key = keys[Int.random(in: 0..<keys.count, using: &random)]
      let value = values[Int.random(in: 0..<values.count, using: &random)]
      // Throws unless the result reads as the old values with this one change.
      try file.set(key, to: value)
      for comment in comments { #expect(file.text.contains(comment)) }
    }
  }
}

/// A fixed sequence, so that a failure comes again.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
