import StetAgent
import StetProtocol
import StetRPC

/// `account/*` and `getAuthStatus`. stet has no accounts of its own: the one thing to log in with is an OpenAI key,
/// for who has none in the environment.
struct AccountHandlers {
  let environment: AgentEnvironment
  let context: RequestContext

  private var file: APIKeyFile { APIKeyFile(home: environment.home) }

  func handle(_ request: ClientRequest) throws(RPCError) {
    switch request {
    case .accountRead: read()
    case .accountLoginStart(let params): try start(params)
    // Nothing that takes time is ever under way.
    case .accountLoginCancel: context.reply.succeed(CancelLoginAccountResponse(status: .notFound))
    case .accountLogout: try logout()
    case .accountRateLimitsRead:
      throw .invalidRequest("codex account authentication required to read rate limits")
    // The key itself goes to nobody (V10).
    case .getAuthStatus:
      context.reply.succeed(
        GetAuthStatusResponse(authMethod: file.key == nil ? nil : .apikey, requiresOpenaiAuth: false))
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  private func read() {
    context.reply.succeed(
      GetAccountResponse(
        account: file.key == nil ? nil : .apiKey, requiresOpenaiAuth: false, workspaceRouting: nil))
  }

  private func start(_ params: LoginAccountParams) throws(RPCError) {
    guard case .apiKey(let text) = params else {
      throw .invalidRequest(
        "stet logs in with an API key only: use type apiKey, or set a provider and its env_key in config.toml"
      )
    }
    let key = text.filter { !$0.isWhitespace }
    guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw .invalidRequest("apiKey is no API key")
    }
    do {
      try file.store(key)
    } catch {
      throw .internalError("The key can't be kept: \(error)")
    }
    context.reply.succeed(LoginAccountResponse.apiKey)
    tell(.accountLoginCompleted(AccountLoginCompletedNotification(success: true)))
    tell(.accountUpdated(AccountUpdatedNotification(authMode: .apikey)))
  }

  private func logout() throws(RPCError) {
    do {
      try file.remove()
    } catch {
      throw .internalError("The key can't be removed: \(error)")
    }
    context.reply.succeed(EmptyResponse())
    tell(.accountUpdated(AccountUpdatedNotification()))
  }

  private func tell(_ notification: ServerNotification) { context.outbox.tellEveryone(notification) }
}
