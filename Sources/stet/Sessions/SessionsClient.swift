import ArgumentParser
import StetClient
import StetProtocol

/// A client of an app-server in this process, for commands that look at threads and end.
struct SessionsClient: Sendable {
  /// Rows that are asked for at a time.
  private static let page: UInt32 = 200

  let client: AppClient

  /// Starts a server, runs `work` with a client of it and ends both. What fails is told on standard error, and the
  /// command ends with code 1.
  static func run(_ work: @escaping @Sendable (SessionsClient) async throws -> Void) throws {
    let surroundings = try Surroundings()
    let log = LogFile.logger(home: surroundings.home, label: "sessions")
    let fault: String? = Blocking.run {
      let backend = Backend(surroundings, log: log)
      // What is wrong with a thread's log is told beside the answer.
      let told: @Sendable (ServerNotification) -> Void = { notification in
        guard case .warning(let warning) = notification else { return }
        StandardError.print("stet: \(PlainText.line(warning.message, limit: 1_000))")
      }
      let client = AppClient(backend.connect(), events: AppClient.Events(onNotification: told))
      var fault: String?
      do {
        _ = try await client.initialize(
          clientInfo: ClientInfo(name: "stet-sessions", version: Version.current, title: "stet sessions"),
          capabilities: InitializeCapabilities(
            experimentalApi: true, stet: StetCapabilities(snapshots: true, search: true)))
        try await work(SessionsClient(client: client))
      } catch let error as RPCError {
        fault = error.message
      } catch {
        fault = "\(error)"
      }
      client.close()
      await backend.shutdown()
      return fault
    }
    guard let fault else { return }
    StandardError.print("stet: \(fault)")
    throw ExitCode.failure
  }

  /// All threads of every source, newest first, up to a number of them.
  func threads(
    archived: Bool = false, cwd: String? = nil, limit: Int = .max
  ) async throws(RPCError) -> [StetProtocol.Thread] {
    var threads: [StetProtocol.Thread] = []
    var cursor: String?
    repeat {
      let page = try await client.call(
        ThreadListParams(
          archived: archived, cursor: cursor, cwd: cwd.map(ThreadListCwdFilter.one),
          limit: min(Self.page, UInt32(clamping: limit - threads.count)), sortKey: .updatedAt,
          sourceKinds: ThreadSourceKind.variants.map(\.value)))
      threads += page.data
      cursor = page.nextCursor
    } while cursor != nil && threads.count < limit
    return threads
  }

  /// The thread that was named; throws a sentence when there is none or more than one.
  func thread(_ choice: ThreadChoice) async throws -> StetProtocol.Thread {
    guard let name = choice.thread else {
      guard let newest = try await threads(limit: 1).first else {
        throw SessionsFault("There are no threads yet.")
      }
      return newest
    }
    return try await thread(named: name)
  }

  func thread(named name: String) async throws -> StetProtocol.Thread {
    let wanted = name.lowercased()
    guard !wanted.isEmpty else { throw SessionsFault("A thread's id can't be empty.") }
    let found = (try await threads() + threads(archived: true)).filter { $0.id.hasPrefix(wanted) }
    if let exact = found.first(where: { $0.id == wanted }) ?? (found.count == 1 ? found.first : nil) {
      return exact
    }
    guard let first = found.first else {
      throw SessionsFault("No thread's id begins with \(name). `stet sessions list` shows them.")
    }
    let others = found.dropFirst().prefix(3).map(\.id).joined(separator: ", ")
    throw SessionsFault(
      "\(found.count) threads begin with \(name): \(first.id), \(others)\(found.count > 4 ? ", …" : ""). "
        + "Give more of the id.")
  }

  /// A thread with all its turns.
  func read(_ choice: ThreadChoice) async throws -> StetProtocol.Thread {
    let thread = try await thread(choice)
    return try await client.call(ThreadReadParams(threadId: thread.id, includeTurns: true)).thread
  }
}

/// Why a command could not do what it was asked to, for the user.
struct SessionsFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
