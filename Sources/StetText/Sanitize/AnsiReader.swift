/// Turns the output of a command into styled lines.
struct AnsiReader {
  private let base: Style
  private var sgr: SGRState
  private var lines: [Line] = []
  private var spans: [Span] = []
  private var pending = ""
  private var pendingStyle: Style
  private var column = 0
  private var isReturned = false

  init(base: Style) {
    self.base = base
    sgr = SGRState(base: base)
    pendingStyle = base
  }

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    var at = 0
    while at < bytes.count {
      switch bytes[at] {
      case 0x0A:
        endLine()
        at += 1
      case 0x0D:
        isReturned = true
        at += 1
      case 0x1B: at = escape(bytes, at)
      default:
        let start = at
        while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D, bytes[at] != 0x1B { at += 1 }
        append(UnsafeBufferPointer(rebasing: bytes[start..<at]))
      }
    }
  }

  mutating func finish() -> [Line] {
    if !spans.isEmpty || !pending.isEmpty { endLine() }
    return lines
  }

  private mutating func escape(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int {
    let sequence = EscapeSequence.read(bytes, at: at)
    switch sequence.kind {
    case .control(final: UInt8(ascii: "m")):
      sgr.apply(UnsafeBufferPointer(rebasing: bytes[sequence.parameters]))
    case .control(final: UInt8(ascii: "K")):
      // Erasing to the end of the line erases nothing here, unless the line begins anew.
      if isReturned || bytes[sequence.parameters.lowerBound] == 0x32 { clearLine() }
    default: append(UnsafeBufferPointer(rebasing: bytes[at..<sequence.end]))
    }
    return sequence.end
  }

  private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    if isReturned { clearLine() }
    var writer = DisplayWriter(tabWidth: 8, isExact: false, column: column)
    writer.write(bytes)
    column = writer.column
    if pendingStyle != sgr.style {
      flush()
      pendingStyle = sgr.style
    }
    pending += writer.text
  }

  private mutating func flush() {
    if !pending.isEmpty { spans.append(Span(pending, pendingStyle)) }
    pending = ""
  }

  private mutating func clearLine() {
    spans = []
    pending = ""
    column = 0
    isReturned = false
  }

  private mutating func endLine() {
    flush()
    lines.append(Line(spans))
    clearLine()
  }
}
