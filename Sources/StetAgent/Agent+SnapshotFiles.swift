import FoundationEssentials
import StetJSON
import StetProtocol
import StetWorkspace

/// `stet/snapshot/file`, `usage` and `purge`: what is kept, and letting go of it (protocol.md §7.2).
extension Agent {
  /// A larger file is not sent: a client reads it from the disk.
  private static let fileLimit = 16 << 20

  public func snapshotFile(_ params: StetSnapshotFileParams, reply: @escaping AgentReply<JSONValue>) {
    guard let session = session(params.threadId) else {
      return reply(.failure(.threadNotFound(params.threadId)))
    }
    session.glance { session in
      do throws(RPCError) {
        guard let side = SnapshotStore.Side(rawValue: params.side) else {
          throw .invalidRequest("unknown variant `\(params.side)`, expected `before` or `after`")
        }
        let state = try await session.snapshots.file(params.snapshotId, params.path, side)
        guard state.bytes.count <= Self.fileLimit else {
          throw .invalidRequest("\(params.path) is larger than \(Self.fileLimit) bytes")
        }
        reply(
          .success([
            "dataBase64": .string(Data(state.bytes).base64EncodedString()),
            "hash": state.hash.map { .string($0.hex) } ?? .null, "mode": .int(Int64(state.mode)),
          ]))
      } catch {
        reply(.failure(error))
      }
    }
  }

  public func snapshotUsage(_ params: StetSnapshotUsageParams, reply: @escaping AgentReply<JSONValue>) {
    onStores(params.threadId, reply) { stores, directory in
      let limits = stores.limits(for: directory)
      let found = try directory.map { [try stores.store(for: $0)] } ?? stores.all()
      var (bytes, turns) = (0, 0)
      for store in found {
        bytes += try store.usage()
        turns += try store.turnCount()
      }
      return [
        "bytes": .int(Int64(bytes)), "turns": .int(Int64(turns)),
        "limitBytes": .int(Int64(directory == nil ? limits.totalBytes : limits.storeBytes)),
      ]
    }
  }

  public func snapshotPurge(_ params: StetSnapshotPurgeParams, reply: @escaping AgentReply<JSONValue>) {
    onStores(nil, reply) { stores, _ in
      ["freedBytes": .int(Int64(try stores.purge(thread: params.threadId)))]
    }
  }

  /// Runs on the workspace's thread, in order with what writes there.
  private func onStores(
    _ thread: String?, _ reply: @escaping AgentReply<JSONValue>,
    _ body: @escaping @Sendable (SnapshotStores, String?) throws -> JSONValue
  ) {
    var directory: String?
    if let thread {
      guard let session = session(thread) else { return reply(.failure(.threadNotFound(thread))) }
      directory = session.snapshots.directory
    }
    WorkspaceThread.shared.post { [stores = services.snapshotStores, directory] in
      do {
        reply(.success(try body(stores, directory)))
      } catch {
        reply(.failure(.invalidRequest((error as? WorkspaceError)?.message ?? "\(error)")))
      }
    }
  }
}
