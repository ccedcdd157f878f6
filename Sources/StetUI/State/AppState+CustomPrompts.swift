import StetProtocol

/// The user's own prompts as `/name`, and skills as `$name`: both are known to the server, which reads their files.
extension AppState {
  /// Entries that are kept of a list.
  private static let listLimit = 500

  /// Asks for what a popup lists, as it is now.
  mutating func askForList(_ kind: Popup.Kind) {
    guard server != nil, closedReason == nil else { return }
    let directory = promptDirectory
    switch kind {
    case .command where server?.hunkReview == true:
      askedPromptsOf = directory
      emit(.send(.stetPromptsList(StetPromptsListParams(cwd: directory)), .prompts))
    case .skill: emit(.send(.skillsList(SkillsListParams(cwds: [directory])), .skills))
    case .command, .file: break
    }
  }

  mutating func receivePrompts(_ result: Result<StetPrompts, RPCError>) {
    promptsOf = askedPromptsOf
    // What was held goes with the list, and without it where there is none.
    defer { goOnWithHeldPrompt() }
    // A server without them has none.
    guard case .success(let response) = result else { return }
    customPrompts = response.data.prefix(Self.listLimit).compactMap(CustomPrompt.init)
    relist(.command)
  }

  private var promptDirectory: String { thread?.directory ?? environment.directory }

  /// Whether a message must wait for the list of prompts, which is then asked for: one that was pasted, restored or
  /// recalled whole is sent before `/` had anything listed. It stays in the composer and goes when the list is there.
  mutating func waitsForPrompts(_ text: String, queues: Bool) -> Bool {
    guard text.hasPrefix("/"), server?.hunkReview != false, promptsOf != promptDirectory else { return false }
    if heldPrompt == nil, askedPromptsOf != promptDirectory || askedForList != .command {
      askForList(.command)
    }
    heldPrompt = HeldPrompt(text: text, queues: queues)
    return true
  }

  /// What was pressed is done if the message is still what it was.
  private mutating func goOnWithHeldPrompt() {
    guard let held = heldPrompt else { return }
    heldPrompt = nil
    guard composer.text == held.text, promptsOf == promptDirectory else { return }
    if held.queues { enqueue() } else { send() }
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
