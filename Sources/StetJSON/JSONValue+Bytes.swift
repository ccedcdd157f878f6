extension JSONValue {
  /// About how many bytes the value takes on the wire: enough to bound queues by, cheaper than writing it.
  /// Escapes and the digits of numbers are not counted out.
  public var approximateBytes: Int {
    switch self {
    case .null, .bool: 5
    case .int, .double: 12
    case .string(let text): text.utf8.count + 2
    case .array(let elements): elements.reduce(2) { $0 + $1.approximateBytes + 1 }
    case .verbatim(let text): text.bytes.count
    case .object(let object):
      zip(object.keys, object.values).reduce(2) { $0 + $1.0.utf8.count + 4 + $1.1.approximateBytes }
    }
  }
}
