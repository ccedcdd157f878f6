import FoundationEssentials
import StetProtocol
import StetWorkspace

/// `view_image`: shows the model a picture from the disk.
struct ViewImageTool: Tool {
  /// Bytes of a picture that goes into a request (C10).
  static let byteLimit = 1_500_000

  let name = "view_image"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Look at an image file (PNG, JPEG, GIF, WebP).", ["path": ToolDefinition.text("The file.")],
      required: ["path"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let path = try ToolArguments(call).string("path")
      let settings = context.settings
      let policy = ReadPolicy(context)
      let (real, file) = try await WorkspaceThread.shared.run {
        let real = try policy.admit(path, settings)
        return (real, try Workspace(root: settings.cwd).read(real))
      }
      guard file.kind == .regular else { return .failure("\(path) is no file.", "Check the path.") }
      let bytes = file.bytes
      guard let type = Self.mediaType(bytes) else {
        return .failure(
          "\(path) is no PNG, JPEG, GIF or WebP image.", "Convert it first, or read it as text.")
      }
      guard bytes.count <= Self.byteLimit else {
        return .failure(
          "\(path) has \(bytes.count) bytes; \(Self.byteLimit) is the limit.", "Make it smaller first.")
      }
      let item = ThreadItem.imageView(ImageViewItem(id: call.itemId, path: real))
      context.items.started(item)
      context.items.completed(item)
      return ToolOutput(
        [.image(url: "data:\(type);base64,\(Data(bytes).base64EncodedString())")], success: true)
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .failure("The image can't be read: \(error)", "Check the path.")
    }
  }

  /// The kind of picture by its first bytes; the name says nothing reliable.
  static func mediaType(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
    if bytes.starts(with: Array("GIF8".utf8)) { return "image/gif" }
    if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
      return "image/webp"
    }
    return nil
  }
}
