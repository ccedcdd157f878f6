/// One server-sent event.
public struct SSEEvent: Hashable, Sendable {
  /// "message" when the server named none.
  public var event: String
  /// The data lines joined by a line feed; invalid UTF-8 is replaced.
  public var data: String
  /// The last id the stream has set, also by an earlier event.
  public var id: String?
  /// The reconnection time in milliseconds, if this event set one.
  public var retry: Int?

  public init(event: String = "message", data: String, id: String? = nil, retry: Int? = nil) {
    self.event = event
    self.data = data
    self.id = id
    self.retry = retry
  }
}

/// Reads an event stream (WHATWG HTML §9.2.6) from chunks cut anywhere.
///
/// Line ends may be CR LF, LF or CR; a leading byte order mark is dropped; comments give no event (the bytes count
/// as a sign of life in `HTTPClient`). An event that the stream's end cuts off is not an event.
public struct SSEParser: Sendable {
  /// A completed response with its whole output in one event stays far below; beyond it the peer is broken.
  public static let maxEventBytes = 16 << 20

  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var name = ""
  private var id: String?
  private var retry: Int?
  private var isFirstLine = true
  private var skipsLineFeed = false

  public init() {}

  /// Takes the next bytes, returns the events they complete. Throws `.tooLarge` when one event passes
  /// `maxEventBytes`; the stream is then useless.
  public mutating func feed(_ bytes: [UInt8]) throws(NetError) -> [SSEEvent] {
    var events: [SSEEvent] = []
    var start = 0
    if skipsLineFeed, let first = bytes.first {
      skipsLineFeed = false
      if first == Self.lineFeed { start = 1 }
    }
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == Self.lineFeed || byte == Self.carriageReturn else {
        index += 1
        continue
      }
      try take(bytes[start..<index], &events)
      index += 1
      if byte == Self.carriageReturn {
        if index == bytes.count { skipsLineFeed = true } else if bytes[index] == Self.lineFeed { index += 1 }
      }
      start = index
    }
    if start < bytes.count {
      try check(adding: bytes.count - start)
      line.append(contentsOf: bytes[start...])
    }
    return events
  }

  private static let lineFeed: UInt8 = 10
  private static let carriageReturn: UInt8 = 13
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private func check(adding count: Int) throws(NetError) {
    guard line.count + data.count + count <= Self.maxEventBytes else {
      throw NetError(.tooLarge, "an event of the stream is larger than \(Self.maxEventBytes >> 20) MiB")
    }
  }

  private mutating func take(_ rest: ArraySlice<UInt8>, _ events: inout [SSEEvent]) throws(NetError) {
    try check(adding: rest.count)
    var whole = rest
    if !line.isEmpty {
      line.append(contentsOf: rest)
      whole = line[...]
      line = []
    }
    if isFirstLine {
      isFirstLine = false
      if whole.starts(with: Self.byteOrderMark) { whole = whole.dropFirst(Self.byteOrderMark.count) }
    }
    if whole.isEmpty { dispatch(&events) } else { field(whole) }
  }

  private mutating func field(_ line: ArraySlice<UInt8>) {
    let colon = line.firstIndex(of: 58) ?? line.endIndex
    if colon == line.startIndex { return }
    var value = line[colon...].dropFirst()
    if value.first == 32 { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "data":
      if hasData { data.append(Self.lineFeed) }
      hasData = true
      data.append(contentsOf: value)
    case "event": name = String(decoding: value, as: UTF8.self)
    case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
    case "retry":
      if value.allSatisfy({ $0 >= 48 && $0 <= 57 }) { retry = Int(String(decoding: value, as: UTF8.self)) }
    default: break
    }
  }

  private mutating func dispatch(_ events: inout [SSEEvent]) {
    if hasData {
      let text = String(decoding: data, as: UTF8.self)
      events.append(SSEEvent(event: name.isEmpty ? "message" : name, data: text, id: id, retry: retry))
      retry = nil
    }
    data = []
    hasData = false
    name = ""
  }
}
