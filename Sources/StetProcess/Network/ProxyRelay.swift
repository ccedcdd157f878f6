import Glibc

/// Carries bytes between a command and a server until both have said all, or the command ends.
struct ProxyRelay {
  private let client: Descriptor
  private let server: Descriptor
  private let stop: Descriptor
  /// Decides about the first bytes of the client; nil once it is open.
  private var gate: TunnelGate?
  /// Bytes that the client may still send; nil: any number.
  private var budget: Int?
  private var up: Lane
  private var down: Lane

  /// Bytes on their way in one direction. At most one chunk waits: then its source is not read.
  private struct Lane {
    var waiting: [UInt8]
    /// The source has ended.
    var isOver = false
    /// The other side was told so.
    var isClosed = false
  }

  init(
    client: Descriptor, server: Descriptor, stop: Descriptor, gate: TunnelGate?, budget: Int?,
    toServer: [UInt8], toClient: [UInt8]
  ) {
    self.client = client
    self.server = server
    self.stop = stop
    self.gate = gate
    self.budget = budget
    up = Lane(waiting: [])
    down = Lane(waiting: toClient)
    if gate == nil { up.waiting = toServer } else { early = toServer }
  }

  /// What the client sent before the tunnel stood.
  private var early: [UInt8] = []

  /// - Returns: false if the gate stayed shut.
  func run() -> Bool {
    var relay = self
    withExtendedLifetime(self) { relay.work() }
    return !relay.isShut
  }

  private var isShut = false

  private mutating func work() {
    if !early.isEmpty, !pass(early) { return }
    while !(up.isClosed && down.isClosed) {
      var watched = [
        pollfd(
          fd: client.number, events: events(reads: mayReadClient, writes: !down.waiting.isEmpty), revents: 0),
        pollfd(
          fd: server.number,
          events: events(reads: !down.isOver && down.waiting.isEmpty, writes: !up.waiting.isEmpty),
          revents: 0),
        pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0),
      ]
      // One that neither reads nor writes is not watched: its hang-up would be reported for ever.
      for index in 0..<2 where watched[index].events == 0 { watched[index].fd = -1 }
      if poll(&watched, 3, -1) < 0 {
        if errno == EINTR { continue }
        return
      }
      if watched[2].revents != 0 { return }
      guard readServer(watched[1].revents), readClient(watched[0].revents) else { return }
      guard Self.flush(&up, to: server.number), Self.flush(&down, to: client.number) else { return }
      // The server has said all, and with it the exchange is over: nothing more may be sent on it.
      if down.isClosed, budget != nil { return }
    }
  }

  private var mayReadClient: Bool { !up.isOver && up.waiting.isEmpty && budget != 0 }

  private func events(reads: Bool, writes: Bool) -> Int16 {
    Int16(reads ? POLLIN : 0) | Int16(writes ? POLLOUT : 0)
  }

  private mutating func readServer(_ events: Int16) -> Bool {
    guard events & Int16(POLLIN | POLLHUP | POLLERR) != 0, !down.isOver, down.waiting.isEmpty else {
      return true
    }
    guard let bytes = Self.receive(server.number, ProxyConnection.chunk) else { return true }
    if bytes.isEmpty { down.isOver = true } else { down.waiting = bytes }
    return true
  }

  private mutating func readClient(_ events: Int16) -> Bool {
    guard events & Int16(POLLIN | POLLHUP | POLLERR) != 0, mayReadClient else { return true }
    let limit = min(ProxyConnection.chunk, budget ?? .max)
    guard let bytes = Self.receive(client.number, limit) else { return true }
    if bytes.isEmpty {
      up.isOver = true
      return true
    }
    if let budget { self.budget = budget - bytes.count }
    return pass(bytes)
  }

  /// Towards the server, through the gate; false when it stays shut.
  private mutating func pass(_ bytes: [UInt8]) -> Bool {
    guard var gate else {
      up.waiting = bytes
      return true
    }
    switch gate.take(bytes) {
    case .hold:
      self.gate = gate
      return true
    case .open(let all):
      self.gate = nil
      up.waiting = all
      return true
    case .refuse:
      isShut = true
      return false
    }
  }

  /// Sends what waits, and the end after it; false when the other side is gone.
  private static func flush(_ lane: inout Lane, to number: Int32) -> Bool {
    while !lane.waiting.isEmpty {
      let count = send(number, lane.waiting, lane.waiting.count, Int32(MSG_NOSIGNAL))
      if count > 0 {
        lane.waiting.removeFirst(count)
      } else if errno == EAGAIN {
        return true
      } else if errno != EINTR {
        return false
      }
    }
    if lane.isOver, !lane.isClosed {
      lane.isClosed = true
      _ = shutdown(number, Int32(SHUT_WR))
    }
    return true
  }

  /// nil: nothing there now; empty: the end, or an error, which is one too.
  private static func receive(_ number: Int32, _ limit: Int) -> [UInt8]? {
    var isAgain = false
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let result = recv(number, buffer.baseAddress, buffer.count, 0)
      isAgain = result < 0 && (errno == EAGAIN || errno == EINTR)
      count = max(0, result)
    }
    return isAgain ? nil : bytes
  }
}
