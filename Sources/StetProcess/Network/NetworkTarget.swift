import Glibc

/// A host that a command wants to reach, in the one form in which it is asked about, remembered and compared.
///
/// What a resolver would read in more than one way (`0x7f.1`, `2130706433`, `127.1`) is no host here, and neither is
/// a name with anything but letters, digits, `-`, `_` and dots: what the user reads is what is connected to.
public struct NetworkTarget: Hashable, Sendable {
  public enum Scheme: String, Hashable, Sendable {
    case http, https

    var port: UInt16 { self == .http ? 80 : 443 }
  }

  public let scheme: Scheme
  /// A name in lower case without a dot at its end, or an address in its canonical form.
  public let host: String
  public let port: UInt16

  /// The host, with its port where that is not the scheme's own.
  public var name: String {
    let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    return port == scheme.port ? host : "\(host):\(port)"
  }

  /// Where it lies, if the host says that itself; nil for a name that must be resolved.
  public var reach: AddressReach? {
    if host == "localhost" || host.hasSuffix(".localhost") { return .machine }
    return NumericAddress(host)?.reach
  }

  /// What `name` told; nil if it can't be read.
  public init?(named name: String, _ scheme: Scheme) { self.init(scheme, authority: name) }

  /// `host:port`, `host`, `[address]:port`; nil if it is none of these, or says anything more.
  init?(_ scheme: Scheme, authority: some StringProtocol, needsPort: Bool = false) {
    var host = Substring(authority)
    var digits: Substring?
    if host.hasPrefix("[") {
      guard let end = host.lastIndex(of: "]") else { return nil }
      let rest = host[host.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      if !rest.isEmpty { digits = rest.dropFirst() }
      host = host[host.index(after: host.startIndex)..<end]
      guard host.utf8.contains(UInt8(ascii: ":")) else { return nil }
    } else if let colon = host.firstIndex(of: ":") {
      digits = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    guard let name = Self.canonical(String(host)), digits != nil || !needsPort else { return nil }
    var port = scheme.port
    if let digits {
      guard digits.utf8.count <= 5, digits.utf8.allSatisfy(Self.isDigit), let number = UInt16(digits),
        number > 0
      else { return nil }
      port = number
    }
    self.init(scheme, host: name, port: port)
  }

  init(_ scheme: Scheme, host: String, port: UInt16) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  /// The one form of a host's name or address.
  static func canonical(_ text: String) -> String? {
    if let address = NumericAddress(text) { return address.text }
    var name = text.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    guard !name.isEmpty, name.utf8.count <= 253 else { return nil }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let last = labels.last,
      labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isNameByte) })
    else { return nil }
    // A name never ends in a number; a resolver would take such a text for an address in an old form.
    let isNumber = last.allSatisfy(isDigit) || last.starts(with: "0x".utf8)
    return isNumber ? nil : name
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_")
  }
}
