import StetConfig
import StetProtocol

/// `stet/permissions/*`: what the user allowed so far, what a project asks for, and what would become of a command.
extension Agent {
  public func permissionsList(
    _ params: StetPermissionsListParams, reply: @escaping AgentReply<StetPermissions>
  ) {
    withPermissions(params.threadId, reply) { permissions in
      var answer = permissions.answer
      if let command = params.command {
        answer.verdict = try permissions.test(command, cwd: params.cwd)
      }
      return answer
    }
  }

  public func permissionsChange(
    _ params: StetPermissionsChangeParams, reply: @escaping AgentReply<StetPermissions>
  ) {
    withPermissions(params.threadId, reply) { permissions in
      try permissions.change(params.id, allow: params.allow)
      return ThreadPermissions(permissions).answer
    }
  }

  private func withPermissions(
    _ thread: String, _ reply: @escaping AgentReply<StetPermissions>,
    _ body: @escaping @Sendable (ThreadPermissions) throws -> StetPermissions
  ) {
    guard let session = session(thread) else { return reply(.failure(.threadNotFound(thread))) }
    // The settings come from the thread's own executor; files are read on another.
    session.glance { [disk] session in
      let permissions = await ThreadPermissions(session)
      Task {
        do {
          reply(.success(try await disk.run { try body(permissions) }))
        } catch let error as RPCError {
          reply(.failure(error))
        } catch {
          reply(.failure(.invalidRequest("\(error)")))
        }
      }
    }
  }
}
