import StetJSON
import StetProtocol

/// Cuts a byte stream into lines and reads each as a message. Chunks may end anywhere, also inside a character.
public struct JSONLines: Sendable {
  /// Codex reads 32 MiB lines without complaint; beyond twice that a line is taken for garbage and passed over, so that
  /// a peer cannot fill the memory.
  public static let maxLineBytes = 64 << 20

  private var partial: [UInt8] = []
  private var overlong = false
  private let limit: Int

  public init(maxLineBytes: Int = JSONLines.maxLineBytes) { limit = maxLineBytes }

  /// Takes the next bytes; returns the messages that they complete, in order, and the faults between them.
  public mutating func feed(_ bytes: some Collection<UInt8>) -> [Result<Message, LineFault>] {
    var results: [Result<Message, LineFault>] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      take(rest[..<end])
      if let result = complete() { results.append(result) }
      rest = rest[rest.index(after: end)...]
    }
    take(rest)
    return results
  }

  /// The last line when the stream ends without a line feed.
  public mutating func finish() -> Result<Message, LineFault>? { complete() }

  private mutating func take(_ bytes: some Collection<UInt8>) {
    guard !overlong else { return }
    if partial.count + bytes.count > limit {
      overlong = true
      partial = []
    } else {
      partial.append(contentsOf: bytes)
    }
  }

  private mutating func complete() -> Result<Message, LineFault>? {
    defer {
      partial.removeAll(keepingCapacity: partial.capacity <= 1 << 16)
      overlong = false
    }
    if overlong { return .failure(LineFault("a line of more than \(limit) bytes")) }
    if partial.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
    do {
      return .success(try Message(JSONValue(parsing: partial)))
    } catch let fault as LineFault {
      return .failure(fault)
    } catch {
      return .failure(LineFault("not JSON: \(error)"))
    }
  }
}
