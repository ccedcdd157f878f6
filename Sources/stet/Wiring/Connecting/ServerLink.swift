import Logging
import StetAgent
import StetConfig
import StetRPC

/// A way to an app-server, with what was started for it.
struct ServerLink: Sendable {
  let transport: any Transport
  /// The server of this process; nil for any other.
  let backend: Backend?
  private let child: ChildServer?

  /// The variable that may hold the token of a `ws://` server. Commands of the model never see it: it is a secret's
  /// name.
  static let tokenVariable = "STET_REMOTE_TOKEN"

  /// A server in this process.
  init(embedded backend: Backend) {
    self.init(transport: backend.connect(), backend: backend, child: nil)
  }

  private init(transport: any Transport, backend: Backend?, child: ChildServer?) {
    self.transport = transport
    self.backend = backend
    self.child = child
  }

  /// Starts or reaches the server; throws what is wrong and what to do.
  static func open(_ choice: ServerChoice, _ surroundings: Surroundings, log: Logger) async throws
    -> ServerLink
  {
    switch choice {
    case .embedded: return ServerLink(embedded: Backend(surroundings, log: log))
    case .command(let command):
      let child = try ChildServer(
        command: command, directory: surroundings.directory, environment: surroundings.environment, log: log)
      return ServerLink(transport: child.transport, backend: nil, child: child)
    case .socket(let address, let tokenFile):
      // Connecting waits: not on a thread that others need.
      let result: Result<WebSocketTransport, any Error> = await withCheckedContinuation { continuation in
        WorkerThread.start {
          continuation.resume(returning: Result { try connect(address, tokenFile, surroundings, log) })
        }
      }
      return ServerLink(transport: try result.get(), backend: nil, child: nil)
    }
  }

  /// Why the connection ended, as far as can be told.
  func epitaph(_ reason: String?) -> String? { child.map { $0.epitaph(reason) } ?? reason }

  /// Ends what was started for the link; returns when nothing of it is left.
  func end() async {
    transport.close()
    await child?.end()
    await backend?.shutdown()
  }

  private static func connect(
    _ address: SocketAddress, _ tokenFile: String?, _ surroundings: Surroundings, _ log: Logger
  ) throws -> WebSocketTransport {
    let fault: @Sendable (LineFault) -> Void = { log.warning("the server said what is no message: \($0)") }
    switch address {
    case .unix(let path):
      let path = Listening.path(path, home: surroundings.home, directory: surroundings.directory)
      return try SocketConnector.unix(path: path, fault: fault)
    case .webSocket(let host, let port):
      let token = try token(host, port, tokenFile, surroundings)
      return try SocketConnector.loopback(host, port: port, token: token, fault: fault)
    }
  }

  private static func token(
    _ host: SocketAddress.LoopbackHost, _ port: UInt16, _ file: String?, _ surroundings: Surroundings
  ) throws -> BearerToken? {
    if let file { return try TokenFile.read(file) }
    if let word = surroundings.environment[tokenVariable], !word.isEmpty {
      guard let token = BearerToken(word) else {
        throw SocketError("$\(tokenVariable) is no token: one word of printable ASCII")
      }
      return token
    }
    let path = Listening.tokenPath(host, port, home: surroundings.home)
    // Servers that others wrote may ask for none.
    return TokenFile.exists(path) ? try TokenFile.read(path) : nil
  }
}
