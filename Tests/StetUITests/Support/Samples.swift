import StetProtocol
import StetTestSupport

@testable import StetUI

/// Sessions in every situation that a key can be pressed in.
enum Samples {
  /// Everything a key could change: the picture, the caret, what was asked for, what is remembered.
  static func fingerprint(_ session: inout Session) -> String {
    let frame = session.frame()
    let state = session.state
    return [
      Golden.describe(frame.surface), "\(String(describing: frame.cursor))", "\(session.log.effects.count)",
      "\(state.lastInterrupt != nil)", "\(state.dialogs.count)", state.composer.text, "\(state.focus)",
    ].joined(separator: "\n")
  }

  static func sessions(for context: KeyContext) -> [Session] {
    switch context {
    case .global: [.open(), prompted(), prompted(withDraft: true)]
    case .working: [working()]
    case .start: [noModel()]
    case .popup: [completing()]
    case .draft: [drafted(), drafted(working())]
    case .empty: [.open(), talked(), queued(), scrolled(), untrusted()]
    case .composer: [drafted(), scrolled(), queued(), recalled()]
    case .vi: [vi(), vi(undone: true), vi(pending: true), vi(found: true)]
    case .viInsert: [vi(.insert)]
    case .transcript: [reading(), reading(atStart: true), denied()]
    case .command: [prompted(), prompted(long: true)]
    case .hunk: [edited(), edited(long: true)]
    case .hunks: [edited(several: true), edited(several: true, small: true)]
    case .question:
      [
        asked(options: true), asked(options: false), asked(options: true, second: true), askedForm(),
        askedForm(count: 9),
      ]
    case .tool: [askedTool(), askedTool(long: true)]
    case .permissions: [permitted(), permitted(long: true)]
    case .field: [fielded(), remembering(), committing()]
    case .permissionList: [permissionsOpen(), permissionsOpen(second: true)]
    case .permissionTest: [testing()]
    case .outside: [denied(asked: true)]
    case .review:
      [
        reviewed(), reviewed(decided: true), reviewed(deep: true), reviewing(), reviewing(deep: true),
        reviewingOnDisk(),
      ]
    case .reviewConfirm: [reviewing([Key("X")])]
    case .reviewFiles: [reviewing([Key(.tab)]), reviewing([Key(.tab), Key("j")])]
    case .list: [listed(), listed(filter: "a b"), picking()]
    case .queue: [queueOpen(), queueOpen(second: true)]
    case .undo: [undoing(), undoing(second: true)]
    case .compact: [compacting(), compacting(nothing: true), compacting(small: true)]
    case .page: [helped(), helped(down: true), paged()]
    }
  }

  static func working() -> Session {
    var s = Session.open()
    s.startTurn()
    s.user("do it")
    return s
  }

  static func untrusted() -> Session {
    var s = Session()
    s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
    s.send(.setup(.ready))
    var response = Session.startResponse()
    response.sandbox = .readOnly(networkAccess: false)
    s.reply(.threadStart, response)
    return s
  }

  static func noModel() -> Session {
    var s = Session()
    s.send(.connected(ServerFacts(hunkReview: true, snapshots: true)))
    s.send(.setup(.missing([LookedFor(what: "OPENAI_API_KEY", found: "not set")])))
    return s
  }

  static func completing() -> Session {
    var s = Session.open()
    s.type("/")
    return s
  }

  static func drafted(_ base: Session = .open()) -> Session {
    var s = base
    s.type("one two")
    s.press(Key(.enter, .alt))
    s.type("three four")
    s.press(Key(.enter, .alt))
    s.type("five")
    s.press(Key(.up), .ctrl("w"), .ctrl("_"))
    s.press(Key(.left), Key(.left))
    return s
  }

  /// Three lines with the caret in the middle of the second, and something that was yanked.
  static func vi(
    _ mode: ViState.Mode = .normal, undone: Bool = false, pending: Bool = false, found: Bool = false
  ) -> Session {
    var s = Session.open()
    s.send(.settings(InterfaceSettings(hasViKeys: true)))
    s.send(.input(.paste("one, two three\n  four five-six seven\neight nine")))
    s.press(Key(.escape), Key("k"), Key("0"), Key("w"), Key("w"), Key("y"), Key("w"), Key("l"))
    if undone { s.press(Key("x"), Key("u")) }
    if found { s.press(Key("f"), Key("e"), Key(";")) }
    if pending { s.press(Key("2")) }
    if mode == .insert { s.press(Key("i")) }
    return s
  }

  static func recalled() -> Session {
    var s = Session.open()
    s.send(.history(["first", "second", "third"]))
    s.press(Key(.up), Key(.up))
    return s
  }

  static func talked() -> Session {
    var s = working()
    s.agent("done")
    s.endTurn()
    return s
  }

  static func queued() -> Session {
    var s = working()
    s.type("later")
    s.press(Key(.tab))
    s.endTurn("U1", .interrupted)
    return s
  }

  static func scrolled() -> Session {
    var s = working()
    s.agent((0..<200).map { "line \($0)" }.joined(separator: "\n\n"))
    s.endTurn()
    _ = s.frame()
    s.press(Key(.pageUp), Key(.pageUp), Key(.pageUp))
    return s
  }

  static func reading(atStart: Bool = false) -> Session {
    var s = working()
    s.agent("look:\n\n```swift\nlet x = 1\n```")
    s.complete(
      Session.command("ls", status: .completed, output: (0..<60).map { "f\($0)" }.joined(separator: "\n")))
    s.notify(
      .turnDiffUpdated(
        .init(threadId: Session.threadId, turnId: "U1", diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")))
    s.agent((0..<60).map { "line \($0)" }.joined(separator: "\n\n"), id: "m2")
    s.endTurn()
    _ = s.frame()
    s.press(Key(.escape), Key("k"))
    if atStart { s.press(Key("g")) }
    return s
  }

  static func prompted(long: Bool = false, withDraft: Bool = false) -> Session {
    var s = working()
    if withDraft { s.type("half a sentence") }
    s.start(Session.command("ls"))
    let script = long ? (0..<80).map { "echo \($0)" }.joined(separator: "\n") : "git status -s"
    s.askForCommand(script, rule: long ? nil : ["git", "status"])
    arm(&s)
    if long { s.press(Key(.down), Key(.down)) }
    return s
  }

  static func arm(_ s: inout Session) {
    _ = s.frame()
    s.wait(2000)
    _ = s.frame()
  }

  static func edited(several: Bool = false, long: Bool = false, small: Bool = false) -> Session {
    var s = working()
    if several, small {
      let changes = (0..<12).map {
        FileUpdateChange(path: "/home/user/project/\($0).txt", kind: .add, diff: "\($0)\n")
      }
      s.proposeEdit(changes, review: nil)
    } else if several {
      s.proposeEdit(Session.severalChanges, review: Session.severalReview)
    } else {
      s.proposeEdit()
    }
    if long || small { s.size = .init(columns: 60, rows: long ? 12 : 9) }
    arm(&s)
    if long || small { s.press(Key(.down)) }
    return s
  }

  static func asked(options: Bool, second: Bool = false) -> Session {
    var s = working()
    let question = ToolRequestUserInputQuestion(
      id: "q1", header: "Which one?", question: "Pick", isOther: true,
      options: options
        ? [.init(label: "A", description: "first"), .init(label: "B", description: "other")] : nil)
    s.send(
      .request(
        .int(3),
        .toolRequestUserInput(
          .init(
            threadId: Session.threadId, turnId: "U1", itemId: "q", questions: [question], isBlocking: true))))
    arm(&s)
    if second { s.press(Key("j")) }
    return s
  }

  /// A form of an MCP server: a choice, then a number that may stay empty.
  static func askedForm(count: Int = 2) -> Session {
    var s = working()
    let schema: JSONValue = [
      "type": "object", "required": ["branch"],
      "properties": [
        "branch": [
          "type": "string", "title": "Branch", "enum": .array((0..<count).map { .string("b\($0)") }),
        ],
        "depth": ["type": "integer", "description": "how deep"],
      ],
    ]
    s.send(
      .request(
        .int(4),
        .mcpServerElicitation(
          .init(
            threadId: Session.threadId, turnId: "U1", serverName: "github",
            question: ["mode": "form", "message": "Where to?", "requestedSchema": schema]))))
    arm(&s)
    return s
  }

  static func askedTool(long: Bool = false) -> Session {
    var s = working()
    let title = long ? String(repeating: "many words ", count: 120) : "Fix the build"
    s.send(
      .request(
        .int(5),
        .mcpServerElicitation(
          .init(
            threadId: Session.threadId, turnId: "U1", serverName: "github",
            question: [
              "mode": "form", "message": "Allow the github MCP server to run tool \"create_issue\"?",
              "requestedSchema": ["type": "object", "properties": [:]],
              "_meta": [
                "codex_approval_kind": "mcp_tool_call", "persist": ["session", "always"],
                "tool_name": "create_issue", "tool_description": "Opens an issue.",
                "tool_params": ["title": .string(title), "labels": ["bug"]],
              ],
            ]))))
    if long { s.size = .init(columns: 60, rows: 12) }
    arm(&s)
    if long { s.press(Key(.down)) }
    return s
  }

  static func permitted(long: Bool = false) -> Session {
    var s = working()
    let reason = long ? (0..<60).map { "because \($0)" }.joined(separator: "\n") : "to fetch packages"
    s.send(
      .request(
        .int(4),
        .permissionsRequestApproval(
          .init(
            threadId: Session.threadId, turnId: "U1", itemId: "p", startedAtMs: 0, cwd: "/home/user/project",
            reason: reason, permissions: .init(network: .init(enabled: true))))))
    arm(&s)
    if long { s.press(Key(.down), Key(.down)) }
    return s
  }

  static func fielded() -> Session {
    var s = prompted()
    s.press(Key("p"))
    s.press(.ctrl("w"), .ctrl("_"), Key("x"), .alt("b"), Key(.left), Key(.left))
    return s
  }

  static func reviewed(decided: Bool = false, deep: Bool = false) -> Session {
    var s = edited(several: true)
    s.press(Key(.enter))
    if decided { s.press(Key("y"), Key("y"), Key("y"), Key("u")) }
    if deep {
      s.size = .init(columns: 80, rows: 12)
      s.press(Key("]"), Key("j"), Key("j"))
    }
    return s
  }

  /// The four files of `ReviewSamples`, searched, with a comment; deep: further down.
  static func reviewing(_ keys: [Key] = [], deep: Bool = false) -> Session {
    var s = ReviewSamples.session(ReviewSamples.files, deep ? 150 : 90, deep ? 14 : 24)
    s.press(Key("C"))
    s.type("about the file")
    s.press(Key(.enter), Key("/"))
    s.type("formatter")
    s.press(Key(.enter))
    if deep { s.press(Key("}"), Key("y"), Key("{"), Key("j"), Key("j")) }
    for key in keys { s.press(key) }
    return s
  }

  /// Edits that landed already, one of them accepted.
  static func reviewingOnDisk() -> Session {
    var s = working()
    var review = ReviewSamples.request(ReviewSamples.files)
    review.1.state = .applied
    s.proposeEdit(review.0, review: review.1)
    s.answer(Key(.enter))
    s.press(Key("y"))
    return s
  }

  /// A commit message of three lines is being written; the caret stands in the middle one.
  static func committing() -> Session {
    var s = reviewingOnDisk()
    s.press(.ctrl("k"))
    s.reply(.commitDraft(reviewId: "R9"), ["message": "Subject\n\nWhy it is so"] as JSONValue)
    s.press(Key(.up))
    return s
  }

  static func listed(filter: String = "") -> Session {
    var s = Session.open()
    s.send(.history((0..<50).map { "message \($0) a b" }))
    s.press(.ctrl("r"), Key(.down), Key(.pageDown))
    s.type(filter)
    if !filter.isEmpty { s.press(Key(.left)) }
    return s
  }

  /// The thread picker over an open thread, another one chosen.
  static func picking() -> Session {
    var s = Session.open()
    s.press(.ctrl("o"))
    s.reply(
      .threadList(generation: 1),
      ThreadListResponse(data: [Session.thread("T5", name: "date test"), Session.thread(name: "this one")]))
    return s
  }

  static func queueOpen(second: Bool = false) -> Session {
    var s = working()
    for text in ["one", "two", "three"] {
      s.type(text)
      s.press(Key(.tab))
    }
    s.press(Key(.up, .alt))
    if second { s.press(Key("j")) }
    return s
  }

  static let snapshots = StetSnapshotListResponse(data: [
    .init(
      snapshotId: "S3", turnId: nil, seq: 3, createdAtMs: 1_700_000_900_000, cause: "restore", files: 1,
      added: 1,
      removed: 1, state: "active"),
    .init(
      snapshotId: "S2", turnId: "U2", seq: 2, createdAtMs: 1_700_000_500_000, cause: "tool", files: 2,
      added: 3,
      removed: 1, state: "active"),
    .init(
      snapshotId: "S1", turnId: "U1", seq: 1, createdAtMs: 1_699_000_000_000, cause: "tool", files: 1,
      added: 1,
      removed: 0, state: "active"),
  ])

  static let plan = StetSnapshotRestoreResponse(
    planId: "P1",
    files: [
      .init(
        path: "/home/user/project/a.txt", action: "write",
        diff: (0..<60).map { "@@ -\($0 * 10 + 1) +\($0 * 10 + 1) @@\n-b\n+a\n" }.joined()),
      .init(path: "/home/user/project/new.txt", action: "delete"),
      .init(path: "/home/user/project/mine.txt", action: "refuse", reason: "userEdited"),
    ])

  static let contextUse: StetContextUse = {
    var use = StetContextUse(
      tokens: 62_000, window: 100_000, limit: 75_400, prompt: 2_600, documents: 1_100, toolOutput: 41_300,
      conversation: 17_000)
    (use.keptContext, use.keptMessages, use.keptCalls, use.summarised) = (3_700, 1_200, 14_800, 42_300)
    use.canUndo = true
    return use
  }()

  static func compacting(nothing: Bool = false, small: Bool = false) -> Session {
    var s = talked()
    if small { s.size = .init(columns: 40, rows: 9) }
    s.type("/compact the parser")
    s.press(Key(.enter))
    var use = contextUse
    if nothing { (use.summarised, use.canUndo) = (0, false) }
    s.reply(.contextRead, use)
    _ = s.frame()
    if small { s.press(Key("j")) }
    return s
  }

  static func undoing(second: Bool = false) -> Session {
    var s = talked()
    s.type("/undo")
    s.press(Key(.enter))
    s.reply(.snapshotList, snapshots)
    s.reply(.snapshotPlan(snapshotId: "S2"), plan)
    _ = s.frame()
    if second {
      s.press(Key("J"))
      s.reply(.snapshotPlan(snapshotId: "S1"), plan)
      _ = s.frame()
      s.press(Key("j"), Key(.pageDown))
    }
    return s
  }

  /// An entry between two others, on a page of its own.
  static func paged() -> Session {
    var s = reading()
    s.press(Key("o"))
    return s
  }

  static func helped(down: Bool = false) -> Session {
    var s = Session.open()
    s.press(Key("?"))
    _ = s.frame()
    if down { s.press(Key(.pageDown), Key(.pageDown)) }
    return s
  }
}
