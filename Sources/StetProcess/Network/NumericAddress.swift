import Glibc

/// How far away an address is.
public enum AddressReach: Hashable, Sendable {
  case world
  /// This machine: 127.0.0.0/8 and ::1.
  case machine
  /// A network that is not the world's: RFC 1918, RFC 6598, unique local addresses.
  case privateNetwork
  /// Never a host to reach through the proxy: link-local (where clouds hand out credentials), multicast, reserved.
  case nowhere
}

/// An IPv4 or IPv6 address in the form that inet_pton reads, and no other.
struct NumericAddress: Hashable, Sendable {
  /// Four bytes or sixteen. IPv4 inside IPv6 is IPv4.
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = Self.unwrapped(bytes) }

  init?(_ text: String) {
    var buffer = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &buffer) == 1 {
      self.init(bytes: Array(buffer[..<4]))
    } else if inet_pton(AF_INET6, text, &buffer) == 1 {
      self.init(bytes: buffer)
    } else {
      return nil
    }
  }

  /// The canonical form.
  var text: String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &buffer, socklen_t(buffer.count)) != nil
    else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// IPv4 as mapped (::ffff:a.b.c.d), compatible (::a.b.c.d), by NAT64 (64:ff9b::/96) or by 6to4 (2002::/16): it is
  /// the IPv4 address that is reached.
  private static func unwrapped(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count == 16 else { return bytes }
    let zeros = [UInt8](repeating: 0, count: 10)
    if bytes.starts(with: zeros) {
      let isMapped = bytes[10] == 0xFF && bytes[11] == 0xFF
      let isCompatible = bytes[10] == 0 && bytes[11] == 0 && bytes[12] != 0
      if isMapped || isCompatible { return Array(bytes[12...]) }
    }
    if bytes.starts(with: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) { return Array(bytes[12...]) }
    if bytes.starts(with: [0x20, 0x02]) { return Array(bytes[2..<6]) }
    return bytes
  }

  var reach: AddressReach { bytes.count == 4 ? reach4 : reach6 }

  private var reach4: AddressReach {
    switch (bytes[0], bytes[1]) {
    case (127, _): .machine
    case (10, _), (172, 16...31), (192, 168), (100, 64...127), (198, 18...19): .privateNetwork
    case (0, _), (169, 254), (224...255, _): .nowhere
    case (192, 0) where bytes[2] == 0: .nowhere
    default: .world
    }
  }

  private var reach6: AddressReach {
    if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .machine : .nowhere }
    return switch bytes[0] {
    case 0xFC, 0xFD: .privateNetwork
    // fe80::/10 link-local, fec0::/10 site-local of old, ff00::/8 multicast.
    case 0xFE, 0xFF: .nowhere
    // The world's addresses are in 2000::/3 so far.
    case 0x20...0x3F: .world
    default: .nowhere
    }
  }
}
