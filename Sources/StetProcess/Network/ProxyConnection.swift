import CPlatform
import Glibc
import Synchronization

/// One connection of a command to the proxy, from its request to its end, on a thread of its own.
struct ProxyConnection {
  /// A program that has connected says at once what it wants.
  private static let headTimeout: Int32 = 30_000
  private static let connectTimeout: Int32 = 30_000
  static let chunk = 16 << 10
  /// POLLRDHUP, which glibc's headers show to programs with GNU extensions only.
  private static let hangUp: Int32 = 0x2000

  let client: Descriptor
  let core: ProxyCore
  /// Kept also by a question to the user that outlives the connection: what waits is bounded with what is open.
  let slot: ProxySlot

  func run() {
    guard let (head, rest) = readHead() else { return }
    let request: ProxyRequest
    do {
      request = try ProxyRequest(head: head)
    } catch {
      return answer(error.status, error.reason)
    }
    if request.target.reach == .nowhere {
      let refusal = refusal(request.target, "the address is link-local, reserved or no host's")
      return answer(refusal.status, refusal.reason)
    }
    if case .refuse(let reason) = ask(request.target) { return answer("403 Forbidden", reason) }
    // The end of the command may have come with the verdict.
    guard !isStopped else { return answer("403 Forbidden", "the command was ended") }
    let server: Descriptor
    do {
      server = try connect(to: request.target)
    } catch {
      return answer(error.status, error.reason)
    }
    let relay: ProxyRelay
    switch request.kind {
    case .tunnel:
      relay = ProxyRelay(
        client: client, server: server, stop: core.stop, gate: TunnelGate(request.target), budget: nil,
        toServer: rest, toClient: Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
    case .message(let head, let body):
      relay = ProxyRelay(
        client: client, server: server, stop: core.stop, gate: nil, budget: max(0, body - rest.count),
        toServer: head + rest.prefix(body), toClient: [])
    }
    if !relay.run() { core.refused(request.target, "another server was asked for inside of the connection") }
  }

  private func refusal(_ target: NetworkTarget, _ why: String) -> ProxyRequest.Refusal {
    core.refused(target, why)
    return ProxyRequest.Refusal(status: "403 Forbidden", reason: "\(target.name) was not reached: \(why)")
  }

  // MARK: - The request

  /// The head without its empty line, and what came behind it.
  private func readHead() -> (head: ArraySlice<UInt8>, rest: [UInt8])? {
    var bytes: [UInt8] = []
    let deadline = ContinuousClock.now.advanced(by: .milliseconds(Int(Self.headTimeout)))
    while true {
      if let end = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A]) {
        return (bytes[..<end.lowerBound], Array(bytes[end.upperBound...]))
      }
      guard bytes.count < ProxyRequest.headLimit else {
        answer("431 Request Header Fields Too Large", "the head of the request is too long")
        return nil
      }
      let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
      guard left > 0, wait(client, Int32(POLLIN), Int32(left)) else { return nil }
      var buffer = [UInt8](repeating: 0, count: Self.chunk)
      let count = client.withNumber { recv($0, &buffer, buffer.count, 0) }
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EAGAIN && errno != EINTR {
        return nil
      }
    }
  }

  // MARK: - Consent

  /// Waits for the verdict on this thread; a client that leaves, or the end of the command, is a no.
  private func ask(_ target: NetworkTarget) -> SandboxProxy.Verdict {
    let event = stet_eventfd()
    guard event >= 0 else { return .refuse("the proxy has no descriptors left") }
    let answer = Answer(Descriptor(event))
    Task { [decide = core.decide, slot] in
      answer.give(await decide(target))
      withExtendedLifetime(slot) {}
    }
    // A hang-up: the other side sends no more; it left, as nobody half-closes before an answer to its request.
    while wait(client, Self.hangUp, -1, also: answer.event) {
      if let verdict = answer.verdict { return verdict }
      if hasLeft() { break }
    }
    return .refuse("the command did not wait for the answer")
  }

  private func hasLeft() -> Bool {
    client.withNumber { number in
      var watched = pollfd(fd: number, events: Int16(Self.hangUp), revents: 0)
      return poll(&watched, 1, 0) > 0
    }
  }

  /// A verdict on its way from a task to a thread.
  private final class Answer: Sendable {
    let event: Descriptor
    private let value = Mutex<SandboxProxy.Verdict?>(nil)

    init(_ event: Descriptor) { self.event = event }

    var verdict: SandboxProxy.Verdict? { value.withLock { $0 } }

    func give(_ verdict: SandboxProxy.Verdict) {
      value.withLock { $0 = verdict }
      _ = event.withNumber { stet_eventfd_signal($0) }
    }
  }

  // MARK: - The server

  /// Connects to where an allowed host is. A name that leads to this machine is refused: whoever owns the name would
  /// have turned the consent for it into one for this machine. One that leads into a private network is asked about
  /// again, by the address.
  private func connect(to target: NetworkTarget) throws(ProxyRequest.Refusal) -> Descriptor {
    let unreachable = "\(target.name) can't be reached"
    let literal = NumericAddress(target.host)
    let found = literal.map { [$0] } ?? core.resolver.addresses(target.host)
    guard !found.isEmpty else { throw Self.badGateway("\(target.host) has no address") }
    var tried: [NumericAddress]
    if target.reach == .machine {
      tried = found.filter { $0.reach == .machine }
    } else {
      tried = found.filter { $0.reach == .world }
      if tried.isEmpty { tried = found.filter { $0.reach == .privateNetwork } }
    }
    guard let first = tried.first else {
      let place = found.contains { $0.reach == .machine } ? "this machine" : "an address that is no host's"
      throw refusal(target, "it leads to \(place), which its name does not say")
    }
    if literal == nil, first.reach == .privateNetwork {
      tried = [first]
      let place = NetworkTarget(target.scheme, host: first.text, port: target.port)
      if case .refuse(let reason) = ask(place) {
        throw ProxyRequest.Refusal(status: "403 Forbidden", reason: reason)
      }
    }
    var problem = unreachable
    for address in tried {
      let result = address.withSocketAddress(port: target.port) { pointer, length in
        core.stop.withNumber { stet_connect(pointer, length, $0, Self.connectTimeout) }
      }
      if result >= 0 { return Descriptor(result) }
      problem = "\(unreachable): \(errorText(-result))"
    }
    throw Self.badGateway(problem)
  }

  private static func badGateway(_ reason: String) -> ProxyRequest.Refusal {
    ProxyRequest.Refusal(status: "502 Bad Gateway", reason: reason)
  }

  // MARK: - Parts

  private var isStopped: Bool {
    core.stop.withNumber { number in
      var watched = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      return poll(&watched, 1, 0) > 0
    }
  }

  /// Says why not. Programs show the status; the text is for those that show more.
  private func answer(_ status: String, _ reason: String) {
    let body = "stet: \(reason)\n"
    let text =
      "HTTP/1.1 \(status)\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n"
      + "Connection: close\r\n\r\n\(body)"
    let bytes = Array(text.utf8)
    client.withNumber { number in
      // A few hundred bytes fit into a new socket's buffer. Who does not read them is gone.
      _ = send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      _ = shutdown(number, Int32(SHUT_WR))
    }
  }

  /// Waits for these events, or for the other descriptor; false when all is over or the time has passed.
  private func wait(
    _ descriptor: Descriptor, _ events: Int32, _ timeout: Int32, also other: Descriptor? = nil
  ) -> Bool {
    withExtendedLifetime((descriptor, other, core)) {
      var watched = [
        pollfd(fd: descriptor.number, events: Int16(events), revents: 0),
        pollfd(fd: core.stop.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: other?.number ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      var count = poll(&watched, 3, timeout)
      while count < 0, errno == EINTR { count = poll(&watched, 3, timeout) }
      return count > 0 && watched[1].revents == 0
    }
  }
}
