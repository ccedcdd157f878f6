import Glibc

/// Output as far as it is kept in memory: its beginning and its end, with what was left out counted.
struct OutputBuffer: Sendable {
  /// Bytes kept of the beginning and of the end each.
  let half: Int
  private var head: [UInt8] = []
  private var tail: [UInt8] = []
  /// All bytes that were ever appended, and the line feeds among them.
  private(set) var total = 0
  private(set) var lineFeeds = 0

  init(half: Int) { self.half = half }

  var isEmpty: Bool { total == 0 }

  /// - Parameter lineFeeds: how many are among the bytes, where that was counted already.
  mutating func append(_ bytes: some Collection<UInt8>, lineFeeds: Int? = nil) {
    total += bytes.count
    self.lineFeeds += lineFeeds ?? Self.lineFeeds(in: bytes)
    let room = half - head.count
    head += bytes.prefix(room)
    tail += bytes.dropFirst(room)
    // Cut in big steps, so that appending stays cheap.
    if tail.count > 2 * half { tail.removeFirst(tail.count - half) }
  }

  static func lineFeeds(in bytes: some Collection<UInt8>) -> Int {
    bytes.withContiguousStorageIfAvailable { count(UnsafeRawBufferPointer($0)) } ?? bytes.count { $0 == 0x0A }
  }

  /// Eight bytes at a time: a flood of short lines has more of them than a search could be called for.
  private static func count(_ bytes: UnsafeRawBufferPointer) -> Int {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    var count = 0
    var place = 0
    while place + 8 <= bytes.count {
      // Line feeds become zero, and of each byte one bit is left: set where it is zero.
      let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
      count += (~((word & low) &+ low | word | low)).nonzeroBitCount
      place += 8
    }
    for byte in bytes[place...] where byte == 0x0A { count += 1 }
    return count
  }

  /// Bytes in the middle that are no longer here.
  var omitted: Int { total - head.count - min(tail.count, half) }

  /// The beginning and the end, each of whole scalars when something is left out between them; else all of it as
  /// the beginning.
  var parts: (head: [UInt8], tail: [UInt8]) {
    if omitted == 0 { return (head + tail, []) }
    let whole = head.dropLast(Self.incompleteEnd(of: head))
    return (Array(whole), Array(tail.suffix(half).drop { $0 & 0xC0 == 0x80 }))
  }

  /// The text; bytes that are no UTF-8 become U+FFFD, the gap says how much it is.
  var text: String {
    let (head, tail) = parts
    let beginning = String(decoding: head, as: UTF8.self)
    if omitted == 0 { return beginning }
    return "\(beginning)\n… \(omitted) bytes omitted …\n\(String(decoding: tail, as: UTF8.self))"
  }

  /// Takes all out but the bytes of a scalar whose rest has not come yet.
  mutating func takeWholeScalars() -> OutputBuffer {
    var taken = self
    self = OutputBuffer(half: half)
    let end = taken.head.suffix(3) + taken.tail.suffix(3)
    let rest = end.suffix(Self.incompleteEnd(of: end))
    append(rest)
    let fromTail = min(rest.count, taken.tail.count)
    taken.tail.removeLast(fromTail)
    taken.head.removeLast(rest.count - fromTail)
    taken.total -= rest.count
    return taken
  }

  /// How many bytes at the end begin a scalar that is not whole.
  static func incompleteEnd(of bytes: some BidirectionalCollection<UInt8>) -> Int {
    let continuation = bytes.reversed().prefix(3).prefix { $0 & 0xC0 == 0x80 }.count
    guard let lead = bytes.dropLast(continuation).last, lead >= 0xC0 else { return 0 }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    return continuation + 1 < length ? continuation + 1 : 0
  }
}
