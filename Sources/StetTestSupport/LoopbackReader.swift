import Glibc

/// Reads requests off a socket: a head up to the blank line, then a body by its length or in chunks.
struct LoopbackReader {
  let socket: Int32
  private var buffer: [UInt8] = []

  init(socket: Int32) { self.socket = socket }

  struct Request: Sendable {
    var method = ""
    var path = ""
    var headers: [(String, String)] = []
    var body: [UInt8] = []

    subscript(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }
  }

  mutating func next() -> Request? {
    var request = Request()
    guard let start = line() else { return nil }
    let words = start.split(separator: " ")
    guard words.count == 3 else { return nil }
    (request.method, request.path) = (String(words[0]), String(words[1]))
    while let field = line() {
      if field.isEmpty { return readBody(&request) ? request : nil }
      let parts = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return nil }
      let value = parts[1].drop { $0 == " " }
      request.headers.append((parts[0].lowercased(), String(value)))
    }
    return nil
  }

  private mutating func readBody(_ request: inout Request) -> Bool {
    if request["transfer-encoding"] == "chunked" {
      while let size = line().flatMap({ Int($0, radix: 16) }) {
        guard let part = take(size), line() != nil else { return false }
        if size == 0 { return true }
        request.body += part
      }
      return false
    }
    guard let body = take(request["content-length"].flatMap { Int($0) } ?? 0) else { return false }
    request.body = body
    return true
  }

  private mutating func line() -> String? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: 10) {
        defer { buffer.removeFirst(end + 1) }
        return String(decoding: buffer[..<end].prefix { $0 != 13 }, as: UTF8.self)
      }
      searched = buffer.count
      guard fill() else { return nil }
    }
  }

  private mutating func take(_ count: Int) -> [UInt8]? {
    while buffer.count < count { guard fill() else { return nil } }
    defer { buffer.removeFirst(count) }
    return Array(buffer[..<count])
  }

  private mutating func fill() -> Bool {
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(socket, &part, part.count, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      buffer += part[..<count]
      return true
    }
  }
}
