import ArgumentParser
import Glibc
import Logging
import StetRPC
import StetServer

/// `stet app-server`: the protocol on standard input and output, one JSON object a line, or on a socket as WebSocket.
/// Logs go to a file.
struct AppServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "app-server",
    abstract: "Serve the Codex app-server protocol on standard input and output, or on a socket.",
    subcommands: [GenerateJSONSchemaCommand.self])

  @OptionGroup var options: CommonOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where to listen: stdio://, unix://PATH, unix:// (below stet's state), or ws://127.0.0.1:PORT (0: any).",
      valueName: "address"))
  var listen = "stdio://"

  @Option(
    name: [.customLong("token-file"), .customLong("ws-token-file")],
    help: "The bearer token of a ws:// server; made if absent. Without it a new one is made for this run.",
    completion: .file())
  var tokenFile: String?

  private static let standardStreams = "stdio://"

  func validate() throws {
    if listen == Self.standardStreams {
      guard tokenFile == nil else { throw ValidationError("--token-file goes with --listen ws://…") }
      return
    }
    do {
      let address = try SocketAddress(listen)
      if tokenFile != nil, case .unix = address {
        throw ValidationError("--token-file goes with --listen ws://…")
      }
    } catch let error as SocketError {
      throw ValidationError("\(error); stdio:// listens on standard input")
    }
  }

  func run() throws {
    if listen == Self.standardStreams {
      try Self.serveStandardStreams(options)
    } else {
      try serveSocket(SocketAddress(listen))
    }
  }

  private static func prepare(_ options: CommonOptions) throws -> (Surroundings, Logger) {
    let surroundings = try options.surroundings()
    // A client that is gone must not kill the server with a signal.
    signal(SIGPIPE, SIG_IGN)
    return (surroundings, LogFile.logger(home: surroundings.home, label: "app-server"))
  }

  /// Serves one client on standard input and output until it is gone, or a signal asks for the end.
  static func serveStandardStreams(_ options: CommonOptions) throws {
    let (surroundings, log) = try prepare(options)
    let ended = Ending()
    ended.onSignals([SIGTERM, SIGHUP])
    let backend = Backend(surroundings, log: log)
    let transport = try StreamTransport(
      input: STDIN_FILENO, output: STDOUT_FILENO, ownsDescriptors: false,
      fault: { log.warning("a line that is no message: \($0)") })
    backend.server.accept(transport, onClosed: { ended.end() })
    ended.wait()
    Blocking.run { await backend.shutdown() }
  }

  private func serveSocket(_ address: SocketAddress) throws {
    let (surroundings, log) = try Self.prepare(options)
    let listening: Listening
    do {
      listening = try Listening(
        address, tokenFile: tokenFile, home: surroundings.home, directory: surroundings.directory, log: log)
    } catch {
      StandardError.print("stet: \(error)")
      throw ExitCode.failure
    }
    let ended = Ending()
    ended.onSignals([SIGTERM, SIGINT, SIGHUP])
    let backend = Backend(surroundings, log: log)
    listening.serve(backend.server)
    announce(listening)
    ended.wait()
    listening.stop()
    Blocking.run { await backend.shutdown() }
  }

  /// Tells the user, and a script that reads standard output gets the bare address.
  private func announce(_ listening: Listening) {
    var words = "stet: listening on \(listening.socket.address)"
    if let tokenPath = listening.tokenPath { words += "\nstet: the bearer token is in \(tokenPath)" }
    StandardError.print(words)
    guard isatty(STDOUT_FILENO) == 0 else { return }
    let bytes = Array((listening.socket.address + "\n").utf8)
    // Nobody is left to tell when standard output is closed.
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
