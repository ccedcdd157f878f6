import StetJSON
import StetProtocol
import StetRPC

/// `initialize`: the handshake of a connection.
struct InitializeHandler {
  let server: AppServer

  func initialize(_ params: InitializeParams, from connection: ClientConnection, _ reply: Reply) {
    let profile = ClientProfile(
      params, serverVersion: server.identity.serverVersion, epoch: server.outbox.epoch,
      keepsSnapshots: server.snapshots != nil)
    let leading = server.identity.leadingName(params.clientInfo.name)
    let identity = server.identity
    connection.adopt(profile)
    reply.succeed(
      InitializeResponse(
        userAgent: identity.userAgent(leading: leading, client: params.clientInfo),
        codexHome: identity.codexHome, platformFamily: "unix", platformOs: "linux", stet: profile.stet))
    // Not before its result: until then a client expects nothing else.
    server.outbox.admit(connection.id, profile)
    server.outbox.greet(
      connection.id,
      .remoteControlStatusChanged(
        .init(
          status: .disabled, serverName: identity.hostName, installationId: identity.installationId,
          environmentId: nil)))
    server.agent.introduce(client: leading)
  }
}
