import Glibc

/// A path as a key, compared by its bytes: Swift's strings take canonically equivalent names for equal,
/// file systems do not.
struct PathKey: Hashable, Sendable {
  let bytes: [UInt8]

  init(_ path: String) { bytes = Array(path.utf8) }

  /// A path for people: bytes that are no UTF-8 as `\xFF`.
  static func escaped(_ path: UnsafePointer<CChar>) -> String {
    let bytes = UnsafeBufferPointer(start: path, count: strlen(path)).map { UInt8(bitPattern: $0) }
    let digits = Array("0123456789ABCDEF")
    var text = ""
    var index = 0
    while index < bytes.count {
      let rest = bytes.count - index
      let found = (1...4).lazy.filter { $0 <= rest }.compactMap {
        String(validating: bytes[index..<index + $0], as: UTF8.self)
      }.first
      if let found {
        text += found
        index += found.utf8.count
      } else {
        text += "\\x\(digits[Int(bytes[index] >> 4)])\(digits[Int(bytes[index] & 15)])"
        index += 1
      }
    }
    return text
  }
}
