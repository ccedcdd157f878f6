import StetClient
import StetJSON
import StetProtocol
import StetRPC
import Synchronization

// `stet mcp-server`: a client of the app-server on one side, an MCP server on the other. A call of a tool is a turn; its
// items are progress, its last message the result, its questions elicitations. It grants nothing: what a call may do at
// most is in ToolBounds.

/// Speaks to both sides. What comes from the app-server comes from one thread in order, what comes from the MCP client
/// from another; the calls lie under a lock between them.
final class ToolServer: Sendable {
  /// Calls at a time: each is a turn with requests to a model.
  static let callLimit = 16
  /// The versions of MCP that this speaks, the newest first.
  private static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

  /// A question to the client.
  struct Asked: Sendable {
    let thread: String
    let id: RequestID
  }

  struct State {
    var isGreeted = false
    /// Whether the client takes questions for its user.
    var canAsk = false
    var calls: [ServedCall] = []
    /// Threads that are being let go, and the calls that wait until they are.
    var leaving: [String: [@Sendable () -> Void]] = [:]
    /// What the client's user is asked, by the app-server's request.
    var questions: [RequestID: Asked] = [:]
  }

  /// Takes a thread out of memory, then calls back.
  typealias LetGo = @Sendable (_ thread: String, _ done: @escaping @Sendable () -> Void) -> Void

  let host: Connection
  let bounds: ToolBounds
  let model: String?
  let letGo: LetGo
  let state = Mutex(State())
  private let app = Mutex<AppClient?>(nil)
  private let onEnd: @Sendable () -> Void

  /// - Parameter model: of calls that name none; nil: the configuration's.
  init(
    _ stream: any Transport, bounds: ToolBounds, model: String?, letGo: @escaping LetGo,
    onEnd: @escaping @Sendable () -> Void
  ) {
    host = Connection(stream)
    self.bounds = bounds
    self.model = model
    self.letGo = letGo
    self.onEnd = onEnd
  }

  var client: AppClient? { app.withLock { $0 } }

  func start(_ transport: any Transport) {
    let client = AppClient(
      transport,
      events: AppClient.Events(
        onNotification: { [weak self] in self?.heard($0) },
        onRequest: { [weak self] in self?.asked($0, $1) },
        onClose: { [weak self] _ in self?.onEnd() }))
    app.withLock { $0 = client }
    let hello = InitializeParams(
      clientInfo: ClientInfo(name: "stet-mcp-server", version: Version.current, title: "stet mcp-server"),
      capabilities: InitializeCapabilities(
        experimentalApi: true, optOutNotificationMethods: ExecSession.unwanted,
        stet: StetCapabilities(hunkReview: false, snapshots: true, events: false)))
    // What follows is sent behind it, in order; its answer holds nothing that is needed.
    client.send(.initialize(hello)) { _ in }
    client.notify("initialized")
    host.start(
      onRequest: { [weak self] in self?.request($0, $1, $2, $3) },
      onNotification: { [weak self] in self?.notification($0, $1) },
      onClose: { [weak self] _ in self?.onEnd() })
  }

  func stop() {
    client?.close()
    host.close()
  }

  // MARK: - The MCP client

  private func request(_ id: RequestID, _ method: String, _ params: JSONValue?, _ reply: Reply) {
    switch method {
    case "initialize": greet(params ?? .null, reply)
    case "ping": reply.succeed([:] as JSONValue)
    case _ where !state.withLock({ $0.isGreeted }): reply.fail(.invalidRequest("not initialized"))
    case "tools/list": reply.succeed(["tools": ToolDefinitions.list] as JSONValue)
    case "tools/call": call(id, params ?? .null, reply)
    default: reply.fail(RPCError(code: -32601, message: "method not found: \(method)"))
    }
  }

  private func greet(_ params: JSONValue, _ reply: Reply) {
    let isFirst = state.withLock { state in
      defer { state.isGreeted = true }
      if !state.isGreeted { state.canAsk = Self.takesForms(params["capabilities"]?["elicitation"]) }
      return !state.isGreeted
    }
    guard isFirst else { return reply.fail(.invalidRequest("already initialized")) }
    let asked = params["protocolVersion"]?.stringValue ?? ""
    reply.succeed(
      [
        "protocolVersion": .string(Self.versions.contains(asked) ? asked : Self.versions[0]),
        "capabilities": ["tools": ["listChanged": false]],
        "serverInfo": ["name": "stet", "title": "stet", "version": .string(Version.current)],
      ] as JSONValue)
  }

  /// Elicitation of forms: what an empty capability means; a client may offer addresses only.
  private static func takesForms(_ capability: JSONValue?) -> Bool {
    guard let members = capability?.objectValue else { return false }
    return members.isEmpty || members["form"]?.objectValue != nil
  }

  private func notification(_ method: String, _ params: JSONValue?) {
    guard method == "notifications/cancelled", let id = params?["requestId"].flatMap(RequestID.init) else {
      return
    }
    cancel(id)
  }
}
