import ArgumentParser
import StetClient
import StetProtocol

/// The threads that a subcommand of `stet sessions` is to do something with.
struct NamedThreads: ParsableArguments {
  @Argument(help: "Ids of threads, or beginnings of them.")
  var threads: [String]

  /// Does it with one after the other and says so; the first that fails ends it.
  func forEach(
    _ done: String, _ body: @escaping @Sendable (_ client: AppClient, _ id: String) async throws -> Void
  ) throws {
    let names = threads
    try SessionsClient.run { client in
      for name in names {
        let thread = try await client.thread(named: name)
        try await body(client.client, thread.id)
        print("\(done) \(thread.id)")
      }
    }
  }
}
