/// An absolute address of http or https, taken apart. What it takes it takes whole: an address that two readers could
/// read differently would send a token elsewhere.
struct OAuthAddress: Hashable, Sendable {
  let scheme: String
  /// Host and port, as written.
  let authority: String
  /// With its slash; empty for none.
  let path: String
  let query: String?

  /// Nil for what is no such address: other schemes, a user name, a fragment, anything but visible ASCII.
  init?(_ text: String) {
    guard
      text.utf8.allSatisfy({
        (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#")
      })
    else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasPrefix("//") else { return nil }
    scheme = parts[0].lowercased()
    guard scheme == "https" || scheme == "http" else { return nil }
    let rest = parts[1].dropFirst(2)
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    authority = rest[..<end].lowercased()
    let isHost = { (byte: UInt8) in
      byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
        || byte == UInt8(ascii: "[")
        || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
        || (0x61...0x7A).contains(byte)
    }
    guard !authority.isEmpty, authority.utf8.allSatisfy(isHost) else { return nil }
    let tail = rest[end...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = tail.first.map(String.init) ?? ""
    query = tail.count > 1 ? String(tail[1]) : nil
  }

  var origin: String { "\(scheme)://\(authority)" }
  var text: String { origin + path + (query.map { "?\($0)" } ?? "") }

  /// Whether a secret may go there: over TLS, or on this machine.
  var isSafe: Bool {
    scheme == "https" || isLocal
  }

  /// Whether it is of this machine.
  var isLocal: Bool {
    let host =
      authority.hasPrefix("[") ? "[::1]" : authority.split(separator: ":").first.map(String.init) ?? ""
    let isV6 = authority.hasPrefix("[::1]")
    return isV6 || host == "localhost" || host == "127.0.0.1"
  }

  /// A well-known place of this one's (RFC 8615): between host and path.
  func wellKnown(_ name: String, path: String) -> String {
    "\(origin)/.well-known/\(name)" + (path == "/" ? "" : path)
  }
}

/// `application/x-www-form-urlencoded`.
enum FormText {
  static func encode(_ fields: [(String, String)]) -> String {
    fields.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
  }

  static func encode(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".unicodeScalars)
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result.unicodeScalars.append("%")
        result.unicodeScalars.append(digits[Int(byte >> 4)])
        result.unicodeScalars.append(digits[Int(byte & 15)])
      }
    }
    return result
  }

  /// The fields of a query; what is not well formed is left out, and of two with one name the first counts.
  static func decode(_ query: String) -> [String: String] {
    var fields: [String: String] = [:]
    for part in query.split(separator: "&") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = text(pair[0]), let value = text(pair.count > 1 ? pair[1] : "") else { continue }
      if fields[name] == nil { fields[name] = value }
    }
    return fields
  }

  private static func text(_ encoded: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = encoded.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else {
          return nil
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
