import Glibc

/// Finds the addresses of a name; blocks its thread.
struct HostResolver: Sendable {
  /// More addresses of one host are not tried.
  static let limit = 16

  var addresses: @Sendable (String) -> [NumericAddress]

  /// The machine's own way: hosts file, DNS, and what else it is set up for.
  static let system = HostResolver { name in
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [NumericAddress] = []
    var next = list
    while let entry = next?.pointee, found.count < limit {
      if let address = NumericAddress(entry.ai_addr, length: entry.ai_addrlen), !found.contains(address) {
        found.append(address)
      }
      next = entry.ai_next
    }
    return found
  }
}

extension NumericAddress {
  /// Of a `sockaddr_in` or a `sockaddr_in6`.
  fileprivate init?(_ address: UnsafeMutablePointer<sockaddr>?, length: socklen_t) {
    guard let raw = address.map({ UnsafeRawBufferPointer(start: $0, count: Int(length)) }) else { return nil }
    switch address?.pointee.sa_family {
    case sa_family_t(AF_INET) where raw.count >= 8: self.init(bytes: Array(raw[4..<8]))
    case sa_family_t(AF_INET6) where raw.count >= 24: self.init(bytes: Array(raw[8..<24]))
    default: return nil
    }
  }

  /// Calls with a `struct sockaddr` for this address and a port.
  func withSocketAddress<Result>(port: UInt16, _ body: (UnsafeRawPointer, UInt32) -> Result) -> Result {
    if bytes.count == 4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
      return withUnsafePointer(to: &address) { body($0, UInt32(MemoryLayout<sockaddr_in>.size)) }
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { body($0, UInt32(MemoryLayout<sockaddr_in6>.size)) }
  }
}
