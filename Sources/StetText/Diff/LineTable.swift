import Glibc

/// A text as lines: its bytes are held once, and a line becomes a `String` when somebody looks at it. So a diff of a
/// long file costs its text and a few words a line, however many of its lines are ever shown.
public final class LineTable: RandomAccessCollection, Sendable {
  public let bytes: [UInt8]
  /// Where each line starts; last, where one more would.
  private let starts: [Int]

  /// Lines end at LF, which is no part of them; what stands behind the last LF is a line if it is not empty.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    bytes.withUnsafeBufferPointer { buffer in
      starts.reserveCapacity(buffer.count / 32)
      guard let first = buffer.baseAddress else { return }
      var at = 0
      while let end = memchr(first + at, 0x0A, buffer.count - at) {
        at = UnsafeRawPointer(end) - UnsafeRawPointer(first) + 1
        starts.append(at)
      }
    }
    if starts[starts.count - 1] < bytes.count { starts.append(bytes.count + 1) }
    self.starts = starts
  }

  public convenience init(_ text: String) { self.init(Array(text.utf8)) }

  /// The last line has an end, too; so has a text without lines.
  public var endsWithLineFeed: Bool { bytes.last == 0x0A }

  public var startIndex: Int { 0 }
  public var endIndex: Int { starts.count - 1 }

  /// Bytes that are no UTF-8 are shown as U+FFFD.
  public subscript(line: Int) -> String { String(decoding: bytes[range(line)], as: UTF8.self) }

  /// Where a line stands among the bytes, without its end.
  func range(_ line: Int) -> Range<Int> { starts[line]..<starts[line + 1] - 1 }
}
