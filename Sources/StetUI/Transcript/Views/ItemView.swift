import StetText

/// The router from an item to its view. No logic here: one view file for each kind.
enum ItemView {
  static func lines(_ item: TranscriptItem, _ context: ViewContext) -> [Line] {
    switch item.content {
    case .user(let content): UserMessageView.lines(content, context)
    case .agent: AgentMessageView.lines(item, context)
    case .reasoning(let content): ReasoningView.lines(content, item, context)
    case .command(let content): CommandView.lines(content, item, context)
    case .fileChange(let content): FileChangeView.lines(content, item, context)
    case .plan(let content): PlanView.lines(content, item, context)
    case .tool(let content): ToolCallView.lines(content, item, context)
    case .webSearch(let content): WebSearchView.lines(content, context)
    case .image(let content): ImageView.lines(content, item, context)
    case .review(let content): ReviewNoteView.lines(content, item, context)
    case .compaction: CompactionView.lines(context)
    case .error(let content): ErrorView.lines(content, item, context)
    case .note(let content): NoteView.lines(content, context)
    case .undo(let content): UndoResultView.lines(content, context)
    case .unknown(let type, let text): UnknownItemView.lines(type, text, item, context)
    }
  }
}
