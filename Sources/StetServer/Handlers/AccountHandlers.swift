import StetProtocol
import StetRPC

/// `account/*`. stet has no accounts: providers are reached with keys from the environment.
struct AccountHandlers {
  func read(_ reply: Reply) {
    reply.succeed(GetAccountResponse(account: nil, requiresOpenaiAuth: false, workspaceRouting: nil))
  }
}
