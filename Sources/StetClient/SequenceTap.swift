import StetJSON
import StetRPC

/// A transport that tells the numbers of a thread's messages, which stand beside their params (protocol.md §7.3).
final class SequenceTap: Transport {
  private let transport: any Transport
  private let note: @Sendable (_ thread: String, _ seq: Int) -> Void

  init(_ transport: any Transport, note: @escaping @Sendable (_ thread: String, _ seq: Int) -> Void) {
    self.transport = transport
    self.note = note
  }

  func start(
    receive: @escaping @Sendable (Message) -> Void, closed: @escaping @Sendable (String?) -> Void
  ) {
    transport.start(
      receive: { [note] message in
        // Handed over first: a number that is told is of a message that was seen.
        receive(message)
        let (params, stet): (JSONValue?, JSONValue?) =
          switch message {
          case .request(_, _, let params, let stet): (params, stet)
          case .notification(_, let params, _, let stet): (params, stet)
          case .result, .error: (nil, nil)
          }
        guard let seq = stet?["seq"]?.intValue, let thread = params?["threadId"]?.stringValue else { return }
        note(thread, seq)
      },
      closed: closed)
  }

  func send(_ message: Message) { transport.send(message) }

  var sentBytes: Int { transport.sentBytes }
  var isHeard: Bool { transport.isHeard }

  func close() { transport.close() }
}
