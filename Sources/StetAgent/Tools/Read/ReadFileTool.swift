import StetProtocol
import StetWorkspace

/// `read_file`: lines of a file with their numbers.
struct ReadFileTool: Tool {
  /// Lines of one call by default, and the most.
  static let defaultLines = 500
  static let mostLines = 2_000
  /// Bytes of one answer: a long line must not fill the window.
  static let byteLimit = 40_000
  /// Bytes of one line; the rest is counted.
  static let lineLimit = 2_000
  /// Bytes of a file that is read: more is data or a log, of which a command shows a part faster.
  static let sizeLimit = 16 << 20

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

  private struct Wanted: Sendable {
    let path: String
    let offset: Int
    let limit: Int

    init(_ arguments: ToolArguments) throws(ToolArgumentError) {
      path = try arguments.string("path")
      offset = try arguments.int("offset", default: 1, in: 1...Int.max)
      limit = try arguments.int("limit", default: defaultLines, in: 1...mostLines)
    }
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    await ToolItem.run(call, context, Wanted.init) { wanted in
      let settings = context.settings
      let policy = ReadPolicy(context)
      do {
        let (path, file) = try await WorkspaceThread.shared.run {
          let path = try policy.admit(wanted.path, settings)
          return (path, try Workspace(root: settings.cwd).read(path, limit: Self.sizeLimit))
        }
        if file.kind == .regular, !file.isBinary { context.sees(path, file) }
        return answer(wanted, file)
      } catch let error as WorkspaceError where error.code == .tooLarge {
        return .failure(
          "\(wanted.path) is larger than \(Self.sizeLimit >> 20) MB.",
          "Look at a part of it with exec_command: grep, head, tail or sed -n.")
      } catch {
        return .failure("\(wanted.path) can't be read: \(error)", "Look for it with list_dir or search.")
      }
    }
  }

  private func answer(_ wanted: Wanted, _ file: FileState) -> ToolOutput {
    let path = wanted.path
    switch file.kind {
    case .absent: return .failure("\(path) does not exist.", "Look for it with list_dir or search.")
    case .directory: return .failure("\(path) is a directory.", "Use list_dir.")
    case .symlink, .other: return .failure("\(path) is no regular file.", "There is nothing to read.")
    case .regular: break
    }
    if file.isBinary {
      return .failure(
        "\(path) is binary, \(file.bytes.count) bytes.", "Look at it with a command that knows it.")
    }
    if file.bytes.isEmpty { return .text("\(path) is empty.") }
    let (lines, count) = Self.lines(wanted, file.bytes)
    guard wanted.offset <= count else {
      return .failure("\(path) has \(count) lines.", "Give a smaller offset.")
    }
    var text = ""
    var next = wanted.offset - 1
    for line in lines {
      let shown = "\(next + 1)\t\(Self.shown(line))\n"
      if !text.isEmpty, text.utf8.count + shown.utf8.count > Self.byteLimit { break }
      text += shown
      next += 1
    }
    if next < count { text += "… \(count - next) more lines; go on with offset \(next + 1)\n" }
    return .text(text)
  }

  /// The wanted lines, and how many there are in all. The others are only counted: a file may be nothing but line feeds.
  private static func lines(_ wanted: Wanted, _ bytes: [UInt8]) -> (lines: [ArraySlice<UInt8>], count: Int) {
    var lines: [ArraySlice<UInt8>] = []
    var count = 0
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      if count >= wanted.offset - 1, lines.count < wanted.limit { lines.append(bytes[start..<end]) }
      count += 1
      start = end + 1
    }
    return (lines, count)
  }

  private static func shown(_ line: ArraySlice<UInt8>) -> String {
    let line = line.last == 0x0D ? line.dropLast() : line
    guard line.count > lineLimit else { return String(decoding: line, as: UTF8.self) }
    let part = line.prefix(lineLimit)
    let whole = part.dropLast(OutputBuffer.incompleteEnd(of: part))
    return "\(String(decoding: whole, as: UTF8.self))… (\(line.count) bytes in this line)"
  }
}
