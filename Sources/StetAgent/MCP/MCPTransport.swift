import StetProcess
import StetProtocol
import StetRPC
import Synchronization

/// JSON-RPC 2.0 over the pipes of a child process, one message a line. What the program writes to standard error goes
/// to its log only.
final class MCPTransport: MCPLink {
  /// A longer line is taken for garbage: a tool's result of this size fits no model.
  static let lineLimit = 16 << 20
  /// Time that a server has after its input was closed, before it is killed.
  static let grace: Duration = .milliseconds(500)

  private let process: ProcessSession
  private let notes: MCPLog
  private let isClosed = Mutex(false)

  init(_ process: ProcessSession, notes: MCPLog) {
    self.process = process
    self.notes = notes
  }

  func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    // One task reads for the life of the process; it keeps the transport and the process alive.
    Task { [self] in
      var lines = JSONLines(maxLineBytes: Self.lineLimit)
      var reason: String?
      for await event in process.events {
        switch event {
        case .output(let bytes):
          for result in lines.feed(bytes) {
            switch result {
            case .success(let message): receive(message)
            case .failure(let fault): notes.add("stet: a line that is no message: \(fault)")
            }
          }
        case .errorOutput(let bytes):
          notes.print(bytes)
        case .exited(let status): reason = "\(status)"
        }
      }
      closed(reason)
    }
  }

  /// A program that does not read is ended: what it was sent must not pile up.
  func send(_ message: Message) {
    guard !isClosed.withLock({ $0 }) else { return }
    var object: JSONObject = ["jsonrpc": "2.0"]
    for (key, value) in message.jsonValue.objectValue ?? JSONObject() { object[key] = value }
    var bytes = JSONValue.object(object).serialized()
    bytes.append(UInt8(ascii: "\n"))
    if !process.write(bytes) { close() }
  }

  func close() {
    let isFirst = isClosed.withLock { closed in
      defer { closed = true }
      return !closed
    }
    guard isFirst else { return }
    process.closeInput()
    Task { [process] in await process.terminate(grace: Self.grace) }
  }

  /// Ends the process; returns when it is gone.
  func end() async {
    close()
    await process.terminate(grace: Self.grace)
  }
}
