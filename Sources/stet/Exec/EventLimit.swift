import FoundationEssentials
import Glibc
import StetProtocol

/// Keeps lines of events within X2's bound: the longest text of a larger one goes to a file, and its beginning, its end
/// and the file's path stay.
struct EventLimit: Sendable {
  /// Bytes of one line with its line feed; readers with a line buffer of 256 KiB take it (X2).
  static let lineLimit = 256_000
  /// What is kept of a text that was cut, beginning and end together. A control character takes six bytes in JSON,
  /// and other members need room, too.
  private static let keptBytes = 24_000
  /// Room for the words between them; a text that is not longer than both gains nothing by a cut.
  private static let noteBytes = 1_000
  /// Cuts in one event; an event of more and longer texts than this allows loses its members.
  private static let cutLimit = 64

  /// Where the texts go.
  let directory: String
  var thread = "thread"
  private var files = 0

  init(directory: String) { self.directory = directory }

  /// The line of an event, with its line feed.
  mutating func line(_ event: JSONObject) -> [UInt8] {
    var value = JSONValue.object(event)
    var bytes = value.serialized()
    var cuts = 0
    while bytes.count >= Self.lineLimit, cuts < Self.cutLimit, let path = Self.longest(in: value) {
      value = replacing(path[...], in: value)
      bytes = value.serialized()
      cuts += 1
    }
    if bytes.count >= Self.lineLimit { bytes = Self.withoutContent(event).serialized() }
    return bytes + [UInt8(ascii: "\n")]
  }

  // MARK: - Finding

  private enum Step { case key(String), index(Int) }

  /// The way to the longest text that a cut makes shorter.
  private static func longest(in value: JSONValue) -> [Step]? {
    var best: (path: [Step], size: Int)?
    func look(_ value: JSONValue, _ path: [Step]) {
      switch value {
      case .string(let text):
        let size = text.utf8.count
        if size > keptBytes + noteBytes, size > best?.size ?? 0 { best = (path, size) }
      case .array(let elements):
        for (index, element) in elements.enumerated() { look(element, path + [.index(index)]) }
      case .object(let object):
        for (key, member) in object { look(member, path + [.key(key)]) }
      default: break
      }
    }
    look(value, [])
    return best?.path
  }

  private mutating func replacing(_ path: ArraySlice<Step>, in value: JSONValue) -> JSONValue {
    switch (path.first, value) {
    case (nil, .string(let text)): return .string(cut(text))
    case (.key(let key), .object(var object)):
      object[key] = object[key].map { replacing(path.dropFirst(), in: $0) }
      return .object(object)
    case (.index(let index), .array(var elements)) where elements.indices.contains(index):
      elements[index] = replacing(path.dropFirst(), in: elements[index])
      return .array(elements)
    default: return value
    }
  }

  // MARK: - Cutting

  private mutating func cut(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let half = Self.keptBytes / 2
    // The cuts may fall into a character; its pieces become a replacement character.
    let head = String(decoding: bytes.prefix(half), as: UTF8.self)
    let tail = String(decoding: bytes.suffix(half), as: UTF8.self)
    return "\(head)\n… \(bytes.count - 2 * half) bytes left out; \(keep(bytes)) …\n\(tail)"
  }

  /// Writes the whole text to a file; says where, or why not.
  private mutating func keep(_ bytes: [UInt8]) -> String {
    files += 1
    let folder = "\(directory)/\(thread)"
    let path = "\(folder)/\(getpid())-\(files).txt"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try AtomicFile.write(bytes, to: path, mode: 0o600)
    } catch {
      return "the whole could not be kept: \(error)"
    }
    return "all of it is in \(path)"
  }

  /// An event of no use but its kind: thousands of long texts, which no tool of this program makes.
  private static func withoutContent(_ event: JSONObject) -> JSONValue {
    let item = event["item"]
    return [
      "type": event["type"] ?? "error",
      "item": [
        "id": item?["id"] ?? .null, "type": "error",
        "message": "an item of type \(item?["type"]?.stringValue ?? "unknown") was too long to be shown",
      ],
    ]
  }
}
