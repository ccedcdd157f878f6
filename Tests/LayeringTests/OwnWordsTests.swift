import Testing

/// Items in the user's role are made by those who know whose words they are.
@Suite struct OwnWordsTests {
  @Test("C4: only the user's own words, and prompts that are never compacted, are made as the user's")
  func c4_everyPlace() throws {
    let files = try Repository.swiftFiles(in: "Sources/StetAgent")
    let makers = files.filter { $0.text.contains("MessageItem.user(") }.map {
      String($0.path.split(separator: "/").last ?? "")
    }
    #expect(
      makers.sorted() == [
        "ClaudeTranscript.swift", "CodexRollout.swift", "CommitDraft.swift", "Compactor.swift",
        "ReviewPrompt.swift", "ThreadSession+CodeReview.swift", "UserInputItems.swift",
      ], "what stet says in the user's role is made with MessageItem.ours")
  }
}
