import Glibc
import StetJSON
import StetProtocol
import Synchronization
import Testing

@testable import StetRPC

/// Collects what a transport delivers and lets a test wait for it.
final class Inbox: @unchecked Sendable {
  private let monitor = Monitor()
  private var received: [Message] = []
  private var endings: [String?] = []

  func attach(_ transport: any Transport) {
    transport.start(
      receive: { [self] message in
        monitor.locked {
          received.append(message)
          monitor.wakeAll()
        }
      },
      closed: { [self] reason in
        monitor.locked {
          endings.append(reason)
          monitor.wakeAll()
        }
      })
  }

  func messages(_ count: Int) -> [Message] {
    monitor.locked {
      while received.count < count && endings.isEmpty { monitor.wait() }
      return received
    }
  }

  func ending() -> [String?] {
    monitor.locked {
      while endings.isEmpty { monitor.wait() }
      return endings
    }
  }
}

/// Both ends of each kind of transport.
enum Kind: CaseIterable, Sendable {
  case local, pipes, sockets, webSocket

  func pair() throws -> (any Transport, any Transport) {
    switch self {
    case .local: return LocalTransport.pair()
    case .pipes:
      var there: [Int32] = [0, 0]
      var back: [Int32] = [0, 0]
      try #require(pipe(&there) == 0 && pipe(&back) == 0)
      return (
        try StreamTransport(input: back[0], output: there[1], ownsDescriptors: true),
        try StreamTransport(input: there[0], output: back[1], ownsDescriptors: true)
      )
    case .sockets:
      var ends: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      return (
        try StreamTransport(input: ends[0], output: ends[0], ownsDescriptors: true),
        try StreamTransport(input: ends[1], output: ends[1], ownsDescriptors: true)
      )
    case .webSocket:
      var ends: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      return (
        try WebSocketTransport(socket: ends[0], role: .client),
        try WebSocketTransport(socket: ends[1], role: .server)
      )
    }
  }
}

@Suite struct TransportTests {
  private func numbered(_ count: Int) -> [Message] {
    (0..<count).map { .notification(method: "n", params: .int(Int64($0))) }
  }

  @Test("messages arrive in order, in both directions", arguments: Kind.allCases)
  func order(kind: Kind) throws {
    let (left, right) = try kind.pair()
    let (atLeft, atRight) = (Inbox(), Inbox())
    atLeft.attach(left)
    atRight.attach(right)
    WorkerThread.start { [self] in for message in numbered(2_000) { right.send(message) } }
    for message in numbered(2_000) { left.send(message) }
    #expect(atRight.messages(2_000) == numbered(2_000))
    #expect(atLeft.messages(2_000) == numbered(2_000))
    left.close()
    right.close()
  }

  @Test("A4: a message longer than any pipe arrives whole, and the pipe's own descriptor keeps blocking")
  func a4_longMessage() throws {
    var there: [Int32] = [0, 0]
    var back: [Int32] = [0, 0]
    try #require(pipe(&there) == 0 && pipe(&back) == 0)
    let left = try StreamTransport(input: back[0], output: there[1], ownsDescriptors: true)
    let right = try StreamTransport(input: there[0], output: back[1], ownsDescriptors: true)
    let (atLeft, atRight) = (Inbox(), Inbox())
    atLeft.attach(left)
    atRight.attach(right)
    let long = Message.notification(
      method: "long", params: .string(String(repeating: "abcdefgh ", count: 400_000)))
    let short = Message.notification(method: "short", params: nil)
    WorkerThread.start { for message in [short, long, short, long] { left.send(message) } }
    #expect(atRight.messages(4) == [short, long, short, long])
    #expect(fcntl(there[1], F_GETFL) & O_NONBLOCK == 0)
    // The other side sees the end, though the writer had the pipe open twice.
    left.close()
    #expect(atRight.ending().count == 1)
    right.close()
  }

  @Test("the end is told once to both sides, also when closed twice", arguments: Kind.allCases)
  func ending(kind: Kind) throws {
    let (left, right) = try kind.pair()
    let (atLeft, atRight) = (Inbox(), Inbox())
    atLeft.attach(left)
    atRight.attach(right)
    left.send(.notification(method: "last", params: nil))
    #expect(atRight.messages(1) == [.notification(method: "last", params: nil)])
    left.close()
    left.close()
    #expect(atLeft.ending().count == 1)
    #expect(atRight.ending().count == 1)
    left.send(.notification(method: "late", params: nil))
    right.close()
    #expect(atRight.messages(1).count == 1)
  }

  @Test("five megabytes in one message", arguments: Kind.allCases)
  func large(kind: Kind) throws {
    let (left, right) = try kind.pair()
    let atRight = Inbox()
    Inbox().attach(left)
    atRight.attach(right)
    let big = Message.result(id: .int(1), .string(String(repeating: "0123456789", count: 500_000)))
    left.send(big)
    #expect(atRight.messages(1) == [big])
    left.close()
    right.close()
  }

  @Test("closing frees a sender that waits for a reader", arguments: Kind.allCases)
  func closeFreesSender(kind: Kind) throws {
    let (left, right) = try kind.pair()
    Inbox().attach(left)
    let done = Monitor()
    nonisolated(unsafe) var finished = false
    WorkerThread.start {
      let message = Message.result(id: .int(1), .string(String(repeating: "x", count: 10_000)))
      for _ in 0..<1_000 { left.send(message) }
      done.locked {
        finished = true
        done.wakeAll()
      }
    }
    left.close()
    done.locked { while !finished { done.wait() } }
    right.close()
    #expect(finished)
  }

  @Test("lines that are no messages are told of and passed over; half a line at the end too")
  func faults() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let faults = Mutex<[LineFault]>([])
    let transport = try StreamTransport(input: ends[0], output: ends[0], ownsDescriptors: true) { fault in
      faults.withLock { $0.append(fault) }
    }
    let inbox = Inbox()
    inbox.attach(transport)
    let text = Array("nonsense\n[]\n{\"method\":\"ok\"}\n{\"meth".utf8)
    #expect(write(ends[1], text, text.count) == text.count)
    close(ends[1])
    #expect(inbox.ending() == [nil])
    #expect(inbox.messages(1) == [.notification(method: "ok", params: nil)])
    #expect(faults.withLock { $0.count } == 3)
    transport.close()
  }

  @Test("after its input ended a transport can still send")
  func halfClosed() throws {
    var there: [Int32] = [0, 0]
    var back: [Int32] = [0, 0]
    try #require(pipe(&there) == 0 && pipe(&back) == 0)
    let transport = try StreamTransport(input: there[0], output: back[1], ownsDescriptors: true)
    let inbox = Inbox()
    inbox.attach(transport)
    close(there[1])
    _ = inbox.ending()
    transport.send(.notification(method: "bye", params: nil))
    transport.close()
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(back[0], &buffer, buffer.count)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "{\"method\":\"bye\"}\n")
    #expect(read(back[0], &buffer, buffer.count) == 0)
    close(back[0])
  }

  @Test("a log keeps the newest messages within its bytes")
  func trafficLog() throws {
    let log = TrafficLog(maxBytes: 1_000) { 7 }
    let (left, right) = LocalTransport.pair()
    let logged = LoggedTransport(left, log: log, outgoing: .clientToServer)
    let inbox = Inbox()
    Inbox().attach(logged)
    inbox.attach(right)
    for message in numbered(200) { logged.send(message) }
    _ = inbox.messages(200)
    let entries = log.entries
    #expect(entries.reduce(0) { $0 + $1.text.utf8.count } <= 1_000)
    #expect(entries.last?.text == #"{"method":"n","params":199}"#)
    #expect(entries.allSatisfy { $0.direction == .clientToServer && $0.atMs == 7 })
    logged.close()
  }
}
