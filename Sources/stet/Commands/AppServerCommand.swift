import ArgumentParser
import Glibc
import StetRPC
import StetServer
import Synchronization

/// `stet app-server`: the protocol on standard input and output, one JSON object a line; logs go to standard error's
/// place, a file.
struct AppServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "app-server", abstract: "Serve the Codex app-server protocol on standard input and output.")

  @OptionGroup var options: CommonOptions

  @Option(name: .long, help: "Where to listen: stdio://.")
  var listen = "stdio://"

  func validate() throws {
    guard listen == "stdio://" else {
      throw ValidationError("\(listen): this version listens on stdio:// only")
    }
  }

  func run() throws {
    let surroundings = try options.surroundings()
    // A client that is gone must not kill the server with a signal.
    signal(SIGPIPE, SIG_IGN)
    let ended = Ending()
    ended.onTerminate()
    let backend = Backend(surroundings, log: LogFile.logger(home: surroundings.home, label: "app-server"))
    let transport = try StreamTransport(input: STDIN_FILENO, output: STDOUT_FILENO, ownsDescriptors: false)
    backend.server.accept(transport, onClosed: { ended.end() })
    ended.wait()
    Blocking.run { await backend.shutdown() }
  }
}

/// The end of a server: the client closed its side, or the system wants it to stop. Works from signal handlers.
private final class Ending: Sendable {
  private static let signalled = Atomic<Int32>(-1)
  private let ends = Blocking.pipe()

  func end() { _ = Self.poke(ends.write) }

  /// SIGTERM and SIGHUP end the server as the end of input does: with exit code 0.
  func onTerminate() {
    Self.signalled.store(ends.write, ordering: .releasing)
    let handler: @convention(c) (Int32) -> Void = { _ in
      _ = Ending.poke(Ending.signalled.load(ordering: .acquiring))
    }
    signal(SIGTERM, handler)
    signal(SIGHUP, handler)
  }

  func wait() {
    var byte: UInt8 = 0
    while read(ends.read, &byte, 1) < 0, errno == EINTR {}
  }

  private static func poke(_ descriptor: Int32) -> Int {
    var byte: UInt8 = 1
    return write(descriptor, &byte, 1)
  }
}
