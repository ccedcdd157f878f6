/// A tool's text at the length that a model gets; the whole of a longer one is kept in a file (C8).
enum LongOutput {
  static func cut(
    _ text: String, _ call: ToolCall, _ files: OutputFiles, limit: Int = OutputCutter.defaultLimit
  ) -> String {
    guard text.utf8.count > limit else { return text }
    let spool = OutputSpool(files, name: call.itemId, threshold: limit)
    spool.append(Array(text.utf8))
    return OutputCutter.cut(text, to: limit, file: spool.file)
  }
}
