import StetProtocol

/// What the window is filled with, and how much of it the provider had cached.
extension ThreadSession {
  /// - Parameter cache: what was found at the last request.
  func contextUse(_ limits: CompactionLimits, cache: CacheUse? = nil) -> StetContextUse {
    var shares = prompt.shares
    shares.prompt += prompt.tools?.bytes.count ?? 0
    let tokens = meter.tokens(prompt)
    let parts = shares.tokens(of: tokens)
    var use = StetContextUse(
      tokens: tokens, window: limits.window, limit: limits.trigger, prompt: parts.prompt,
      documents: parts.documents, toolOutput: parts.toolOutput, conversation: parts.conversation)
    use.cacheable = cache?.cacheable
    use.cached = cache?.cached
    use.cacheMiss = cache?.miss
    return use
  }

  /// `stet/context/read`: also what a compaction would keep. Nothing changes.
  func readContext(_ reply: @escaping AgentReply<StetContextUse>) async {
    guard unread == nil else { return reply(.failure(Self.promptUnread)) }
    let use = await contextPreview()
    feed.ordered { _, _ in reply(.success(use)) }
  }

  func contextPreview() async -> StetContextUse {
    let configuration = configuration()
    let metadata = metadata(for: await resolve(configuration).target, configuration)
    let limits = CompactionLimits(
      window: metadata.window, maxOutput: metadata.maxOutput, setting: configuration?.autoCompactTokenLimit)
    var use = contextUse(limits)
    let work = Compactor(prompt.values, limits: limits)
    let kept = work.kept
    use.keptMessages = meter.tokens(weight: kept.messages)
    use.keptCalls = meter.tokens(weight: kept.calls)
    use.keptContext = use.prompt + use.documents
    let left = use.tokens - (use.keptMessages ?? 0) - (use.keptCalls ?? 0) - (use.keptContext ?? 0)
    use.summarised = work.hasMaterial ? max(0, left) : 0
    use.canUndo = running == nil && mayUndoCompaction
    return use
  }

  /// Writes a lost cache down where users and we look for it (P11).
  func logCache(_ use: CacheUse) {
    guard let miss = use.miss else { return }
    services.environment.log.notice(
      "thread \(id): the provider took \(use.cached) tokens from its cache, \(use.cacheable) could have been; first difference: \(miss)"
    )
  }
}
