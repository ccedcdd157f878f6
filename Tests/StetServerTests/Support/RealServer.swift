import StetProtocol
import StetRPC
import StetServer
import StetTestSupport

/// A server with the real agent on a home and a working directory of its own.
final class RealServer: Sendable {
  let home = TempDirectory("home")
  let work = TempDirectory("work")
  let server: AppServer

  init(config: String = "", environment: [String: String] = [:]) {
    home.write("config.toml", config)
    var made = ServerHarness.environment(home, cwd: work.path)
    made.processEnvironment.merge(environment) { $1 }
    server = AppServer(environment: made)
  }

  /// A client that has said hello.
  func client(experimental: Bool = true, stet: JSONValue? = nil) async throws -> TestClient {
    let (serverEnd, clientEnd) = LocalTransport.pair()
    server.accept(serverEnd)
    let client = TestClient(clientEnd)
    try await client.initialize(experimental: experimental, stet: stet)
    return client
  }
}
