import StetJSON

/// Puts a body together from parts that are serialised already.
enum WireBody {
  /// `{head…, "tools": …, "LIST": […]}`
  static func bytes(
    _ head: JSONObject, tools: [UInt8]?, list: String, _ messages: [EncodedMessage]
  ) -> [UInt8] {
    self.bytes(serialized: JSONValue.object(head).serialized(), tools: tools, list: list, messages)
  }

  /// - Parameter head: an object that is not empty.
  static func bytes(
    serialized head: [UInt8], tools: [UInt8]?, list: String, _ messages: [EncodedMessage]
  ) -> [UInt8] {
    var bytes = head
    bytes.removeLast()
    let size = messages.reduce((tools?.count ?? 0) + 64) { $0 + $1.bytes.count + 1 }
    bytes.reserveCapacity(bytes.count + size)
    if let tools {
      bytes += Array(#","tools":"#.utf8)
      bytes += tools
    }
    bytes += Array(",\"\(list)\":[".utf8)
    for (index, message) in messages.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += message.bytes
    }
    bytes += Array("]}".utf8)
    return bytes
  }
}
