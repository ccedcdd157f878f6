import Glibc
import StetRPC
import Synchronization

/// Where the browser comes back to: a port of this machine that answers one request with the right state (RFC 8252 §7.3).
final class OAuthRedirect: Sendable {
  /// Bytes of a request's head; codes have a few hundred.
  private static let headLimit = 16 << 10
  /// Milliseconds that one browser's connection may take.
  private static let talkMs: Int32 = 2_000
  /// Requests that are looked at: who floods the port ends the log-in, not the machine.
  private static let requestLimit = 200
  private static let path = "/callback"

  private let descriptor: Int32
  private let state: String
  private let isOver = Atomic(false)
  private let isServed = Atomic(false)
  let address: String

  /// - Parameter port: 0 takes any free one.
  init(port: UInt16, state: String) throws(MCPError) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard listener >= 0 else {
      throw MCPError("no socket for the browser: \(String(cString: strerror(errno)))")
    }
    var on: Int32 = 1
    _ = setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else {
      let why = String(cString: strerror(errno))
      Glibc.close(listener)
      throw MCPError("no port for the browser to come back to: \(why)")
    }
    descriptor = listener
    self.state = state
    self.address = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))\(Self.path)"
  }

  deinit { if !isServed.load(ordering: .acquiring) { close(descriptor) } }

  /// The fields that the browser brought; nil when it did not come in time, or when the wait was ended. Once.
  func wait(withinMs limit: Int64, nowMs: @escaping @Sendable () -> Int64) async -> [String: String]? {
    guard !isServed.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
    return await withCheckedContinuation { continuation in
      WorkerThread.start { [self] in
        let fields = serve(until: nowMs() + limit, nowMs)
        close(descriptor)
        continuation.resume(returning: fields)
      }
    }
  }

  /// Ends the wait within a moment.
  func end() { isOver.store(true, ordering: .releasing) }

  // MARK: - Parts

  private func serve(until deadline: Int64, _ nowMs: () -> Int64) -> [String: String]? {
    var looked = 0
    while looked < Self.requestLimit, !isOver.load(ordering: .acquiring), nowMs() < deadline {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 100) > 0 else { continue }
      let client = accept(descriptor, nil, nil)
      guard client >= 0 else { continue }
      looked += 1
      defer { close(client) }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      guard let target = Self.target(client) else { continue }
      let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      let fields = parts.count > 1 ? FormText.decode(String(parts[1])) : [:]
      // Whatever does not know the state is none of ours: other pages can reach this port, too.
      guard parts.first.map(String.init) == Self.path, fields["state"] == state else {
        Self.answer(client, "404 Not Found", "There is nothing here.")
        continue
      }
      Self.answer(
        client, "200 OK",
        fields["code"] == nil
          ? "stet was not let in. You can close this page."
          : "stet has what it needs. You can close this page.")
      return fields
    }
    return nil
  }

  /// What a GET asks for; nil for anything else.
  private static func target(_ client: Int32) -> String? {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let end = Array("\r\n\r\n".utf8)
    while head.count < headLimit {
      var entry = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, talkMs) > 0 else { return nil }
      let count = recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      guard count > 0 else { return nil }
      head += buffer[..<count]
      if head.count >= 4, head.suffix(end.count).elementsEqual(end) { break }
    }
    let line = String(decoding: head.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self).split(separator: " ")
    guard line.count == 3, line[0] == "GET" else { return nil }
    return String(line[1])
  }

  private static func answer(_ client: Int32, _ status: String, _ words: String) {
    let body = "<!doctype html><meta charset=utf-8><title>stet</title><p>\(words)</p>\n"
    let text =
      "HTTP/1.1 \(status)\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: \(body.utf8.count)\r\n"
      + "Cache-Control: no-store\r\nConnection: close\r\n\r\n\(body)"
    // A browser that is gone has its page or not; the code is here.
    let bytes = Array(text.utf8)
    _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    shutdown(client, Int32(SHUT_WR))
  }
}
