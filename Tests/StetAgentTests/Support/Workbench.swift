import Glibc
import StetAgent
import StetProtocol
import StetTestSupport
import Synchronization
import Testing

/// A thread with the real tools on a real workspace: the model is scripted, everything else happens.
final class Workbench: Sendable {
  /// Where the build puts the tests, and stet beside them. Workspaces lie there: /tmp is private in the sandbox.
  static let build: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }()

  let harness: AgentHarness
  let userHome: TempDirectory
  let thread: String
  var work: TempDirectory { harness.work }
  var sink: RecordingSink { harness.sink }

  /// - Parameters:
  ///   - model: its name decides which edit tool there is: `gpt-5` has the patch, others edit and write.
  ///   - files: what is in the workspace.
  init(
    _ script: [FakeModel.Step], model: String = "mock-model", files: [String: String] = [:],
    sandbox: SandboxMode = .workspaceWrite, approval: AskForApproval = .onRequest,
    review: EditReviewMode = .off, environment: [String: String] = [:],
    settings: String = ""
  ) async throws {
    let work = TempDirectory("work", in: Self.build)
    for (path, text) in files { work.write(path, text) }
    userHome = TempDirectory("user", in: Self.build)
    let base = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": userHome.path, "SHELL": "/bin/sh"]
    harness = AgentHarness(
      // The workspace lies in a repository that has instructions of its own.
      script, tools: nil, settings: "project_root_markers = []\n" + settings, model: model,
      environment: base.merging(environment) { $1 },
      home: TempDirectory("home", in: Self.build), work: work)
    var params = ThreadStartParams(cwd: work.path)
    params.sandbox = sandbox
    params.approvalPolicy = approval
    params.stet = StetThreadOptions(editReview: review)
    thread = try await harness.start(params).thread.id
    // It comes after the answer, and belongs to no turn.
    await sink.until { entries in
      entries.contains {
        if case .notification(.threadStarted) = $0 { true } else { false }
      }
    }
  }

  /// Runs a turn to its end and checks that every item was closed.
  @discardableResult
  func turn(_ location: SourceLocation = #_sourceLocation) async throws -> Turn {
    sink.mark("turn")
    let turn = try await harness.turn(thread, "go")
    harness.checkInvariants(location)
    return turn
  }

  /// Answers the requests that come with these, in their order; one more request is a failure of the test.
  func answer(_ answers: JSONValue...) { answer { _ in answers } }

  /// The same, made from the request's params when it comes.
  func answer(_ answers: @escaping @Sendable (JSONValue) -> [JSONValue]) {
    let count = Counter()
    sink.setAnswer { request in
      let index = count.next()
      guard let params = try? request.params() else { return nil }
      let list = answers(params)
      guard index < list.count else {
        Issue.record("request \(index + 1) was not expected: \(params.text)")
        return .success(["decision": "cancel"])
      }
      return .success(list[index])
    }
  }

  // MARK: - What came of it

  /// What the model reads of call `index` with request `request`.
  func output(_ index: Int = 0, request: Int = 1) -> String {
    guard harness.model.requests.indices.contains(request) else { return "(no request \(request))" }
    let outputs = harness.input(request).filter { $0["type"]?.stringValue?.hasSuffix("call_output") == true }
    return outputs.indices.contains(index)
      ? outputs[index]["output"]?.stringValue ?? "(no text)" : "(no output)"
  }

  /// The notifications since the turn began, without its frame.
  var flow: [String] {
    let frame: Set<String> = [
      "reply", "turn/started", "started userMessage", "completed userMessage", "started agentMessage",
      "completed agentMessage", "delta", "thread/tokenUsage/updated", "account/rateLimits/updated",
      "turn/diff/updated",
      "stet/snapshot/created", "stet/review/changed", "thread/readState/changed",
    ]
    return harness.order(after: "turn").filter { !frame.contains($0) }
  }

  var commands: [CommandExecutionItem] {
    completed.compactMap { if case .commandExecution(let item) = $0 { item } else { nil } }
  }
  var changes: [FileChangeItem] {
    completed.compactMap { if case .fileChange(let item) = $0 { item } else { nil } }
  }
  var completed: [ThreadItem] {
    sink.notifications.compactMap { if case .itemCompleted(let value) = $0 { value.item } else { nil } }
  }
  var requests: [JSONValue] {
    sink.entries.compactMap { if case .request(let request) = $0 { try? request.params() } else { nil } }
  }
  var deltas: String {
    sink.notifications.compactMap {
      if case .commandExecutionOutputDelta(let value) = $0 { value.delta } else { nil }
    }.joined()
  }

  /// Returns when the deltas so far hold this text.
  func untilDelta(_ text: String) async {
    await sink.until { entries in
      entries.contains {
        if case .notification(.commandExecutionOutputDelta(let value)) = $0 {
          value.delta.contains(text)
        } else {
          false
        }
      }
    }
  }

  func untilRequest() async {
    await sink.until { $0.contains { if case .request = $0 { true } else { false } } }
  }
}

/// Counts calls from 0.
private final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}
