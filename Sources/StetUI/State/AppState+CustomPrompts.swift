import StetProtocol

/// The user's own prompts as `/name`, and skills as `$name`: both are known to the server, which reads their files.
extension AppState {
  /// Entries that are kept of a list.
  private static let listLimit = 500

  /// Asks for what a popup lists, as it is now.
  mutating func askForList(_ kind: Popup.Kind) {
    guard server != nil, closedReason == nil else { return }
    let directory = thread?.directory ?? environment.directory
    switch kind {
    case .command where server?.hunkReview == true:
      emit(.send(.stetPromptsList(StetPromptsListParams(cwd: directory)), .prompts))
    case .skill: emit(.send(.skillsList(SkillsListParams(cwds: [directory])), .skills))
    case .command, .file: break
    }
  }

  mutating func receivePrompts(_ result: Result<StetPrompts, RPCError>) {
    // A server without them has none.
    guard case .success(let response) = result else { return }
    customPrompts = response.data.prefix(Self.listLimit).compactMap(CustomPrompt.init)
    relist(.command)
  }

  mutating func receiveSkills(_ result: Result<SkillsListResponse, RPCError>) {
    guard case .success(let response) = result else { return }
    var names: Set<String> = []
    skills = response.data.flatMap(\.skills).filter { $0.enabled && names.insert($0.name).inserted }
    if skills.count > Self.listLimit { skills.removeLast(skills.count - Self.listLimit) }
    relist(.skill)
  }

  private mutating func relist(_ kind: Popup.Kind) {
    guard askedForList == kind else { return }
    let selected = popup?.kind == kind ? popup?.selected : nil
    popup = nil
    updatePopup()
    if let selected, let popup, popup.entries.indices.contains(selected) { self.popup?.selected = selected }
  }

  /// The message as it is sent: a prompt with its arguments in place. Nil when some are missing, which is said.
  mutating func expanded(_ text: String) -> String? {
    guard text.hasPrefix("/") else { return text }
    let typed = text.dropFirst().prefix { !$0.isWhitespace }
    let name = typed.hasPrefix(CustomPrompt.prefix) ? typed.dropFirst(CustomPrompt.prefix.count) : typed
    guard let prompt = customPrompts.first(where: { $0.name == name }) else { return text }
    do {
      return try PromptTemplate(prompt.text).filled(
        String(text.dropFirst(1 + typed.count)), command: "/\(typed)")
    } catch {
      show(error.message, isWarning: true)
      return nil
    }
  }

  /// A message for the wire: skills that it names as `$name` go with it.
  func input(_ text: String) -> [UserInput] {
    guard !skills.isEmpty else { return [.text(text)] }
    let names = Set(
      text.split(separator: "$", omittingEmptySubsequences: false).dropFirst().map { rest in
        String(rest.prefix { $0.isLetter || $0.isNumber || "-_.:".contains($0) })
      })
    let named = skills.filter { skill in
      // The point behind a name ends the sentence.
      names.contains(skill.name) || names.contains { $0.hasSuffix(".") && $0.dropLast() == skill.name }
    }
    return [.text(text)] + named.map { .skill(name: $0.name, path: $0.path) }
  }
}
