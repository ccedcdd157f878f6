import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// The reading tools, the plan, and the size of what all tools say of themselves.
@Suite(.timeLimit(.minutes(10)))
struct ReadToolTests {
  private func read(_ arguments: JSONValue, files: [String: String] = [:]) async throws -> String {
    let bench = try await Workbench([.call("read_file", arguments), .text("done")], files: files)
    try await bench.turn()
    return bench.output()
  }

  @Test("lines with numbers, ranges, and how to go on")
  func ranges() async throws {
    let files = ["a.txt": (1...1_000).map { "l\($0)\r\n" }.joined(), "empty": "", "end": "no newline"]
    #expect(
      try await read(["path": "a.txt", "offset": 3, "limit": 2], files: files)
        == "3\tl3\n4\tl4\n… 996 more lines; go on with offset 5\n")
    #expect(
      try await read(["path": "a.txt"], files: files).hasSuffix(
        "500\tl500\n… 500 more lines; go on with offset 501\n"))
    #expect(try await read(["path": "a.txt", "offset": 1_000], files: files) == "1000\tl1000\n")
    #expect(
      try await read(["path": "a.txt", "offset": 2_000], files: files).hasPrefix("a.txt has 1000 lines."))
    #expect(try await read(["path": "empty"], files: files) == "empty is empty.")
    #expect(try await read(["path": "end"], files: files) == "1\tno newline\n")
  }

  @Test("binary files, folders, missing files and long lines")
  func kinds() async throws {
    let files = ["b.bin": "a\0b", "long": String(repeating: "é", count: 5_000) + "\nnext\n", "dir/x": ""]
    #expect(try await read(["path": "b.bin"], files: files).hasPrefix("b.bin is binary, 3 bytes.\n"))
    #expect(try await read(["path": "dir"], files: files) == "dir is a directory.\nUse list_dir.")
    #expect(try await read(["path": "none"], files: files).hasPrefix("none does not exist.\n"))
    let long = try await read(["path": "long"], files: files)
    #expect(long == "1\t\(String(repeating: "é", count: 1_000))… (10000 bytes in this line)\n2\tnext\n")
  }

  @Test("T11: a file that is too large says how to look at a part; one of nothing but line feeds is read")
  func t11_largeFiles() async throws {
    let bench = try await Workbench([
      .calls(
        ("read_file", ["path": "large"]), ("read_file", ["path": "feeds", "offset": 999_999])), .text("done"),
    ])
    bench.work.write("large", bytes: [UInt8](repeating: UInt8(ascii: "a"), count: 17 << 20))
    bench.work.write("feeds", bytes: [UInt8](repeating: 0x0A, count: 1_000_000))
    try await bench.turn()
    #expect(
      bench.output(0)
        == "large is larger than 16 MB.\nLook at a part of it with exec_command: grep, head, tail or sed -n.")
    #expect(bench.output(1) == "999999\t\n1000000\t\n")
  }

  @Test("S1: ripgrep of the workspace is not run, not even where the sandbox is read-only")
  func s1_ripgrepOfTheWorkspace() async throws {
    let tools = TempDirectory("tools", in: Workbench.build)
    let bench = try await Workbench(
      [.call("search", ["pattern": "let"]), .text("done")],
      files: ["a": "let\n", "bin/rg": "#!/bin/sh\n: > \"$0.ran\"\n"], sandbox: .readOnly,
      environment: ["PATH": tools.path])
    chmod(bench.work.path("bin/rg"), 0o755)
    #expect(symlink(bench.work.path("bin/rg"), tools.path("rg")) == 0)
    try await bench.turn()
    #expect(bench.output() == "a:1:let" && !tools.exists("rg.ran"))
  }

  @Test("S7: a search of everything leaves the kernel's files out")
  func s7_kernelFiles() async throws {
    // A program in ripgrep's place that finds what it was given, and something in /proc.
    let tools = TempDirectory("tools", in: Workbench.build)
    tools.write(
      "rg",
      """
      #!/bin/sh
      for word in "$PWD" "$@"; do printf '/x\\0001:%s\\n' "$word"; done
      printf '/proc/1/cmdline\\0001:found\\n'

      """, mode: 0o755)
    let bench = try await Workbench(
      [.call("search", ["pattern": "let", "path": "/"]), .text("done")], environment: ["PATH": tools.path])
    try await bench.turn()
    #expect(bench.output().hasPrefix("/x:1:/\n"), "its globs count from there")
    for place in ["/proc", "/sys", "/dev"] { #expect(bench.output().contains("/x:1:--glob=!\(place)\n")) }
    #expect(!bench.output().contains("found"))
  }

  @Test("bad arguments make no item; a call that fails later has one that failed")
  func items() async throws {
    let bench = try await Workbench([
      .calls(("read_file", ["file": "x"]), ("read_file", ["path": "none"])), .text("done"),
    ])
    try await bench.turn()
    #expect(bench.output(0).hasPrefix("The argument `path` is missing; given: file."))
    let items = bench.completed.compactMap { if case .dynamicToolCall(let item) = $0 { item } else { nil } }
    #expect(items.map(\.tool) == ["read_file"] && items.map(\.success) == [false])
  }

  private static let secretReads: [(String, JSONValue)] = [
    ("read_file", ["path": "~/.ssh/id_rsa"]), ("read_file", ["path": "link"]),
    ("read_file", ["path": "/proc/self/environ"]), ("list_dir", ["path": "~/.ssh"]),
    ("search", ["pattern": "PRIVATE", "path": "~"]),
    ("search", ["pattern": "PRIVATE", "path": "~/.ssh/id_rsa"]), ("view_image", ["path": "~/.ssh/id_rsa"]),
    ("read_file", ["path": "~/home/app-server/token"]),
    ("edit", ["path": "~/.ssh/id_rsa", "old_string": "BEGIN\nx", "new_string": "y"]),
    ("edit", ["path": "link", "old_string": "BEGIN\nx", "new_string": "y"]),
    ("edit", ["path": "~/.ssh/id_rsa", "old_string": "BEGIN", "new_string": "y"]),
    ("write", ["path": "link", "content": "y"]), ("write", ["path": "~/.ssh/id_rsa", "content": "y"]),
    ("apply_patch", ["input": "*** Begin Patch\n*** Update File: link\n@@\n BEGIN\n-x\n+y\n*** End Patch"]),
    ("apply_patch", ["input": "*** Begin Patch\n*** Delete File: ~/.ssh/id_rsa\n*** End Patch"]),
  ]

  @Test(
    "S7: keys are not read, searched, listed or edited, not even through a link or by three misses",
    arguments: secretReads)
  func s7_secrets(_ tool: String, _ arguments: JSONValue) async throws {
    let bench = try await Workbench([], model: tool == "apply_patch" ? "gpt-4.1" : "mock-model")
    let text = arguments.text.replacing("~/home", with: bench.harness.home.path)
      .replacing("~", with: bench.userHome.path)
    // The third failure on a file shows the whole of it.
    let call = FakeModel.Step.call(tool, try JSONValue(parsing: text))
    bench.harness.model.extend(call, call, call, .text("done"))
    bench.userHome.write(".ssh/id_rsa", "BEGIN\nPRIVATE\n")
    bench.harness.home.write("app-server/token", "PRIVATE")
    bench.userHome.write("notes", "nothing")
    #expect(symlink(bench.userHome.path(".ssh/id_rsa"), bench.work.path("link")) == 0)
    bench.answer(["decision": "decline"], ["decision": "decline"], ["decision": "decline"])
    try await bench.turn()
    for index in 0..<3 {
      let output = bench.output(index, request: 3)
      #expect(!output.contains("PRIVATE") && !output.contains("id_rsa:") && output != "(no output)")
    }
    #expect(bench.requests.isEmpty && bench.userHome.text(".ssh/id_rsa") == "BEGIN\nPRIVATE\n")
    #expect(
      !bench.harness.model.bodies.contains { String(decoding: $0, as: UTF8.self).contains("PRIVATE\\n") })
  }

  private static let tree = [
    "a.swift": "let x = 1\nlet y = 22\n", "sub/b.swift": "let z = 3\n", "sub/c.txt": "let no = 4\n",
    ".gitignore": "ignored/\n", "ignored/d.swift": "let hidden = 5\n", "bin": "let\0 = 6\n",
  ]

  @Test("search with ripgrep, and without it by our own walk: the same answers", arguments: [true, false])
  func search(_ hasRipgrep: Bool) async throws {
    let queries: [JSONValue] = [
      ["pattern": "let \\w = \\d+$"], ["pattern": "LET Z", "ignore_case": true],
      ["pattern": "let", "glob": "*.txt"],
      ["pattern": "let", "path": "sub"], ["pattern": "nowhere"], ["pattern": "let", "limit": 1],
      ["pattern": "a("],
      ["pattern": "let", "path": "a.swift"], ["pattern": "-let"], ["pattern": "x", "path": "none"],
      ["pattern": "let", "glob": "sub/*.swift"],
    ]
    let bench = try await Workbench(
      [.respond(queries.map { .call("search", $0) }), .text("done")], files: Self.tree,
      environment: hasRipgrep ? [:] : ["PATH": "/nowhere"])
    bench.work.makeDirectory(".git")
    try await bench.turn()
    let whole = ["a.swift:1:let x = 1\na.swift:2:let y = 22\nsub/b.swift:1:let z = 3"]
    let sub = "sub/b.swift:1:let z = 3"
    let expected =
      whole + [sub, "sub/c.txt:1:let no = 4", sub + "\nsub/c.txt:1:let no = 4", "No matches."]
      + ["a.swift:1:let x = 1\n… more matches: narrow the pattern, the path or the glob"]
    for (index, text) in expected.enumerated() { #expect(bench.output(index) == text) }
    #expect(bench.output(6).hasPrefix("The search failed: ") && bench.output(6).contains("Mend the pattern"))
    #expect(bench.output(7) == "a.swift:1:let x = 1\na.swift:2:let y = 22")
    #expect(bench.output(8) == "No matches.")
    #expect(bench.output(9).hasPrefix("none does not exist."))
    #expect(bench.output(10) == sub)
  }

  @Test("a file that may not be read does not spoil a search")
  func searchUnreadable() async throws {
    let bench = try await Workbench(
      [.call("search", ["pattern": "let"]), .text("done")], files: ["a": "let\n", "b": "let\n"])
    #expect(symlink("nowhere", bench.work.path("dangling")) == 0)
    chmod(bench.work.path("b"), 0)
    try await bench.turn()
    #expect(bench.output().hasPrefix("a:1:let"))
  }

  @Test("list_dir: folders, links, depth and its limit")
  func listDirectory() async throws {
    let bench = try await Workbench(
      [
        .calls(
          ("list_dir", [:]), ("list_dir", ["depth": 2]), ("list_dir", ["path": "a.swift"]),
          ("list_dir", ["path": "many"])),
        .text("done"),
      ], files: Self.tree)
    for number in 0..<500 { bench.work.write("many/\(number)", "") }
    try await bench.turn()
    #expect(bench.output(0) == ".gitignore\na.swift\nbin\nignored/\nmany/\nsub/")
    #expect(bench.output(1).contains("ignored/\n  d.swift\nmany/\n  0\n"))
    #expect(bench.output(2).hasPrefix("a.swift can't be listed: "))
    #expect(bench.output(3).hasSuffix("\n… more than 400 entries; list a folder of it"))
  }

  @Test("view_image goes as a data URL; what is no image is an error without an item")
  func viewImage() async throws {
    let bench = try await Workbench(
      [
        .calls(
          ("view_image", ["path": "p.png"]), ("view_image", ["path": "a.swift"]),
          ("view_image", ["path": "cut.png"]), ("view_image", ["path": "zero.png"])), .text("done"),
      ],
      model: "gpt-5", files: Self.tree)
    let picture = TestPicture.png(width: 4, height: 3) { x, _ in UInt8(x) }
    bench.work.write("p.png", bytes: picture)
    bench.work.write("cut.png", bytes: Array(picture.prefix(20)))
    var zero = picture
    zero.replaceSubrange(16..<24, with: [UInt8](repeating: 0, count: 8))
    bench.work.write("zero.png", bytes: zero)
    try await bench.turn()
    let outputs = bench.harness.input(1).filter { $0["type"] == "function_call_output" }
    #expect(
      outputs[0]["output"]?[0]?["image_url"]?.stringValue?.hasPrefix("data:image/png;base64,iVBORw0KGgo")
        == true)
    for index in 2...3 { #expect(outputs[index]["output"]?.stringValue?.contains("is damaged") == true) }
    #expect(outputs[1]["output"]?.stringValue?.hasPrefix("a.swift is no PNG") == true)
    #expect(bench.completed.count { $0.type == "imageView" } == 1)
  }

  @Test("update_plan tells the clients; two steps in progress are refused")
  func plan() async throws {
    let step: JSONValue = ["step": "look", "status": "in_progress"]
    let bench = try await Workbench([
      .call("update_plan", ["plan": [step, ["step": "do", "status": "pending"]]]),
      .call("update_plan", ["plan": [step, step]]),
      .call("update_plan", ["plan": [["step": "x", "status": "later"]]]),
      .text("done"),
    ])
    try await bench.turn()
    #expect(bench.flow.count { $0 == "turn/plan/updated" } == 1)
    #expect(bench.output(0, request: 3) == "Plan updated")
    #expect(bench.output(1, request: 3).hasPrefix("2 steps are in_progress."))
    #expect(bench.output(2, request: 3).hasPrefix("The status of `x` must be"))
  }

  @Test(
    "the first request with all tools is at most 10,000 bytes",
    arguments: ["gpt-5", "gpt-4.1", "claude-x", "mock-model"])
  func firstRequest(_ model: String) async throws {
    let bench = try await Workbench([.text("hello")], model: model)
    try await bench.turn()
    let tools =
      bench.harness.model.requests[0]["tools"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    #expect(bench.harness.model.bodies[0].count <= 10_000)
    #expect(tools.contains("apply_patch") != (tools.contains("edit") && tools.contains("write")))
  }
}
