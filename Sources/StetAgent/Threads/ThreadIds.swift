/// Ids of threads, turns and user messages: UUIDs of version 7, so that they sort by time (RFC 9562 §5.7).
enum ThreadIds {
  static func make(nowMs: Int64) -> String {
    var bytes = [UInt8](repeating: 0, count: 16)
    let time = UInt64(clamping: nowMs)
    for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: time >> UInt64(8 * (5 - index))) }
    var random = SystemRandomNumberGenerator()
    for index in 6..<16 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
    bytes[6] = 0x70 | (bytes[6] & 0x0F)
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
