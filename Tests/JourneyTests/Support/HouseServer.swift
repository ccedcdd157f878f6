import Logging
import StetRPC

@testable import stet

/// An app-server of a house that listens, in the process of the tests.
final class HouseServer: Sendable {
  let listening: Listening
  private let backend: Backend

  init(_ house: House, _ address: SocketAddress = .unix(path: nil), tokenFile: String? = nil) throws {
    let surroundings = house.surroundings
    let log = LogFile.logger(home: surroundings.home, label: "test-server")
    listening = try Listening(
      address, tokenFile: tokenFile, home: surroundings.home, directory: surroundings.directory, log: log)
    backend = Backend(surroundings, log: log)
    listening.serve(backend.server)
  }

  /// Ends as a server does that is told to.
  func end() async {
    listening.stop()
    await backend.shutdown()
  }
}
