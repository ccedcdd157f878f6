import StetText

/// What the user sent, and what went with it.
enum UserMessageView {
  /// A pasted message is shown up to here; the rest is counted.
  static let maxLines = 60

  static func lines(_ content: UserContent, _ context: ViewContext) -> [Line] {
    var lines = context.wrapped(content.text, Look.userText)
    if lines.count > maxLines {
      let more = lines.count - maxLines
      lines = Array(lines.prefix(maxLines)) + [Line("… \(more) more lines", Look.dim)]
    }
    for attachment in content.attachments {
      lines += context.wrapped(Sign.slim("▣") + " " + attachment, Look.dim)
    }
    return context.block(lines, marker: context.marker("›", Look.userPrefix))
  }
}
