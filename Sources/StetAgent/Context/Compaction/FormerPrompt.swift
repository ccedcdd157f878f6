/// The prompt that a compaction replaced, for its undo.
struct FormerPrompt: Sendable {
  let items: [PromptItem]
  /// How many items took their place.
  let window: Int
  /// Nil where the facts behind the layers were not told anew since the compaction before.
  let facts: PromptFacts?
  let announced: ThreadRecord.Announced
}
