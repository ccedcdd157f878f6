import StetAgent
import StetProtocol
import StetTestSupport
import Testing

/// What each tool answers to a call that can't be carried out.
@Suite(.timeLimit(.minutes(10))) struct ToolErrorTests {
  private static let calls: [(String, JSONValue)] = [
    ("exec_command", ["cmd": 1]), ("exec_command", ["cmd": "ls", "yield_time_ms": "soon"]),
    ("write_stdin", [:]), ("write_stdin", ["session_id": 99]),
    ("edit", ["path": "a.txt"]), ("edit", ["path": "none.txt", "old_string": "a", "new_string": "b"]),
    ("edit", ["path": "sub", "old_string": "a", "new_string": "b"]),
    ("write", ["path": "sub", "content": "x"]),
    ("read_file", [:]), ("read_file", ["path": "none.txt"]), ("read_file", ["path": "sub"]),
    ("write", ["path": "", "content": "x"]), ("edit", ["path": "", "old_string": "a", "new_string": "b"]),
    ("search", ["pattern": "a("]), ("search", ["pattern": "[z-a]\n("]),
    ("search", ["pattern": "a", "glob": "{a"]),
    ("search", [:]), ("search", ["pattern": "a", "path": "none"]),
    ("list_dir", ["path": "none"]), ("list_dir", ["path": "a.txt"]),
    ("update_plan", ["plan": "none"]), ("update_plan", [:]),
    ("request_user_input", [:]), ("request_user_input", ["questions": []]),
    ("view_image", ["path": "a.txt"]), ("view_image", [:]),
  ]

  @Test("T11: an error is one line of cause and one of what to do, whatever the tool", arguments: calls)
  func t11_twoLines(_ tool: String, _ arguments: JSONValue) async throws {
    let bench = try await Workbench(
      [.call(tool, arguments), .text("done")], files: ["a.txt": "one\n", "sub/x": ""])
    let turn = try await bench.turn()
    #expect(turn.status == .completed && bench.requests.isEmpty)
    let lines = bench.output().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.allSatisfy { $0.count > 5 }, "\(bench.output())")
    #expect(bench.work.text("a.txt") == "one\n")
  }
}
