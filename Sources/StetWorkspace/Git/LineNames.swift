import Glibc

/// Short names for lines, the same for equal lines of both sides: what is compared then is a few bytes a line. Blanks at
/// the beginning stay, for where a change begins among equal lines goes by them; so do lines of blanks alone.
struct LineNames {
  /// Blanks of a line that count; libgit2 looks at 200.
  private static let blanks = 256

  private struct Line {
    var side: Int
    var start: Int
    var end: Int
    var hash: UInt64
  }

  private var sides: [[UInt8]] = []
  /// The first line of each name.
  private var lines: [Line] = []
  /// Names by their hashes, open addressing; -1 is free. A power of two, more than half of it free.
  private var slots = [Int32](repeating: -1, count: 1 << 10)

  /// The side with names in place of its lines, and how many lines there are.
  mutating func encode(_ bytes: [UInt8]) -> (bytes: [UInt8], count: Int) {
    let side = sides.count
    sides.append(bytes)
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count / 4)
    var count = 0
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      while start < buffer.count {
        let end = Self.lineEnd(buffer, from: start)
        var first = start
        while first < end, Self.isBlank(buffer[first]) { first += 1 }
        encoded.append(contentsOf: buffer[start..<min(first, start + Self.blanks)])
        if first == end {
          encoded.append(contentsOf: buffer[min(first, start + Self.blanks)..<end])
        } else {
          let name = name(side, start, end, buffer)
          Self.append(name, to: &encoded)
        }
        if end < buffer.count { encoded.append(0x0A) }
        count += 1
        start = end + 1
      }
    }
    return (encoded, count)
  }

  private static func lineEnd(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    guard let base = buffer.baseAddress, let found = memchr(base + start, 0x0A, buffer.count - start) else {
      return buffer.count
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// Four bytes, none of them blank, a line feed or NUL.
  private static func append(_ name: Int, to encoded: inout [UInt8]) {
    var rest = name
    for _ in 0..<4 {
      encoded.append(UInt8(truncatingIfNeeded: 0x21 + rest % 222))
      rest /= 222
    }
  }

  /// As C has it: space, tab, vertical tab, form feed, carriage return.
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

  private mutating func name(_ side: Int, _ start: Int, _ end: Int, _ buffer: UnsafeBufferPointer<UInt8>)
    -> Int
  {
    let hash = Self.hash(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<end]))
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] >= 0 {
      let known = Int(slots[slot])
      if lines[known].hash == hash, isEqual(lines[known], buffer, start, end) { return known }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(truncatingIfNeeded: lines.count)
    lines.append(Line(side: side, start: start, end: end, hash: hash))
    if lines.count * 2 > slots.count { grow() }
    return lines.count - 1
  }

  private func isEqual(
    _ line: Line, _ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    guard line.end - line.start == end - start else { return false }
    return sides[line.side].withUnsafeBufferPointer { own in
      guard let left = own.baseAddress, let right = buffer.baseAddress else { return true }
      return memcmp(left + line.start, right + start, end - start) == 0
    }
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 4)
    for (name, line) in lines.enumerated() {
      var slot = Int(truncatingIfNeeded: line.hash) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(truncatingIfNeeded: name)
    }
  }

  /// Different in each run, so that nobody can write lines that all have one hash.
  private static let seed = UInt64.random(in: .min ... .max)

  /// Eight bytes at a time; a short or long line is told by its length.
  private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at + 8 <= bytes.count {
      hash = mix(hash, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest: UInt64 = 0
    while at < bytes.count {
      rest = rest << 8 | UInt64(bytes[at])
      at += 1
    }
    hash = mix(hash, rest)
    return hash ^ hash >> 32
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let mixed = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
    return mixed ^ mixed >> 29
  }
}
