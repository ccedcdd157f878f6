/// The head of a request to the proxy, read strictly: what two programs might read in two ways is refused.
struct ProxyRequest: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// CONNECT: bytes go both ways as they are.
    case tunnel
    /// One request in plain HTTP: this head goes to the server, then so many bytes of its body, and no more. A second
    /// request on the connection could name another host.
    case message(head: [UInt8], body: Int)
  }

  /// Why it can't be served, with the status that says so.
  struct Refusal: Error, Hashable {
    let status: String
    let reason: String
  }

  let target: NetworkTarget
  let kind: Kind

  /// Longer heads are refused; servers take 8 to 16 KB.
  static let headLimit = 32 << 10

  /// The bytes of a head without the empty line that ends it.
  init(head: some Collection<UInt8>) throws(Refusal) {
    guard let text = String(validating: head, as: UTF8.self) else { throw Self.bad("bytes that are no text") }
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
    for index in lines.indices {
      guard index == lines.count - 1 || lines[index].utf8.last == 0x0D else {
        throw Self.bad("a bare line feed")
      }
      if lines[index].utf8.last == 0x0D { lines[index] = Substring(lines[index].utf8.dropLast()) }
      guard lines[index].utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
        throw Self.bad("a control character")
      }
    }
    let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", Self.isToken(words[0]) else {
      throw Self.bad("not a request of HTTP/1")
    }
    if words[0] == "CONNECT" {
      guard let target = NetworkTarget(.https, authority: words[1], needsPort: true) else {
        throw Self.bad("`\(words[1])` is not a host and a port")
      }
      self.target = target
      kind = .tunnel
      return
    }
    let (target, path) = try Self.address(words[1])
    self.target = target
    kind = try Self.message("\(words[0]) \(path) \(words[2])", lines.dropFirst(), target)
  }

  /// Host and path of `http://host/path`.
  private static func address(_ url: Substring) throws(Refusal) -> (NetworkTarget, String) {
    guard url.prefix(7).lowercased() == "http://" else {
      throw bad("this is a proxy: the address must begin with http://, or use CONNECT")
    }
    let rest = url.dropFirst(7)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let target = NetworkTarget(.http, authority: authority) else {
      throw bad("`\(authority)` is not a host")
    }
    let path = rest[authority.endIndex...].prefix { $0 != "#" }
    return (target, path.hasPrefix("/") ? String(path) : "/\(path)")
  }

  /// Of one hop only (RFC 9110 §7.6.1), or said anew by the proxy.
  private static let dropped: Set<String> = [
    "host", "connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "trailer", "upgrade",
  ]

  private static func message(
    _ start: String, _ fields: ArraySlice<Substring>, _ target: NetworkTarget
  ) throws(Refusal) -> Kind {
    var kept: [(name: String, line: Substring)] = []
    var named: Set<String> = []
    var length: Int?
    for line in fields {
      guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else {
        throw bad("a line that is no header")
      }
      let name = line[..<colon].lowercased()
      let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
      switch name {
      case "transfer-encoding":
        throw Refusal(status: "411 Length Required", reason: "the proxy wants a Content-Length")
      case "content-length":
        guard length == nil, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value)
        else { throw bad("an unclear Content-Length") }
        length = number
        continue
      case "connection":
        named.formUnion(value.split { $0 == "," || $0 == " " || $0 == "\t" }.map { $0.lowercased() })
      default: break
      }
      kept.append((name, line))
    }
    // The server learns the host that was allowed, whatever else the command said.
    var head = "\(start)\r\nHost: \(target.name)\r\nConnection: close\r\n"
    if let length { head += "Content-Length: \(length)\r\n" }
    for (name, line) in kept where !dropped.contains(name) && !named.contains(name) { head += line + "\r\n" }
    return .message(head: Array((head + "\r\n").utf8), body: length ?? 0)
  }

  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }

  private static func bad(_ reason: String) -> Refusal { Refusal(status: "400 Bad Request", reason: reason) }
}
