import StetProcess
import StetProtocol

/// `process/*`: processes of a client without a sandbox, answered when they run; `process/exited` tells of the end.
extension Agent {
  public func processSpawn(
    _ params: ProcessSpawnParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    let room = clientTools.room(peer)
    let handle = params.processHandle
    answering(reply) { () throws(RPCError) in
      let command = ClientCommand(try Self.plan(params))
      let key = try room.commands.add(command, .spawn, id: handle)
      let process: ProcessSession
      do throws(ProcessError) {
        process = try command.start(clientEnvironment(command.plan), nil)
      } catch {
        room.commands.remove(key)
        throw .internalError("failed to spawn process: \(error.message)")
      }
      reply(.success(EmptyResponse()))
      Task {
        let result = await command.run(process) { bytes, isError, capReached in
          peer.notify(
            .processOutputDelta(
              ProcessOutputDeltaNotification(
                processHandle: handle, stream: isError ? .stderr : .stdout,
                deltaBase64: StrictBase64.encode(Array(bytes)), capReached: capReached)))
        }
        room.commands.remove(key)
        peer.notify(
          .processExited(
            ProcessExitedNotification(
              processHandle: handle, exitCode: result.exitCode, stdout: result.output.text,
              stdoutCapReached: result.output.capReached, stderr: result.errorOutput.text,
              stderrCapReached: result.errorOutput.capReached)))
      }
    }
  }

  public func processWriteStdin(
    _ params: ProcessWriteStdinParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    write(to: .spawn, params.processHandle, of: peer, params.deltaBase64, close: params.closeStdin, reply)
  }

  public func processKill(
    _ params: ProcessKillParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    end(.spawn, params.processHandle, of: peer, .kill, reply)
  }

  public func processResizePty(
    _ params: ProcessResizePtyParams, from peer: ClientPeer, reply: @escaping AgentReply<EmptyResponse>
  ) {
    resize(.spawn, params.processHandle, of: peer, rows: params.size.rows, columns: params.size.cols, reply)
  }

  private static func plan(_ params: ProcessSpawnParams) throws(RPCError) -> ClientCommandPlan {
    guard !params.command.isEmpty else { throw .invalidRequest("command must not be empty") }
    guard !params.processHandle.isEmpty else { throw .invalidRequest("processHandle must not be empty") }
    try ClientPath.check(params.cwd)
    let tty = params.tty ?? false
    let terminal = try terminal(tty, rows: params.size?.rows, columns: params.size?.cols, .spawn)
    let cap: Int? =
      switch params.outputBytesCap {
      case .keep: ClientCommandPlan.defaultOutputCap
      case .clear: nil
      case .set(let cap): Int(clamping: cap)
      }
    let limit: Duration? =
      switch params.timeoutMs {
      case .keep: ClientCommandPlan.defaultTimeLimit
      case .clear: nil
      case .set(let limit): try timeLimit(limit)
      }
    return ClientCommandPlan(
      argv: params.command, cwd: params.cwd, env: params.env ?? [:],
      terminal: terminal,
      takesInput: tty || params.streamStdin ?? false,
      streamsOutput: tty || params.streamStdoutStderr ?? false, outputCap: cap, timeLimit: limit, sandbox: nil
    )
  }
}
