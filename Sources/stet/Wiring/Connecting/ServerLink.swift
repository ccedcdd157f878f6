import Logging
import StetAgent
import StetConfig
import StetRPC

/// A way to an app-server, with what was started for it.
struct ServerLink: Sendable {
  let transport: any Transport
  /// The server of this process; nil for any other.
  let backend: Backend?
  /// How others come to that server.
  private let door: ThreadDoor?
  private let child: ChildServer?

  /// The variable that may hold the token of a `ws://` server. Commands of the model never see it: it is a secret's
  /// name.
  static let tokenVariable = "STET_REMOTE_TOKEN"

  /// A server in this process; nobody else comes to it without a door.
  init(embedded backend: Backend, door: ThreadDoor? = nil) {
    self.init(transport: backend.connect(), backend: backend, door: door, child: nil)
  }

  private init(
    transport: any Transport, backend: Backend? = nil, door: ThreadDoor? = nil, child: ChildServer? = nil
  ) {
    self.transport = transport
    self.backend = backend
    self.door = door
    self.child = child
  }

  /// Starts or reaches the server; throws what is wrong and what to do.
  static func open(_ choice: ServerChoice, _ surroundings: Surroundings, log: Logger) async throws
    -> ServerLink
  {
    switch choice {
    case .embedded:
      let backend = Backend(surroundings, log: log)
      return ServerLink(embedded: backend, door: ThreadDoor(backend, surroundings, log: log))
    case .command(let command):
      let child = try ChildServer(
        command: command, directory: surroundings.directory, environment: surroundings.environment, log: log)
      return ServerLink(transport: child.transport, child: child)
    case .socket(let address, let tokenFile):
      // Connecting waits: not on a thread that others need.
      let result: Result<WebSocketTransport, any Error> = await withCheckedContinuation { continuation in
        WorkerThread.start {
          continuation.resume(returning: Result { try connect(address, tokenFile, surroundings, log) })
        }
      }
      return ServerLink(transport: try result.get())
    case .holder(let holder):
      do {
        return try await open(.socket(holder.address, tokenFile: nil), surroundings, log: log)
      } catch {
        // Its socket is gone before the thread is free.
        guard holder.hasLeft(surroundings.home) else { throw error }
        return try await open(.embedded, surroundings, log: log)
      }
    }
  }

  /// Lets other terminals in from now on: work begins that they may want to see.
  func openDoor() { door?.open() }

  /// Whether the server of this process can be left without a loss: no work was begun here, and none goes on.
  var isIdle: Bool {
    guard let backend, let door, door.isUntouched else { return false }
    return backend.agent.loadedThreads.allSatisfy { $0.status == .idle }
  }

  /// Why the connection ended, as far as can be told.
  func epitaph(_ reason: String?) -> String? { child.map { $0.epitaph(reason) } ?? reason }

  /// Ends what was started for the link; returns when nothing of it is left.
  func end() async {
    transport.close()
    door?.close()
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
