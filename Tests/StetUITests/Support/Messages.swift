import StetProtocol

@testable import StetUI

extension Session {
  static func thread(_ id: String = threadId, name: String? = nil, preview: String = "", turns: [Turn] = [])
    -> Thread
  {
    Thread(
      id: id, sessionId: id, preview: preview, ephemeral: false, modelProvider: "mock",
      createdAt: 1_699_990_000, updatedAt: 1_699_999_000, status: .idle,
      path: "/home/user/.state/\(id).jsonl",
      cwd: "/home/user/project", cliVersion: "1.0", source: .cli, name: name, turns: turns)
  }

  static func startResponse(policy: AskForApproval = .onRequest) -> ThreadStartResponse {
    ThreadStartResponse(
      thread: thread(), model: "gpt-test", modelProvider: "mock", cwd: "/home/user/project",
      approvalPolicy: policy, approvalsReviewer: .user, sandbox: .workspaceWrite(.init()))
  }

  static func resumeResponse(_ thread: Thread) -> ThreadResumeResponse {
    ThreadResumeResponse(
      thread: thread, model: "gpt-test", modelProvider: "mock", cwd: "/home/user/project",
      approvalPolicy: .onRequest, approvalsReviewer: .user, sandbox: .workspaceWrite(.init()))
  }

  static func turn(
    _ id: String, _ status: TurnStatus = .inProgress, _ items: [ThreadItem] = [], error: TurnError? = nil
  ) -> Turn {
    Turn(id: id, items: items, status: status, error: error)
  }

  mutating func startTurn(_ id: String = "U1") {
    notify(.turnStarted(.init(threadId: Self.threadId, turn: Self.turn(id))))
  }

  mutating func endTurn(_ id: String = "U1", _ status: TurnStatus = .completed, error: TurnError? = nil) {
    notify(.turnCompleted(.init(threadId: Self.threadId, turn: Self.turn(id, status, error: error))))
  }

  mutating func start(_ item: ThreadItem, turn: String = "U1") {
    notify(.itemStarted(.init(item: item, threadId: Self.threadId, turnId: turn, startedAtMs: 0)))
  }

  mutating func complete(_ item: ThreadItem, turn: String = "U1") {
    notify(.itemCompleted(.init(item: item, threadId: Self.threadId, turnId: turn, completedAtMs: 0)))
  }

  mutating func user(_ text: String, id: String = "u1", clientId: String? = nil) {
    let item = ThreadItem.userMessage(.init(id: id, clientId: clientId, content: [.text(text)]))
    start(item)
    complete(item)
  }

  mutating func agent(_ text: String, id: String = "m1") {
    start(.agentMessage(.init(id: id, text: "")))
    stream(text, id: id)
    complete(.agentMessage(.init(id: id, text: text)))
  }

  mutating func stream(_ text: String, id: String = "m1") {
    notify(.agentMessageDelta(.init(threadId: Self.threadId, turnId: "U1", itemId: id, delta: text)))
  }

  static func command(
    _ command: String, id: String = "c1", status: CommandExecutionStatus = .inProgress,
    process: String? = nil,
    output: String? = nil, exit: Int? = nil, ms: Int? = nil, actions: [CommandAction] = []
  ) -> ThreadItem {
    .commandExecution(
      .init(
        id: id, command: "/bin/bash -lc '\(command)'", cwd: "/home/user/project", processId: process,
        status: status,
        commandActions: actions, aggregatedOutput: output, exitCode: exit, durationMs: ms))
  }

  mutating func output(_ text: String, id: String = "c1") {
    notify(
      .commandExecutionOutputDelta(.init(threadId: Self.threadId, turnId: "U1", itemId: id, delta: text)))
  }

  mutating func askForCommand(
    _ command: String, id: Int64 = 7, reason: String? = nil, rule: [String]? = nil, item: String = "c1",
    sandboxed: Bool? = nil, host: NetworkApprovalContext? = nil
  ) {
    let params = CommandExecutionRequestApprovalParams(
      threadId: Self.threadId, turnId: "U1", itemId: item, startedAtMs: 0, reason: reason, command: command,
      cwd: "/home/user/project", proposedExecpolicyAmendment: rule, networkApprovalContext: host,
      stet: sandboxed.map { StetCommandApproval(undoable: .full, sandboxed: $0) })
    send(.request(.int(id), .commandExecutionRequestApproval(params)))
  }

  // MARK: Edits

  static let oldDate = """
    @@ -10,5 +10,5 @@ func formatter()
     let f = DateFormatter()
     f.locale = .current
    -f.timeZone = .current
    +f.timeZone = .gmt
     f.dateStyle = .short
     return f
    """

  /// One hunk in one file.
  static let singleChange = [
    FileUpdateChange(
      path: "/home/user/project/Sources/Date.swift", kind: .update(movePath: nil), diff: oldDate)
  ]

  static let twoHunks = """
    @@ -1,3 +1,3 @@
     one
    -two
    +TWO
     three
    @@ -20,3 +20,4 @@
     twenty
    +new line
     twenty one
     twenty two
    """

  /// Two hunks in one file and a new file.
  static let severalChanges = [
    FileUpdateChange(path: "/home/user/project/a.txt", kind: .update(movePath: nil), diff: twoHunks),
    FileUpdateChange(path: "/home/user/project/b.txt", kind: .add, diff: "hello\nworld\n"),
  ]

  static let singleReview = StetReviewRequest(
    reviewId: "R1", state: .proposed,
    files: [
      StetReviewFile(
        path: "/home/user/project/Sources/Date.swift", kind: "update", baseHash: "h1", size: 10,
        hunks: [
          StetHunk(
            hunkId: "k1", baseStart: 12, baseLines: 1, newStart: 12, newLines: 1,
            ops: [
              StetOperation(
                opId: "o1", kind: "replace", baseStart: 12, baseLines: 1, newStart: 12, newLines: 1)
            ])
        ])
    ])

  static let severalReview = StetReviewRequest(
    reviewId: "R2", state: .proposed,
    files: [
      StetReviewFile(
        path: "/home/user/project/a.txt", kind: "update", baseHash: "ha", size: 10,
        hunks: [
          StetHunk(
            hunkId: "k1", baseStart: 2, baseLines: 1, newStart: 2, newLines: 1,
            ops: [
              StetOperation(opId: "a1", kind: "replace", baseStart: 2, baseLines: 1, newStart: 2, newLines: 1)
            ]),
          StetHunk(
            hunkId: "k2", baseStart: 21, baseLines: 0, newStart: 21, newLines: 1,
            ops: [
              StetOperation(opId: "a2", kind: "add", baseStart: 21, baseLines: 0, newStart: 21, newLines: 1)
            ]),
        ]),
      StetReviewFile(
        path: "/home/user/project/b.txt", kind: "add", size: 12,
        hunks: [
          StetHunk(
            hunkId: "k3", baseStart: 0, baseLines: 0, newStart: 1, newLines: 2,
            ops: [
              StetOperation(opId: "b1", kind: "add", baseStart: 0, baseLines: 0, newStart: 1, newLines: 2)
            ])
        ]),
    ])

  mutating func proposeEdit(
    _ changes: [FileUpdateChange] = singleChange, review: StetReviewRequest? = singleReview, id: Int64 = 9,
    reason: String? = nil
  ) {
    start(.fileChange(.init(id: "f1", changes: changes, status: .inProgress)))
    var params = FileChangeRequestApprovalParams(
      threadId: Self.threadId, turnId: "U1", itemId: "f1", startedAtMs: 0, stet: review)
    params.reason = reason
    send(.request(.int(id), .fileChangeRequestApproval(params)))
  }
}
