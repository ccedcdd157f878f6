import Glibc
import Logging
import StetConfig
import StetRPC
import StetServer
import StetStore

/// A server's socket with what belongs to it: the token's file and the note for other processes.
final class Listening: Sendable {
  let socket: ListeningSocket
  /// Where the token is; nil at a unix socket.
  let tokenPath: String?
  private let listener: WebSocketListener
  private let record: ListenerRecord
  /// A token that was made for this run alone goes with it.
  private let ownsToken: Bool

  /// - Parameters:
  ///   - directory: what a relative path is taken from.
  ///   - tokenFile: the user's own token file, nil for one that is made anew.
  /// - Throws: `SocketError` or `StoreError` with words for the user.
  init(_ address: SocketAddress, tokenFile: String?, home: StetHome, directory: String, log: Logger) throws {
    // The note's folder holds the socket and the token too: it is made first, for the user alone.
    var token: BearerToken?
    switch address {
    case .unix(let path):
      socket = try ListeningSocket.unix(path: Listening.path(path, home: home, directory: directory))
      (tokenPath, ownsToken) = (nil, false)
      record = try ListenerRecord.write(address: socket.address, directory: home.serversDirectory)
    case .webSocket(let host, let port):
      socket = try ListeningSocket.loopback(host, port: port)
      record = try ListenerRecord.write(address: socket.address, directory: home.serversDirectory)
      ownsToken = tokenFile == nil
      if let tokenFile {
        token = try TokenFile.readOrCreate(tokenFile)
        tokenPath = tokenFile
      } else {
        let path = Listening.tokenPath(host, socket.port ?? port, home: home)
        token = try TokenFile.make(at: path)
        tokenPath = path
      }
    }
    listener = try WebSocketListener(socket, token: token, log: { log.info("\($0)") })
  }

  /// Serves every client that comes.
  func serve(_ server: AppServer) {
    listener.start { transport, gone in server.accept(transport, onClosed: gone) }
  }

  /// Takes no more clients and removes the files that were made.
  func stop() {
    listener.stop()
    if ownsToken, let tokenPath { unlink(tokenPath) }
  }

  /// The absolute path of a unix socket; nil stands for the default one.
  static func path(_ path: String?, home: StetHome, directory: String) -> String {
    guard let path else { return home.serversDirectory + "/app-server.sock" }
    return path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  /// Where the token of the server at a port lies, unless its user chose another place.
  static func tokenPath(_ host: SocketAddress.LoopbackHost, _ port: UInt16, home: StetHome) -> String {
    "\(home.serversDirectory)/ws-\(host.text)-\(port).token"
  }
}
