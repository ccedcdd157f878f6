import StetConfig
import StetProcess
import StetProtocol

/// `command/exec`: one command outside any thread, answered when it ends. Its output deltas come before the answer, to
/// the connection that asked.
extension Agent {
  public func commandExec(
    _ params: CommandExecParams, from peer: ClientPeer, reply: @escaping AgentReply<CommandExecResponse>
  ) {
    let room = clientTools.room(peer)
    let command: ClientCommand
    let key: ClientCommands.Key
    do throws(RPCError) {
      command = ClientCommand(try plan(params))
      key = try room.commands.add(command, .exec, id: params.processId)
    } catch {
      return reply(.failure(error))
    }
    let environment = clientEnvironment(command.plan)
    let walls = ClientWalls(services)
    Task {
      let outcome = await Self.run(command, environment, walls, peer) { bytes, isError, capReached in
        peer.notify(
          .commandExecOutputDelta(
            CommandExecOutputDeltaNotification(
              processId: key.id, stream: isError ? .stderr : .stdout,
              deltaBase64: StrictBase64.encode(Array(bytes)), capReached: capReached)))
      }
      room.commands.remove(key)
      reply(
        outcome.map { result in
          CommandExecResponse(
            exitCode: result.exitCode, stdout: result.output.text, stderr: result.errorOutput.text)
        })
    }
  }

  public func commandExecWrite(
    _ params: CommandExecWriteParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    write(to: .exec, params.processId, of: peer, params.deltaBase64, close: params.closeStdin, reply)
  }

  public func commandExecTerminate(
    _ params: CommandExecTerminateParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    end(.exec, params.processId, of: peer, .terminate, reply)
  }

  public func commandExecResize(
    _ params: CommandExecResizeParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    resize(.exec, params.processId, of: peer, rows: params.size.rows, columns: params.size.cols, reply)
  }

  // MARK: - Checking

  private func plan(_ params: CommandExecParams) throws(RPCError) -> ClientCommandPlan {
    guard !params.command.isEmpty else { throw .invalidRequest("command must not be empty") }
    let tty = params.tty ?? false
    let streamsInput = tty || params.streamStdin ?? false
    let streamsOutput = tty || params.streamStdoutStderr ?? false
    guard params.processId != nil || !(streamsInput || streamsOutput) else {
      throw .invalidRequest("command/exec tty or streaming requires a client-supplied processId")
    }
    let terminal = try Self.terminal(tty, rows: params.size?.rows, columns: params.size?.cols, .exec)
    guard params.outputBytesCap == nil || params.disableOutputCap != true else {
      throw .invalidParams("command/exec cannot set both outputBytesCap and disableOutputCap")
    }
    guard params.timeoutMs == nil || params.disableTimeout != true else {
      throw .invalidParams("command/exec cannot set both timeoutMs and disableTimeout")
    }
    guard params.sandboxPolicy == nil || params.permissionProfile == nil else {
      throw .invalidRequest("`permissionProfile` cannot be combined with `sandboxPolicy`")
    }
    let base = services.environment.defaultCwd
    let cwd = params.cwd.map { PathText.join(base, $0) } ?? base
    return ClientCommandPlan(
      argv: params.command, cwd: cwd, env: params.env ?? [:],
      terminal: terminal,
      takesInput: streamsInput, streamsOutput: streamsOutput,
      outputCap: params.disableOutputCap == true
        ? nil : params.outputBytesCap.map { Int(clamping: $0) } ?? ClientCommandPlan.defaultOutputCap,
      timeLimit: params.disableTimeout == true
        ? nil : try Self.timeLimit(params.timeoutMs) ?? ClientCommandPlan.defaultTimeLimit,
      sandbox: try sandbox(params, cwd))
  }

  /// The policy that the client names, else the user's for the directory.
  private func sandbox(_ params: CommandExecParams, _ cwd: String) throws(RPCError) -> SandboxPolicyKind? {
    if let policy = params.sandboxPolicy { return ClientWalls.kind(policy, cwd: cwd) }
    let configuration: Configuration
    do {
      configuration = try services.environment.configuration(cwd, JSONObject())
    } catch {
      throw .invalidRequest("\(error)")
    }
    let mode: SandboxMode
    switch params.permissionProfile {
    case nil:
      let isTrusted = configuration.isTrusted(directory: RealPath.of(cwd)) ?? false
      mode = configuration.sandboxMode ?? (isTrusted ? .workspaceWrite : .readOnly)
    case ":read-only": mode = .readOnly
    case ":workspace": mode = .workspaceWrite
    case ":danger-full-access": mode = .dangerFullAccess
    case let profile?: throw .invalidRequest("unknown permission profile: \(profile)")
    }
    return ClientWalls.kind(ThreadPlan.policy(mode, configuration), cwd: cwd)
  }
}
