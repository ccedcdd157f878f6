import StetJSON

/// Builds the context layers: once in full, afterwards only the differences, always appended (P4).
enum ContextLayers {
  /// The first items of a prompt: base, permissions, project documents and environment.
  static func initial(
    base: String, developerInstructions: String?, facts: PromptFacts, documents: [ProjectDocument],
    layers: ModelMetadata.Layers
  ) -> [JSONValue] {
    let rules = [
      facts.developer ?? developerInstructions, permissionsBlock(facts.permissions),
      facts.mode.map { PlanModeText.block($0) },
    ].compactMap { $0 }
    var items: [JSONValue]
    switch layers {
    case .developerItems: items = [MessageItem.developer([base]), MessageItem.developer(rules)]
    case .singleSystem: items = [MessageItem.developer([base] + rules)]
    }
    let context = documents.map(block) + [facts.skills].compactMap { $0 } + [environment(facts, old: nil)]
    items.append(MessageItem.ours(context.map(MessageItem.inputText)))
    return items
  }

  /// What changed between two turns; empty when nothing did.
  static func difference(
    from old: PromptFacts, to new: PromptFacts, documents: [ProjectDocument], layers: ModelMetadata.Layers
  ) -> [JSONValue] {
    var items: [JSONValue] = []
    if old.developer != new.developer, let instructions = new.developer {
      let text = developerBlock(instructions)
      items.append(layers == .developerItems ? MessageItem.developer([text]) : MessageItem.ours(text))
    }
    if old.permissions != new.permissions {
      let text = permissionsBlock(new.permissions)
      items.append(layers == .developerItems ? MessageItem.developer([text]) : MessageItem.ours(text))
    }
    if old.mode != new.mode {
      let text = PlanModeText.block(new.mode)
      items.append(layers == .developerItems ? MessageItem.developer([text]) : MessageItem.ours(text))
    }
    var parts = documentChanges(from: old.documents, to: documents)
    if old.skills != new.skills {
      parts.append(new.skills ?? "<skills>\nThere are no skills any more.\n</skills>")
    }
    if old.cwd != new.cwd || old.shell != new.shell || old.date != new.date {
      parts.append(environment(new, old: old))
    }
    if !parts.isEmpty { items.append(MessageItem.ours(parts.map(MessageItem.inputText))) }
    return items
  }

  // MARK: - Texts

  static func permissionsBlock(_ text: String) -> String {
    "<permissions>\n\(text)\n</permissions>"
  }

  /// Instructions that came after others had been sent: those stay where they are (P1).
  static func developerBlock(_ text: String) -> String {
    """
    <developer_instructions>
    These take the place of the developer instructions that you were given before:

    \(text)
    </developer_instructions>
    """
  }

  static func block(_ document: ProjectDocument) -> String {
    """
    # \(document.name) instructions for \(document.directory)

    <INSTRUCTIONS>
    \(document.text)
    </INSTRUCTIONS>
    """
  }

  /// Without `old` all facts, else only those that changed.
  static func environment(_ facts: PromptFacts, old: PromptFacts?) -> String {
    var lines: [String] = []
    if old?.cwd != facts.cwd { lines.append("  <cwd>\(facts.cwd)</cwd>") }
    if old?.shell != facts.shell { lines.append("  <shell>\(facts.shell)</shell>") }
    if old?.date != facts.date { lines.append("  <current_date>\(facts.date)</current_date>") }
    return "<environment_context>\n\(lines.joined(separator: "\n"))\n</environment_context>"
  }

  private static func documentChanges(from old: [PromptFacts.Document], to new: [ProjectDocument]) -> [String]
  {
    var parts: [String] = []
    let gone = old.filter { before in !new.contains { $0.path == before.path } }
    if !gone.isEmpty {
      let names = gone.map(\.path).joined(separator: ", ")
      parts.append("These project instructions no longer apply: \(names)")
    }
    for document in new {
      guard let before = old.first(where: { $0.path == document.path }) else {
        parts.append(block(document))
        continue
      }
      if before.hash != document.hash {
        parts.append("\(document.path) was edited; it now reads:\n\n" + block(document))
      }
    }
    return parts
  }
}
