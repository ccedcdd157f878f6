/// The output of a command as far as it is kept in memory: its beginning and its end, with what was left out counted.
struct OutputBuffer: Sendable {
  /// Bytes kept of the beginning and of the end each: 1 MiB together, as much as anyone reads of one command.
  static let halfLimit = 512 << 10

  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// All bytes that were ever appended.
  private(set) var total = 0

  init() {}

  mutating func append(_ bytes: [UInt8]) {
    total += bytes.count
    let room = Self.halfLimit - head.count
    head += bytes.prefix(room)
    tail += bytes.dropFirst(room)
    // Cut in big steps, so that appending stays cheap.
    if tail.count > 2 * Self.halfLimit { tail.removeFirst(tail.count - Self.halfLimit) }
  }

  /// Bytes in the middle that are no longer here.
  var omitted: Int { total - head.count - min(tail.count, Self.halfLimit) }

  /// The text; bytes that are no UTF-8 become U+FFFD, the gap says how much it is.
  var text: String {
    let end = tail.suffix(Self.halfLimit)
    if omitted == 0 { return String(decoding: head + end, as: UTF8.self) }
    let beginning = String(decoding: Self.wholeScalars(head), as: UTF8.self)
    let ending = String(decoding: end.drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
    return "\(beginning)\n… \(omitted) bytes omitted …\n\(ending)"
  }

  /// The bytes without a scalar that was cut in half at the end.
  private static func wholeScalars(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var end = bytes.count
    var continuation = 0
    while end > 0, continuation < 3, bytes[end - 1] & 0xC0 == 0x80 {
      end -= 1
      continuation += 1
    }
    guard end > 0, bytes[end - 1] >= 0xC0 else { return bytes[...] }
    let lead = bytes[end - 1]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    return length == continuation + 1 ? bytes[...] : bytes[..<(end - 1)]
  }
}
