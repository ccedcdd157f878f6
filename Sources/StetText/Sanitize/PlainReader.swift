/// Reduces terminal output to the text that it left, for the model.
struct PlainReader {
  private var result: [UInt8] = []
  private var lineStart = 0
  /// A carriage return came: the next thing that is written begins the line anew.
  private var isReturned = false

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    result.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case 0x0A:
        result.append(0x0A)
        lineStart = result.count
        isReturned = false
        at += 1
      case 0x0D:
        isReturned = true
        at += 1
      case 0x1B: at = escape(bytes, at)
      case 0x08:
        erase()
        at += 1
      case 0x00..<0x20 where bytes[at] != 0x09: at += 1
      case 0x7F: at += 1
      // C1 controls are two bytes in UTF-8, the first of them C2.
      case 0xC2 where at + 1 < bytes.count && bytes[at + 1] < 0xA0: at += 2
      default:
        if isReturned { clearLine() }
        result.append(bytes[at])
        at += 1
      }
    }
  }

  func finish() -> String { String(decoding: result, as: UTF8.self) }

  private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    let sequence = EscapeSequence.read(bytes, at: at)
    if sequence.kind == .control(final: UInt8(ascii: "K")),
      isReturned || bytes[sequence.parameters.lowerBound] == 0x32
    {
      clearLine()
    }
    return sequence.end
  }

  private mutating func clearLine() {
    result.removeSubrange(lineStart...)
    isReturned = false
  }

  /// A backspace takes the last scalar of the line, as overstriking and spinners mean it.
  private mutating func erase() {
    while result.count > lineStart, let last = result.popLast(), last & 0xC0 == 0x80 {}
  }
}
