import StetProcess
import StetProtocol

/// What `command/exec` and `process/*` share.
extension Agent {
  /// Runs a command to its end behind its walls.
  static func run(
    _ command: ClientCommand, _ environment: [String: String], _ walls: ClientWalls, _ peer: ClientPeer,
    streamed: ClientCommand.Output
  ) async -> Result<ClientCommandResult, RPCError> {
    do {
      var launch: SandboxLaunch?
      if let kind = command.plan.sandbox { launch = try await walls.launch(kind, cwd: command.plan.cwd) }
      let process = try command.start(environment, launch)
      let result = await command.run(process, streamed: streamed)
      if let launch {
        for text in await walls.sweep(launch) { peer.notify(.warning(WarningNotification(message: text))) }
      }
      return .success(result)
    } catch let error as ProcessError where error.code == .programNotFound {
      // As a shell would end: the client asked to run something, and this is how it went.
      var result = ClientCommandResult(exitCode: ClientCommandResult.notFoundCode)
      result.errorOutput.keep(Array("\(error.message)\n".utf8))
      return .success(result)
    } catch let error as RPCError {
      return .failure(error)
    } catch {
      return .failure(.internalError("exec failed: \(error)"))
    }
  }

  /// S8: the server's environment less what looks like a secret, then what the client sets.
  func clientEnvironment(_ plan: ClientCommandPlan) -> [String: String] {
    let environment = services.environment
    var keys: Set<String> = []
    do {
      keys = try environment.configuration(environment.defaultCwd, JSONObject()).secretNames
    } catch {
      // The names that keys commonly have are left out anyway.
      environment.log.warning("provider keys can't be looked up: \(error)")
    }
    var variables = EnvironmentPolicy(excluded: keys).forClient(environment.processEnvironment)
    if plan.terminal != nil, variables["TERM"] == nil { variables["TERM"] = "xterm-256color" }
    for (name, value) in plan.env { variables[name] = value }
    return variables
  }

  /// Passes bytes on to a running command of a connection.
  func write(
    to space: ClientCommands.Space, _ id: String, of peer: ClientPeer, _ base64: String?, close: Bool?,
    _ reply: @escaping AgentReply<EmptyResponse>
  ) {
    answering(reply) { () throws(RPCError) in
      let command = try clientTools.room(peer).commands.find(space, id)
      let close = close ?? false
      guard base64 != nil || close else {
        throw .invalidParams("\(space.method) write requires deltaBase64 or closeStdin")
      }
      guard command.plan.takesInput else {
        throw .invalidRequest("stdin streaming is not enabled for this \(space.method)")
      }
      do throws(StrictBase64.Fault) {
        command.write(try StrictBase64.decode(base64 ?? ""), close: close, reply)
      } catch {
        throw .invalidParams("invalid deltaBase64: \(error)")
      }
    }
  }

  /// Ends a running command of a connection.
  func end(
    _ space: ClientCommands.Space, _ id: String, of peer: ClientPeer, _ how: ClientCommand.Ending,
    _ reply: @escaping AgentReply<EmptyResponse>
  ) {
    answering(reply) { () throws(RPCError) in
      let command = try clientTools.room(peer).commands.find(space, id)
      reply(.success(EmptyResponse()))
      command.end(how)
    }
  }

  /// Gives the terminal of a running command another size.
  func resize(
    _ space: ClientCommands.Space, _ id: String, of peer: ClientPeer, rows: UInt16, columns: UInt16,
    _ reply: @escaping AgentReply<EmptyResponse>
  ) {
    answering(reply) { () throws(RPCError) in
      let command = try clientTools.room(peer).commands.find(space, id)
      guard command.plan.terminal != nil else {
        throw .invalidRequest("\(space.method) has no terminal to resize: start it with tty: true")
      }
      command.resize(try Self.size(rows: rows, columns: columns, space.method), reply)
    }
  }

  /// The terminal that a client asks for; nil for none. A size without a terminal is a mistake.
  static func terminal(
    _ tty: Bool, rows: UInt16?, columns: UInt16?, _ space: ClientCommands.Space
  ) throws(RPCError) -> TerminalSize? {
    guard tty else {
      if rows != nil { throw .invalidParams("\(space.method) size requires tty: true") }
      return nil
    }
    guard let rows, let columns else { return ClientCommandPlan.defaultSize }
    return try size(rows: rows, columns: columns, space.method)
  }

  private static func size(rows: UInt16, columns: UInt16, _ method: String) throws(RPCError) -> TerminalSize {
    guard rows > 0, columns > 0 else {
      throw .invalidParams("\(method) size rows and cols must be greater than 0")
    }
    return TerminalSize(rows: Int(rows), columns: Int(columns))
  }

  /// Nil for none given.
  static func timeLimit(_ milliseconds: Int?) throws(RPCError) -> Duration? {
    guard let milliseconds else { return nil }
    guard milliseconds >= 0 else {
      throw .invalidParams("timeoutMs must be non-negative, got \(milliseconds)")
    }
    return .milliseconds(min(milliseconds, 1 << 40))
  }

  /// Calls `body`; what it throws is the answer.
  func answering<Response>(_ reply: AgentReply<Response>, _ body: () throws(RPCError) -> Void) {
    do throws(RPCError) { try body() } catch { reply(.failure(error)) }
  }
}
