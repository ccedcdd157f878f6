import StetProtocol
import StetTestSupport
import StetText
import Testing

@testable import StetUI

@Suite struct PermissionsTests {
  @Test("S10: control, bidi and invisible characters are escaped and long blanks counted, in every question")
  func s10_shownWhole() {
    let evil = "ls\u{202E}\u{200B}\u{1B}[2K\t\u{A0}" + String(repeating: " ", count: 200) + "&& rm -rf ~"
    var prompts = [
      Samples.consenting([:], script: evil), Samples.consenting([:], script: evil, columns: 40),
    ]
    var rule = Samples.consenting(
      ["rules": [["text": .string("ls " + evil), "outside": true]]], script: evil)
    rule.press(Key("p"))
    prompts.append(rule)
    var tool = Samples.working()
    tool.send(
      .request(
        .int(5),
        .mcpServerElicitation(
          .init(
            threadId: Session.threadId, turnId: "U1", serverName: "s\u{202E}",
            question: [
              "_meta": [
                "codex_approval_kind": "mcp_tool_call", "tool_name": "t", "tool_params": ["x": .string(evil)],
              ]
            ]))))
    prompts.append(tool)
    var listed = Samples.permissionsOpen()
    listed.reply(
      .permissions(.listed),
      StetPermissions(data: [["id": "1", "text": .string(evil)]], sandbox: ["words": .string(evil)]))
    prompts.append(listed)
    for session in prompts {
      let screen = session.screen()
      let hidden = screen.unicodeScalars.filter {
        $0 != "\n" && ($0.value < 0x20 || $0.properties.generalCategory == .format || $0.value == 0xA0)
      }
      #expect(hidden.isEmpty, "\(session)")
      // Without wraps and the border.
      let text = screen.filter { !"\n┃ ".contains($0) }
      #expect(text.contains("<U+202E>"), "\(session)")
      #expect(text.contains("<200blanks>"), "\(session)")
      #expect(text.contains("rm-rf~"), "\(session)")
    }
  }

  @Test("S10: many empty lines and lines of blanks can't push a command out of sight")
  func s10_emptyLines() {
    #expect(Sanitizer.folded("a" + String(repeating: "\n", count: 41) + "b") == "a\n<40 empty lines>\nb")
    #expect(Sanitizer.folded("a" + String(repeating: "\n ", count: 41) + "b") == "a\n<40 empty lines>\n b")
    #expect(Sanitizer.folded("a\n\n\n    b  c") == "a\n\n\n    b  c")
    #expect(Sanitizer.folded(String(repeating: " ", count: 17) + "x") == "<17 blanks>x")
  }

  @Test("S10: a quote with a mark behind it ends a word, as it does for the shell")
  func s10_quoting() {
    let script = "echo 'a'\u{301} && rm x"
    let line = ShellWords.join(["/bin/bash", "-c", script])
    #expect(ShellWords.script(of: line).unicodeScalars.elementsEqual(script.unicodeScalars))
    #expect(ShellWords.split("'a'\u{301}b'c'")?.count == 1)
  }

  @Test("the part that needs consent is marked, and named")
  func marksTheAskingPart() throws {
    var s = Samples.consenting()
    #expect(s.shows("$ cd sub &&npm run x1"))
    #expect(s.shows("asks for: npm run x1"))
    let surface = s.frame().surface
    let row = try #require(surface.rows.firstIndex { $0.contains("$ cd sub") })
    let underlined = (0..<surface.size.columns).filter {
      surface[$0, row].style.attributes.contains(.underline)
    }
    #expect(underlined.count == "npm run x1".count)
    for broken: JSONValue in [
      ["parts": [["start": 5, "end": 900]]], ["parts": [["start": 9, "end": 2]]], ["parts": "x"],
      ["parts": [["start": -1, "end": 3]]],
    ] { #expect(Samples.consenting(broken).shows("$ cd sub &&npm run x1")) }
    let opaque = Samples.consenting(["opaque": "a redirect"], script: "ls > x")
    #expect(opaque.shows("no rule can cover it: it has a redirect"))
    #expect(!opaque.shows("p rule"))
  }

  @Test(
    "U4, S4: a rule is one of those offered, with a scope and a time that are shown; only then it is stored")
  func u4_remember() {
    var s = Samples.consenting()
    s.press(Key("p"))
    #expect(s.shows("npm run …") && s.shows("holds in this directory, for 30 days"))
    #expect(s.shows("inside the sandbox") && s.shows("offer 1 of 2"))
    s.press(Key(.tab), Key(.down), Key(.down))
    #expect(s.shows("npm run x1") && s.shows("everywhere, for 30 days"))
    #expect(s.answers().isEmpty)
    s.press(Key(.enter))
    #expect(
      s.answers() == [
        ["decision": "accept", "stet": ["remember": ["offer": 1, "scope": "user", "days": 30]]]
      ])
    var typed = Samples.consenting()
    typed.press(Key("p"), Key("x"), Key(.enter))
    #expect(typed.answers().isEmpty && typed.shows("only the offered rules"))
    var outside = Samples.consenting(["rules": [["text": "git push", "outside": true]]], script: "git push")
    outside.press(Key("p"), Key(.up), Key(.up))
    #expect(outside.shows("OUTSIDE the sandbox") && outside.shows("in this thread"))
    outside.press(Key(.enter))
    #expect(
      outside.answers() == [["decision": "accept", "stet": ["remember": ["offer": 0, "scope": "thread"]]]])
  }

  @Test(
    "U27: /permissions lists text, scope, expiry and walls; d twice takes back, y agrees to a project's entry"
  )
  func u27_permissions() {
    var s = Samples.permissionsOpen()
    for text in [
      "bubblewrap 0.8.0", "git push", "up to 2031-01-31", "in ~/project", "OUTSIDE the sandbox", "make check",
      "asked for by ~/project/.stet/config.toml", "<U+202E>",
    ] { #expect(s.shows(text), "\(text) \(s)") }
    _ = s.taken()
    s.press(Key("y"))
    #expect(s.calls() == [change("asked:1", allow: true)])
    s.press(Key("d"))
    #expect(s.requests().isEmpty, "what was not agreed to can't be taken back")
    s.press(Key("j"), Key("d"))
    #expect(s.requests().isEmpty && s.shows("d again takes it back"))
    s.press(Key("d"))
    #expect(s.calls() == [change("rule:1", allow: false)])
    s.fail(.permissions(.listed), "it is no longer there")
    #expect(s.shows("it is no longer there"))
    for (columns, rows) in [(20, 8), (40, 20), (160, 50)] {
      s.size = .init(columns: columns, rows: rows)
      _ = s.frame()
    }
  }

  private func change(_ id: String, allow: Bool) -> JSONValue {
    [
      "method": "stet/permissions/change",
      "params": ["threadId": "T1", "id": .string(id), "allow": .bool(allow)],
    ]
  }

  private func list(_ command: String) -> JSONValue {
    ["method": "stet/permissions/list", "params": ["threadId": "T1", "command": .string(command)]]
  }

  @Test("U27: /permissions tests a typed command and shows the verdict and each part")
  func u27_test() {
    var s = Samples.testing()
    _ = s.taken()
    s.press(Key(.enter))
    #expect(s.calls() == [list("git push")])
    var answer = Samples.permissions
    answer.verdict = [
      "verdict": "ask", "sandboxed": false, "reason": "no walls",
      "parts": [["text": "git push", "verdict": "no rule"]],
    ]
    s.reply(.permissions(.listed), answer)
    #expect(s.shows("asks first, OUTSIDE the sandbox") && s.shows("because: no walls"))
    #expect(s.shows("· git push  no rule"))
    var typed = Session.open()
    typed.type("/permissions rm -rf x")
    typed.press(Key(.enter))
    #expect(typed.calls().last == list("rm -rf x"))
    var other = Session.open(hunkReview: false)
    other.type("/permissions")
    other.press(Key(.enter))
    #expect(other.shows("this server keeps its rules to itself"))
  }

  @Test("S1: the header says what the walls are, not what the policy wants")
  func s1_header() {
    var s = Session.open()
    #expect(s.shows("sandboxed"))
    func opened(_ sandbox: JSONValue) {
      s.reply(.permissions(.opened), StetPermissions(data: [], sandbox: sandbox))
    }
    opened(["wanted": true, "works": false, "words": "no sandbox (bubblewrap is not installed)"])
    #expect(s.shows("no sandbox: commands ask") && !s.shows("· sandboxed"))
    opened(["wanted": true, "works": true, "whole": false, "words": "Landlock version 7"])
    #expect(s.shows("partly sandboxed"))
    opened(["wanted": true, "works": true, "whole": true, "words": "bubblewrap 0.8.0"])
    #expect(s.shows("sandboxed") && !s.shows("partly"))
    s.type("/status")
    s.press(Key(.enter))
    #expect(s.shows("bubblewrap 0.8.0"))
  }

  @Test("S14: what a project asks for is told when a thread opens, and nothing of it holds")
  func s14_wishes() {
    var s = Session.open()
    s.reply(.permissions(.opened), Samples.permissions)
    #expect(s.shows("ask for 1 right") && s.shows("/permissions"))
    var hooked = Session.open()
    var answer = Samples.permissions
    answer.data = [
      [
        "id": "asked:h", "kind": "asked", "text": "hook Stop: ./x.sh", "source": "hook", "changed": true,
        "place": "/home/user/project/.claude/settings.json",
      ],
      ["id": "consent:1", "kind": "consent", "text": "sandbox_mode = read-only", "decision": "allow"],
    ]
    hooked.reply(.permissions(.opened), answer)
    #expect(!hooked.shows("ask for 1 right"), "the server tells of hooks itself")
    hooked.type("/permissions")
    hooked.press(Key(.enter))
    hooked.reply(.permissions(.listed), answer)
    #expect(hooked.shows("? hook Stop: ./x.sh") && hooked.shows("changed since you agreed"))
    #expect(hooked.shows("✓ sandbox_mode") && hooked.shows("agreed to, as it stands · until it changes"))
  }

  @Test("a denial is labelled, and one key runs the command outside once that was confirmed")
  func outside() {
    var s = Samples.denied()
    #expect(s.shows("the sandbox may have refused it · R runs it outside"))
    _ = s.taken()
    s.press(Key("R"))
    #expect(s.shows("Run it outside the sandbox?") && s.shows("echo x > /etc/x") && s.requests().isEmpty)
    s.press(Key("n"))
    #expect(s.requests().isEmpty && s.state.dialogs.isEmpty)
    s.press(Key("R"), Key("y"))
    #expect(
      s.calls() == [
        ["method": "thread/shellCommand", "params": ["threadId": "T1", "command": "echo x > /etc/x"]]
      ])
    var plain = Samples.reading()
    plain.press(Key("R"))
    #expect(plain.state.dialogs.isEmpty)
  }

  @Test("a mode is changed by a key, at once, and goes round")
  func modes() {
    var s = Samples.talked()
    _ = s.taken()
    s.press(Key(.tab, .shift))
    guard case .threadSettingsUpdate(let params)? = s.requests().first else {
      Issue.record("nothing was sent")
      return
    }
    #expect(params.approvalPolicy == nil && params.sandboxPolicy == nil && params.permissions == ":workspace")
    #expect(params.stet?.editReview == .atEnd)
    #expect(s.shows("review-at-end"))
    let cases: [(WorkMode, SandboxPolicy, EditReviewMode)] = [
      (.ask, .workspaceWrite(.init()), .ask), (.reviewAtEnd, .workspaceWrite(.init()), .atEnd),
      (.auto, .workspaceWrite(.init()), .off), (.readOnly, .readOnly(networkAccess: false), .off),
    ]
    for (mode, sandbox, review) in cases {
      #expect((mode.profile == ":read-only") == (sandbox == .readOnly(networkAccess: false)))
      #expect(mode.review == review && WorkMode(.onRequest, sandbox, review) == mode)
    }
    var other = Session.open(hunkReview: false)
    other.type("/mode auto")
    other.press(Key(.enter))
    #expect(other.shows("auto from the next message on"))
  }

  /// As the server tells the settings of the thread that is open.
  private static func settings(_ policy: AskForApproval, _ sandbox: SandboxPolicy) -> ServerNotification {
    .threadSettingsUpdated(
      ThreadSettingsUpdatedNotification(
        threadId: "T1",
        threadSettings: ThreadSettings(
          cwd: "/home/user/project", approvalPolicy: policy, approvalsReviewer: .user, sandboxPolicy: sandbox,
          activePermissionProfile: nil, model: "m", modelProvider: "p", serviceTier: nil, effort: nil,
          summary: nil,
          collaborationMode: CollaborationMode(
            mode: .default,
            settings: CollaborationModeSettings(model: "m", reasoningEffort: nil, developerInstructions: nil)),
          stet: StetThreadOptions(editReview: .ask))))
  }

  @Test(
    "S1: a round of modes keeps the configured policy; only never, with which no mode works, becomes on-request"
  )
  func s1_modesKeepThePolicy() {
    for policy in [AskForApproval.untrusted, .onRequest, .never] {
      var s = Samples.talked()
      s.notify(Self.settings(policy, .workspaceWrite(.init())))
      _ = s.taken()
      for _ in 0..<4 { s.press(Key(.tab, .shift)) }
      let sent = s.requests().compactMap {
        if case .threadSettingsUpdate(let params) = $0 { params } else { nil }
      }
      #expect(sent.count == 4)
      for params in sent {
        #expect(params.approvalPolicy == (policy == .never ? .onRequest : nil) && params.sandboxPolicy == nil)
      }
    }
  }

  @Test("S1: the walls are looked at again when the sandbox of the thread changes")
  func s1_headerFollows() {
    var s = Samples.talked()
    s.notify(Self.settings(.onRequest, .workspaceWrite(.init())))
    _ = s.taken()
    s.notify(Self.settings(.onRequest, .workspaceWrite(.init())))
    #expect(s.requests().isEmpty, "nothing changed")
    s.notify(Self.settings(.onRequest, .readOnly(networkAccess: false)))
    #expect(s.calls() == [["method": "stet/permissions/list", "params": ["threadId": "T1"]]])
    var facts = Samples.permissions
    facts.sandbox = ["wanted": true, "works": false, "whole": false, "words": "no sandbox"]
    s.reply(.permissions(.listed), facts)
    #expect(s.shows("no sandbox: commands ask"))
  }

  @Test("a mode that is chosen before there is a thread holds for the one that opens", arguments: [0, 1, 2])
  func earlyMode(_ moment: Int) {
    var s = Session()
    func choose(_ s: inout Session) {
      s.type("/mode review-at-end")
      s.press(Key(.enter))
    }
    if moment == 0 { choose(&s) }
    s.send(.connected(ServerFacts(serverVersion: "1.0", hunkReview: true, snapshots: true)))
    if moment == 1 { choose(&s) }
    s.send(.setup(.ready))
    if moment == 2 { choose(&s) }
    s.type("change it")
    s.press(Key(.enter))
    _ = s.taken()
    s.reply(.threadStart, Session.startResponse())
    let requests = s.requests()
    guard case .threadSettingsUpdate(let params)? = requests.first, case .turnStart(let turn)? = requests.last
    else {
      Issue.record("not sent before the message: \(requests)")
      return
    }
    #expect(params.stet?.editReview == .atEnd && params.permissions == ":workspace")
    #expect(turn.stet == nil && turn.approvalPolicy == nil)
    // It was said once, and another thread begins as threads do.
    s.type("/new")
    s.press(Key(.enter))
    #expect(s.state.wanted.isEmpty)
  }

  @Test func permissionsGoldens() throws {
    for (columns, rows) in [(100, 30), (40, 20)] {
      var s = Samples.permissionsOpen(second: true)
      s.size = .init(columns: columns, rows: rows)
      try Golden.check(s.frame().surface, "permissions-\(columns)x\(rows)")
    }
  }
}

extension Session {
  /// The requests since the last look, as they go out.
  fileprivate func calls() -> [JSONValue] {
    requests().map { ["method": .string($0.method), "params": (try? $0.params()) ?? .null] }
  }
}
