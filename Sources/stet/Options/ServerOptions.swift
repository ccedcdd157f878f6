import ArgumentParser
import StetRPC
import StetUI

/// Where the app-server is, for every command that is a client of one.
struct ServerOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Use the app-server that this shell command starts, as in 'ssh HOST stet app-server' or 'codex app-server'.",
      valueName: "command"))
  var server: String?

  @Option(
    name: .long, defaultAsFlag: "unix://",
    help: ArgumentHelp(
      "Use the app-server that listens at unix://PATH or ws://127.0.0.1:PORT; without an address at the default "
        + "unix socket.", valueName: "address"))
  var remote: String?

  @Option(
    name: .customLong("token-file"),
    help: "The bearer token of a ws:// server. Else $STET_REMOTE_TOKEN, else the file that the server made.",
    completion: .file())
  var tokenFile: String?

  func validate() throws {
    guard server == nil || remote == nil else {
      throw ValidationError("Give --server or --remote, not both.")
    }
    guard server.map({ !$0.allSatisfy(\.isWhitespace) }) ?? true else {
      throw ValidationError("--server needs a command.")
    }
    if let remote {
      do { _ = try SocketAddress(remote) } catch { throw ValidationError("--remote \(error)") }
    }
    guard tokenFile == nil || remote?.hasPrefix("ws://") == true else {
      throw ValidationError("--token-file goes with --remote ws://…")
    }
  }

  /// Throws what `validate` would have said.
  func choice() throws -> ServerChoice {
    if let server { return .command(server) }
    if let remote { return .socket(try SocketAddress(remote), tokenFile: tokenFile) }
    return .embedded
  }
}

extension InterfaceRun {
  /// A run on the server that the options name; throws a `ValidationError` for what can't go together.
  init(on server: ServerOptions, _ options: CommonOptions, launch: Launch) throws {
    let choice = try server.choice()
    guard choice.place == nil || options.config.isEmpty else {
      throw ValidationError("-c changes the configuration of the built-in server; give it to the other one.")
    }
    let (surroundings, directory) = try options.surroundings(on: choice)
    self.init(
      surroundings: surroundings, overrides: options.threadOverrides, launch: launch, choice: choice,
      directory: directory)
  }
}

extension CommonOptions {
  /// The outside, and where threads work if the server is to be told. `-C` names a place on the server's machine,
  /// which need not exist on this one.
  fileprivate func surroundings(on choice: ServerChoice) throws -> (Surroundings, directory: String?) {
    switch choice {
    case .embedded, .holder: return (try surroundings(), nil)
    case .command: return (try Surroundings(), directory)
    case .socket:
      if let directory, directory.hasPrefix("/") { return (try Surroundings(), directory) }
      return (try surroundings(), nil)
    }
  }
}
