import FoundationEssentials
import Glibc
import StetProtocol

/// What the model gets of an MCP result (M6): the structured content if there is one, else the texts; pictures as
/// pictures; other bytes as a file.
enum MCPResult {
  static func output(_ result: JSONValue, _ call: ToolCall, _ context: ToolContext) -> ToolOutput {
    var texts: [String] = []
    var images: [ToolOutput.Content] = []
    for (index, part) in (result["content"]?.arrayValue ?? []).enumerated() {
      switch part["type"]?.stringValue {
      case "text": texts.append(part["text"]?.stringValue ?? "")
      case "image":
        let type = part["mimeType"]?.stringValue ?? "image/png"
        let data = part["data"]?.stringValue ?? ""
        if context.model.images, data.utf8.count <= DynamicTool.imageLimit, isType(type) {
          images.append(.image(url: "data:\(type);base64,\(data)"))
        } else {
          texts.append(file(data, "\(call.itemId)-\(index)", "an image", context))
        }
      case "audio":
        texts.append(file(part["data"]?.stringValue ?? "", "\(call.itemId)-\(index)", "audio", context))
      case "resource": texts.append(resource(part["resource"] ?? .null, "\(call.itemId)-\(index)", context))
      case "resource_link":
        texts.append("\(part["name"]?.stringValue ?? "resource"): \(part["uri"]?.stringValue ?? "")")
      default: texts.append(part.text)
      }
    }
    var text = texts.joined(separator: "\n")
    if let structured = result["structuredContent"], !structured.isNull { text = structured.text }
    var content: [ToolOutput.Content] = []
    if !text.isEmpty || images.isEmpty { content.append(.text(LongOutput.cut(text, call, context.outputs))) }
    return ToolOutput(content + images, success: result["isError"]?.boolValue != true)
  }

  /// What a resource holds: texts as texts, other bytes as files.
  static func contents(_ result: JSONValue, _ call: ToolCall, _ context: ToolContext) -> ToolOutput {
    let parts = (result["contents"]?.arrayValue ?? []).enumerated().map { index, part in
      resource(part, "\(call.itemId)-\(index)", context)
    }
    let text = parts.isEmpty ? "It is empty." : parts.joined(separator: "\n")
    return .text(LongOutput.cut(text, call, context.outputs))
  }

  private static func resource(_ resource: JSONValue, _ name: String, _ context: ToolContext) -> String {
    let uri = resource["uri"]?.stringValue ?? ""
    if let text = resource["text"]?.stringValue { return "\(uri):\n\(text)" }
    return file(resource["blob"]?.stringValue ?? "", name, uri, context)
  }

  /// Keeps bytes for the model to look at with its own tools; says where they are.
  private static func file(_ base64: String, _ name: String, _ what: String, _ context: ToolContext) -> String
  {
    guard let data = Data(base64Encoded: base64), context.outputs.reserve(data.count),
      context.outputs.makeDirectory()
    else { return "[\(what), which could not be kept]" }
    let path = context.outputs.path(name)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return "[\(what), which could not be kept]" }
    defer { close(descriptor) }
    let bytes = [UInt8](data)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return "[\(what), which could not be kept]" }
      start += count
    }
    return "[\(what): \(bytes.count) bytes in \(path)]"
  }

  /// It becomes part of a URL.
  private static func isType(_ type: String) -> Bool {
    type.hasPrefix("image/")
      && type.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",") }
  }
}
