/// Ids of threads, turns and user messages: UUIDs of version 7, so that they sort by time (RFC 9562 §5.7).
enum ThreadIds {
  static func make(nowMs: Int64) -> String {
    var bytes = noise()
    let time = UInt64(clamping: nowMs)
    for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: time >> UInt64(8 * (5 - index))) }
    return text(&bytes, version: 7)
  }

  /// A UUID of version 4: commands of the user have such ids (protocol.md §2).
  static func random() -> String {
    var bytes = noise()
    return text(&bytes, version: 4)
  }

  private static func noise() -> [UInt8] {
    var random = SystemRandomNumberGenerator()
    return (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
  }

  private static func text(_ bytes: inout [UInt8], version: UInt8) -> String {
    bytes[6] = version << 4 | (bytes[6] & 0x0F)
    bytes[8] = 0x80 | (bytes[8] & 0x3F)
    let digits = Array("0123456789abcdef")
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text.append("-") }
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }
}
