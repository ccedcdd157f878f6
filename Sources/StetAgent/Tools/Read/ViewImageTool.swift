import StetProtocol
import StetWorkspace

/// `view_image`: shows the model a picture from the disk.
struct ViewImageTool: Tool {
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
      guard let picture = Picture(file.bytes) else {
        return .failure(
          "\(path) is no PNG, JPEG, GIF or WebP image.", "Convert it first, or read it as text.")
      }
      guard picture.width > 0, picture.height > 0 else {
        return .failure(
          "\(path) is damaged: it begins like an image and has no size.",
          "Make the file again, or use another.")
      }
      let url = try await PromptImage.url(file.bytes)
      let item = ThreadItem.imageView(ImageViewItem(id: call.itemId, path: real))
      context.items.started(item)
      context.items.completed(item)
      return ToolOutput([.image(url: url)], success: true)
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .failure(
        "The image can't be sent: \(PromptImage.reason(error))",
        (error as? WorkspaceError)?.hint ?? "Check the path.")
    }
  }
}
