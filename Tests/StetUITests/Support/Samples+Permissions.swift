import StetProtocol

@testable import StetUI

extension Samples {
  static let consent: JSONValue = [
    "parts": [["start": 9, "end": 19]],
    "rules": [["text": "npm run …", "outside": false], ["text": "npm run x1", "outside": false]],
  ]

  /// A question of a server of stet about a script of which one part is covered by a rule.
  static func consenting(
    _ consent: JSONValue = consent, script: String = "cd sub &&npm run x1", columns: Int = 100
  )
    -> Session
  {
    var s = working()
    s.size = .init(columns: columns, rows: 20)
    let params = CommandExecutionRequestApprovalParams(
      threadId: Session.threadId, turnId: "U1", itemId: "c1", startedAtMs: 0,
      command: ShellWords.join(["/bin/bash", "-c", script]), cwd: "/home/user/project",
      stet: StetCommandApproval(undoable: .none, sandboxed: true, consent: consent))
    s.send(.request(.int(7), .commandExecutionRequestApproval(params)))
    arm(&s)
    return s
  }

  /// The line in which a rule is chosen, neither its first offer nor its last scope.
  static func remembering() -> Session {
    var s = consenting()
    s.press(Key("p"), Key(.down))
    return s
  }

  static let permissions = StetPermissions(
    data: [
      [
        "id": "asked:1", "kind": "asked", "text": "mcp_servers.x = {\"command\":\"evil\u{202E}\"}",
        "decision": "prompt", "outside": false, "scope": "project",
        "place": "/home/user/project/.stet/config.toml",
      ],
      [
        "id": "rule:1", "kind": "rule", "text": "git push", "decision": "allow", "outside": true,
        "scope": "project", "place": "/home/user/project", "until": "2031-01-31",
      ],
      [
        "id": "command:1", "kind": "command", "text": "make check", "scope": "thread",
        "place": "/home/user/project",
      ],
    ], sandbox: ["wanted": true, "works": true, "whole": true, "words": "bubblewrap 0.8.0"])

  static func permissionsOpen(second: Bool = false, columns: Int = 100) -> Session {
    var s = Session.open(columns, 30)
    s.type("/permissions")
    s.press(Key(.enter))
    s.reply(.permissions(.listed), permissions)
    if second { s.press(Key("j")) }
    return s
  }

  static func testing() -> Session {
    var s = permissionsOpen()
    s.press(Key("t"))
    s.type("git push")
    s.press(Key(.left), .alt("b"))
    return s
  }

  /// A command that the sandbox may have refused is selected; with `asked` it is asked about.
  static func denied(asked: Bool = false) -> Session {
    var s = working()
    guard case .commandExecution(var item) = Session.command("echo x > /etc/x", status: .failed, exit: 1)
    else {
      return s
    }
    item.stet = ["denied": "bubblewrap 0.8.0; writes in /home/user/project, no network"]
    s.start(.commandExecution(item))
    s.complete(.commandExecution(item))
    s.endTurn()
    s.press(Key(.escape))
    if asked { s.press(Key("R")) }
    return s
  }
}
