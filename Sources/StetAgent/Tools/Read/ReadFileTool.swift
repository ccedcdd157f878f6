import StetProtocol
import StetWorkspace

/// `read_file`: lines of a file with their numbers.
struct ReadFileTool: Tool {
  /// Lines of one call by default, and the most.
  static let defaultLines = 500
  static let mostLines = 2_000
  /// Bytes of one answer: a long line must not fill the window.
  static let byteLimit = 40_000
  /// Characters of one line; the rest is counted.
  static let lineLimit = 2_000

  let name = "read_file"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Read lines of a text file, numbered. Prefer it to cat.",
      [
        "path": ToolDefinition.text("The file."),
        "offset": ToolDefinition.number("First line, from 1."),
        "limit": ToolDefinition.number("Lines; default 500, at most 2000."),
      ], required: ["path"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    await ToolItem(call: call, context: context).show {
      do {
        let arguments = try ToolArguments(call)
        let path = try arguments.string("path")
        let offset = try arguments.int("offset", default: 1, in: 1...Int.max)
        let limit = try arguments.int("limit", default: Self.defaultLines, in: 1...Self.mostLines)
        let settings = context.settings
        let place = try await WorkspaceThread.shared.run { try EditTarget(settings).locate(path) }
        if let refusal = ReadPolicy.refusal(of: place.path, context) { return refusal }
        return answer(path, place.path, place.state, offset, limit, context)
      } catch let error as ToolArgumentError {
        return error.output
      } catch {
        return .failure("\(path(call)) can't be read: \(error)", "Look for it with list_dir or search.")
      }
    }
  }

  private func path(_ call: ToolCall) -> String { call.arguments["path"]?.stringValue ?? "The file" }

  private func answer(
    _ spelled: String, _ real: String, _ state: FileState, _ offset: Int, _ limit: Int, _ context: ToolContext
  ) -> ToolOutput {
    switch state.kind {
    case .absent: return .failure("\(spelled) does not exist.", "Look for it with list_dir or search.")
    case .directory: return .failure("\(spelled) is a directory.", "Use list_dir.")
    case .symlink, .other: return .failure("\(spelled) is no regular file.", "Nothing to read there.")
    case .regular: break
    }
    if state.isBinary { return .text("\(spelled) is binary, \(state.bytes.count) bytes.", success: false) }
    context.files.saw(real, hash: state.hash?.hex ?? FileKnowledge.absent)
    if state.bytes.isEmpty { return .text("\(spelled) is empty.") }
    var lines = state.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard offset <= lines.count else {
      return .failure("\(spelled) has \(lines.count) lines.", "Give a smaller offset.")
    }
    var text = ""
    var last = offset - 1
    for index in (offset - 1)..<min(offset - 1 + limit, lines.count) {
      let line = Self.shown(lines[index])
      if !text.isEmpty, text.utf8.count + line.utf8.count > Self.byteLimit { break }
      text += "\(index + 1)\t\(line)\n"
      last = index + 1
    }
    if last < lines.count { text += "… \(lines.count - last) more lines; go on with offset \(last + 1)\n" }
    return .text(text)
  }

  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    if bytes.last == 0x0D { bytes = bytes.dropLast() }
    guard bytes.count > lineLimit else { return String(decoding: bytes, as: UTF8.self) }
    let text = String(decoding: bytes, as: UTF8.self)
    return "\(text.prefix(lineLimit))… (\(text.count) characters in this line)"
  }
}
