import FoundationEssentials

/// Base64 with padding (RFC 4648 §4) as clients send it: nothing but the alphabet is taken, and faults are told in the
/// words of Codex's decoder.
enum StrictBase64 {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

  static func decode(_ text: String) throws(Fault) -> [UInt8] {
    if let data = Data(base64Encoded: text) { return [UInt8](data) }
    throw Fault(description: fault(Array(text.utf8)))
  }

  private static func fault(_ bytes: [UInt8]) -> String {
    let body = bytes.reversed().drop { $0 == UInt8(ascii: "=") }.count
    if let offset = bytes[..<body].firstIndex(where: { !isSymbol($0) }) {
      return "Invalid symbol \(bytes[offset]), offset \(offset)."
    }
    return bytes.count % 4 == 0 ? "Invalid padding" : "Invalid input length: \(bytes.count)"
  }

  private static func isSymbol(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
