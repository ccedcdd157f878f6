import StetRPC

/// Which app-server a command is a client of.
enum ServerChoice: Sendable {
  /// One in this process.
  case embedded
  /// One that a shell command starts as a child and that speaks on its standard streams.
  case command(String)
  /// One that listens.
  case socket(SocketAddress, tokenFile: String?)
  /// The one of the process that has a thread open; when that is gone, the thread goes on in this process.
  case holder(ThreadHolder)

  /// How it is called on the screen; nil for the one that goes without saying.
  var place: String? {
    switch self {
    case .embedded: nil
    case .command(let command): command
    case .socket(.unix(let path), _): "unix://\(path ?? "")"
    case .socket(.webSocket(let host, let port), _): "ws://\(host.text):\(port)"
    case .holder(let holder): "process \(holder.pid)"
    }
  }

  /// What listens is there before and after us, so a lost connection may come back by itself; a command is not run
  /// again unasked.
  var comesBack: Bool {
    switch self {
    case .socket, .holder: true
    case .embedded, .command: false
    }
  }

  /// A command may reach another machine, where this directory need not exist: its threads work where it does,
  /// unless the user named a place.
  var choosesDirectory: Bool { if case .command = self { true } else { false } }
}
