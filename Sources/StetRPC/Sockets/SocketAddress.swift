import Glibc

/// Where a server listens or is reached: `unix://PATH`, `unix://` (the default path), `ws://HOST:PORT`.
public enum SocketAddress: Hashable, Sendable {
  /// A path as it was written, relative or absolute; nil for the default one.
  case unix(path: String?)
  /// `host` is one of this machine's own addresses in numbers: what is plain text must not leave it.
  case webSocket(host: LoopbackHost, port: UInt16)

  public enum LoopbackHost: Hashable, Sendable {
    /// Four numbers, the first of them 127.
    case v4(String)
    /// `::1`.
    case v6

    /// As it stands in an address.
    public var text: String {
      switch self {
      case .v4(let address): address
      case .v6: "[::1]"
      }
    }
  }

  /// Reads an address; throws what is wrong with it and what would be right.
  public init(_ text: String) throws(SocketError) {
    if let path = Self.rest(of: text, behind: "unix://") {
      guard !path.utf8.contains(0) else { throw SocketError("\(text): a path holds no NUL") }
      self = .unix(path: path.isEmpty ? nil : path)
    } else if let rest = Self.rest(of: text, behind: "ws://") {
      self = try Self.webSocket(rest, text)
    } else if text.hasPrefix("wss://") {
      throw SocketError(
        "\(text): TLS is not spoken here; forward a port over ssh, or use --server 'ssh HOST stet app-server'"
      )
    } else {
      throw SocketError("\(text): an address is unix://PATH, unix:// or ws://127.0.0.1:PORT")
    }
  }

  private static func rest(of text: String, behind prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
  }

  private static func webSocket(_ rest: String, _ text: String) throws(SocketError) -> SocketAddress {
    let authority = rest.hasSuffix("/") ? rest.dropLast() : rest[...]
    guard let colon = authority.lastIndex(of: ":"), !authority.contains("/"),
      let port = Self.port(authority[authority.index(after: colon)...])
    else { throw SocketError("\(text): a port is needed, as in ws://127.0.0.1:4500") }
    let name = authority[..<colon]
    switch name {
    case "localhost": return .webSocket(host: .v4("127.0.0.1"), port: port)
    case "[::1]": return .webSocket(host: .v6, port: port)
    default:
      guard isLoopbackV4(name) else {
        throw SocketError(
          "\(text): only this machine's own addresses (127.0.0.1, [::1], localhost) are allowed, since ws:// is "
            + "plain text; for another machine use --server 'ssh HOST stet app-server' or forward a port over ssh"
        )
      }
      return .webSocket(host: .v4(String(name)), port: port)
    }
  }

  private static func port(_ text: Substring) -> UInt16? {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return UInt16(text)
  }

  private static func isLoopbackV4(_ name: Substring) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { part in
        part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part).map { "\($0)" == part } == true
      }
  }
}

/// What went wrong with a socket or its files, in words for the user.
public struct SocketError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String

  public init(_ message: String) { self.message = message }

  /// With the system's reason for the last call.
  init(errno code: Int32, _ what: String) { message = "\(what): \(String(cString: strerror(code)))" }

  public var description: String { message }
}
