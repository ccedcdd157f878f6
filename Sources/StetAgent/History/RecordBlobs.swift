import StetJSON
import StetStore
import Synchronization

/// Keeps the large strings of records (images, long outputs) in blobs, once each, and references in the log (R3).
/// What is read back is equal to what was written, byte for byte. Safe from any thread; blocks on the disk.
///
/// A record with references is `{"stet.blobs": [{"at": [path], "name": hash, "bytes": n}], "value": record}`, the
/// strings in the value left empty.
final class RecordBlobs: Sendable {
  /// Bytes of the longest string that stays in its record.
  static let limit = 8 << 10
  /// Records whose strings may be large.
  static let types: Set = [
    ThreadRecord.prompt, ThreadRecord.compacted, ThreadRecord.item, ThreadRecord.itemStarted,
    ThreadRecord.review,
  ]
  private static let key = "stet.blobs"
  /// Members of items that stay in their record whatever their size: search reads them there.
  private static let searched: Set = ["text", "command", "query"]

  private let directory: String
  private let opened = Mutex<BlobStore?>(nil)
  /// Written, but not yet known to be on the disk.
  private let loose = Mutex<Set<String>>([])

  init(directory: String) {
    self.directory = directory
  }

  /// The record of a type of `types` as it goes into the log.
  func pack(_ type: String, _ payload: JSONValue) throws -> JSONValue {
    var references: [JSONValue] = []
    var path: [JSONValue] = []
    let kept = type == ThreadRecord.item || type == ThreadRecord.itemStarted ? Self.searched : []
    let value = try strip(payload, kept, &path, &references)
    guard !references.isEmpty || payload[Self.key] != nil else { return payload }
    return .object(JSONObject([(Self.key, .array(references)), ("value", value)]))
  }

  /// The record as it was given to `pack`. Text that is lost is replaced by a note that says so.
  func unpack(_ payload: JSONValue) -> JSONValue {
    guard let references = payload[Self.key]?.arrayValue, var value = payload["value"] else { return payload }
    for reference in references {
      guard let path = reference["at"]?.arrayValue, let name = reference["name"]?.stringValue else {
        continue
      }
      let text: String
      do {
        text = String(decoding: try store().get(name), as: UTF8.self)
      } catch {
        text = "[\(reference["bytes"]?.intValue ?? 0) bytes that stood here are lost: \(error)]"
      }
      value = Self.replacing(value, path[...], text)
    }
    return value
  }

  /// A record without its large strings; enough for who looks for names and numbers.
  static func bare(_ payload: JSONValue) -> JSONValue {
    payload[key]?.arrayValue == nil ? payload : payload["value"] ?? payload
  }

  /// Makes what was packed durable; to be called before the log is.
  func sync() throws(StoreError) {
    let names = loose.withLock { loose in
      defer { loose = [] }
      return loose
    }
    guard !names.isEmpty else { return }
    do throws(StoreError) {
      try store().sync(names)
    } catch {
      loose.withLock { $0.formUnion(names) }
      throw error
    }
  }

  // MARK: - Parts

  private func store() throws(StoreError) -> BlobStore {
    try opened.withLock { (opened) throws(StoreError) -> BlobStore in
      if let opened { return opened }
      let store = try BlobStore(directory: directory)
      opened = store
      return store
    }
  }

  private func strip(
    _ value: JSONValue, _ kept: Set<String>, _ path: inout [JSONValue], _ references: inout [JSONValue]
  ) throws -> JSONValue {
    switch value {
    case .string(let text) where text.utf8.count > Self.limit:
      let bytes = Array(text.utf8)
      let name = try store().put(bytes, durable: false)
      loose.withLock { _ = $0.insert(name) }
      references.append(
        .object(
          JSONObject([
            ("at", .array(path)), ("name", .string(name)), ("bytes", .int(Int64(bytes.count))),
          ])))
      return ""
    case .array(let elements):
      return .array(
        try elements.enumerated().map { index, element in
          path.append(.int(Int64(index)))
          defer { path.removeLast() }
          return try strip(element, kept, &path, &references)
        })
    case .object(let object):
      return .object(
        JSONObject(
          try object.map { key, element in
            if element.stringValue != nil, kept.contains(key) { return (key, element) }
            path.append(.string(key))
            defer { path.removeLast() }
            return (key, try strip(element, kept, &path, &references))
          }))
    default: return value
    }
  }

  private static func replacing(
    _ value: JSONValue, _ path: ArraySlice<JSONValue>, _ text: String
  ) -> JSONValue {
    guard let step = path.first else { return .string(text) }
    let rest = path.dropFirst()
    switch (value, step) {
    case (.array(var elements), .int(let index)):
      guard let index = Int(exactly: index), elements.indices.contains(index) else { return value }
      elements[index] = replacing(elements[index], rest, text)
      return .array(elements)
    case (.object(var object), .string(let key)):
      guard let element = object[key] else { return value }
      object[key] = replacing(element, rest, text)
      return .object(object)
    default: return value
    }
  }
}
