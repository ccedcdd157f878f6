import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// ripgrep and our own walk give the same answers over the same trees.
@Suite(.timeLimit(.minutes(10)), .enabled(if: access("/usr/bin/rg", X_OK) == 0, "there is no ripgrep here"))
struct SearchParityTests {
  private static let queries: [JSONValue] = [
    ["pattern": "let", "limit": 500], ["pattern": "^let"], ["pattern": "b$"], ["pattern": "caf.$"],
    ["pattern": "far$"], ["pattern": "end$"], ["pattern": "LET", "ignore_case": true],
    ["pattern": "É", "ignore_case": true],
    ["pattern": "let", "glob": "*.txt"], ["pattern": "let", "glob": "*.{c,h}"],
    ["pattern": "let", "glob": "sub/*.txt"],
    ["pattern": "let", "glob": "sub/**/*.txt"],
    ["pattern": "let", "glob": ".hidden"], ["pattern": "let", "path": "sub"],
    ["pattern": "let", "path": "sub/deep"],
    ["pattern": "let", "path": "ignored"], ["pattern": "let", "path": "binary"],
    ["pattern": "let", "path": "utf16"],
    ["pattern": "let", "path": "link.txt"], ["pattern": "let [a-z]+ = \\d", "limit": 3],
    ["pattern": "\\blet\\b"],
    ["pattern": "[[:upper:]]{2}"], ["pattern": "(one|two) x"], ["pattern": "x{5}"], ["pattern": "\\.txt"],
    ["pattern": "--let"], ["pattern": "a\\tb"], ["pattern": "^$"],
  ]

  private func makeTree(_ work: TempDirectory) {
    let files: [String: String] = [
      "a.txt": "let a = 1\nlet b = 2\n", "a/b.txt": "let c = 3\none x\ntwo x\n", "a-b.txt": "let\n",
      "a.d/x": "let\n",
      ".hidden": "let hidden\n", ".dir/file": "let in a hidden directory\n", "sub/c.txt": "let c\n",
      "sub/deep/f.txt": "let f\n",
      "sub/deep/d.c": "let d\nAB\n", "sub/deep/e.h": "let e\n", "sub/skip.log": "let log\n",
      "sub/keep.log": "let keep\n",
      ".gitignore": "ignored/\n*.tmp\n/rooted\n# comment\n\\#name\n",
      "sub/.gitignore": "*.log\n!keep.log\n/deep/gen\n",
      "ignored/x": "let ignored\n", "x.tmp": "let tmp\n", "sub/x.tmp": "let tmp\n", "rooted": "let rooted\n",
      "sub/rooted": "let rooted below\n", "sub/deep/gen/y": "let generated\n", "#name": "let comment\n",
      "crlf.txt": "let a b\r\nlet end\r\n\r\nlast", "noend.txt": "let noend", "empty": "",
      "bom.txt": "\u{FEFF}let bom\n",
      "long.txt": "let " + String(repeating: "x", count: 6_000) + " far\nlet near\n",
      "é/ü.txt": "let É = é\n", "tab": "a\tb\n",
      "excluded": "let excluded\n", "sp ace:1.txt": "let colon\n", "node_modules/m.js": "let module\n",
    ]
    for (path, text) in files { work.write(path, text) }
    work.write(
      "latin", bytes: [0x6C, 0x65, 0x74, 0x20, 0x63, 0x61, 0x66, 0xE9, 0x0A] + Array("let café\n".utf8))
    work.write("binary", bytes: Array("let ".utf8) + [0, 1, 2] + Array("\nlet b\n".utf8))
    work.write(
      "utf16",
      bytes: [0xFF, 0xFE] + "let utf16\r\nlet two\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
    #expect(symlink("a.txt", work.path("link.txt")) == 0 && symlink("sub", work.path("linked")) == 0)
    #expect(symlink("/etc", work.path("outside")) == 0 && symlink(".", work.path("sub/loop")) == 0)
  }

  private func answers(_ environment: [String: String], repository: Bool) async throws -> [String] {
    let bench = try await Workbench(
      [.respond(Self.queries.map { .call("search", $0) }), .text("done")], environment: environment)
    if repository {
      #expect(system("git init -q '\(bench.work.path)'") == 0)
      bench.work.write(".git/info/exclude", "excluded\n")
    }
    makeTree(bench.work)
    try await bench.turn()
    return Self.queries.indices.map { bench.output($0) }
  }

  @Test(
    "ignore rules, hidden and binary files, links, long lines, CRLF, byte order marks and broken UTF-8: the same answers",
    arguments: [true, false])
  func same(repository: Bool) async throws {
    let ripgrep = try await answers([:], repository: repository)
    let walk = try await answers(["PATH": "/nowhere"], repository: repository)
    for (index, query) in Self.queries.enumerated() {
      #expect(walk[index] == ripgrep[index], "\(query.text)")
    }
    #expect(ripgrep[0].contains("latin:2:let café") && ripgrep[0].contains("utf16:1:let utf16\n"))
    for hidden in ["ignored", "tmp", "skip.log", "generated", "binary", "link"] {
      #expect(!ripgrep[0].contains("let \(hidden)") && !ripgrep[0].contains("\(hidden):"), "\(hidden)")
    }
    #expect(ripgrep[0].contains("let excluded") == !repository)
  }
}
