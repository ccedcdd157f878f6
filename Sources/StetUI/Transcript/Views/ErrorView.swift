import StetText

/// What went wrong, what was kept, and when it is tried again.
enum ErrorView {
  static func lines(_ content: ErrorContent, _ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    let tone = content.willRetry ? Look.warning : Look.error
    var lines = context.wrapped(content.message, tone)
    if let details = content.details, !details.isEmpty {
      lines += context.wrapped(String(details.prefix(2000)), Look.dim)
    }
    if content.willRetry, !item.isFinal {
      lines += context.wrapped(countdown(content, item, context), Look.dim)
    } else if let advice = content.advice, !content.willRetry {
      lines += context.wrapped(advice, Look.dim)
    }
    return context.block(lines, marker: context.marker(content.willRetry ? "↻" : "✗", tone))
  }

  private static func countdown(
    _ content: ErrorContent, _ item: TranscriptItem, _ context: ViewContext
  ) -> String {
    if let retryAt = content.retryAt, retryAt > context.now {
      let seconds = (retryAt.since(context.now) + 999) / 1000
      return "next try in \(Words.elapsed(seconds: seconds)) · esc stops"
    }
    return
      "trying again, \(Words.elapsed(seconds: context.now.since(item.startedAt) / 1000)) so far · esc stops"
  }
}
