import StetAgent
import StetProtocol

extension AgentHarness {
  func fork(_ params: ThreadForkParams) async throws -> ThreadForkResponse {
    try received(try await call { self.agent.threadFork(params, reply: $0) })
  }

  func fork(_ thread: String) async throws -> ThreadForkResponse {
    try await fork(ThreadForkParams(threadId: thread))
  }

  func revert(_ thread: String, before turn: String) async throws -> ThreadRevertResponse {
    try await call {
      self.agent.threadRevert(ThreadRevertParams(threadId: thread, beforeTurnId: turn), reply: $0)
    }
  }

  func turns(_ params: ThreadTurnsListParams) async throws -> ThreadTurnsListResponse {
    try await call { self.agent.threadTurnsList(params, reply: $0) }
  }

  func turnIds(_ thread: String) async throws -> [String] {
    try await turns(ThreadTurnsListParams(threadId: thread, sortDirection: .asc)).data.map(\.id)
  }

  func items(_ params: ThreadItemsListParams) async throws -> ThreadItemsListResponse {
    try await call { self.agent.threadItemsList(params, reply: $0) }
  }

  func inject(_ thread: String, _ items: [JSONValue]) async throws {
    _ = try await call {
      self.agent.threadInjectItems(ThreadInjectItemsParams(threadId: thread, items: items), reply: $0)
    }
  }

  /// Returns when an entry of this short name came after the mark.
  func came(_ name: String, after mark: String) async {
    await sink.until { entries in
      guard let place = entries.lastIndex(where: { $0.short == mark }) else { return false }
      return entries[place...].contains { $0.short == name }
    }
  }

  func delete(_ thread: String) async throws {
    _ = try await call { self.agent.threadDelete(ThreadDeleteParams(threadId: thread), reply: $0) }
  }

  /// What users and assistants say in a request.
  func said(_ request: Int) -> [String] {
    input(request).filter { ["user", "assistant"].contains($0["role"]?.stringValue) }
      .flatMap { $0["content"]?.arrayValue ?? [] }.compactMap { $0["text"]?.stringValue }
      .filter { !$0.hasPrefix("<") && !$0.hasPrefix("#") }
  }

  /// The path of a thread's log below the home.
  func log(_ thread: String) async throws -> String {
    let path = try await read(thread, turns: false).path ?? ""
    return String(path.dropFirst(home.path.count + 1))
  }
}

extension Turn {
  /// The texts of a turn's messages.
  var texts: [String] {
    items.compactMap { item in
      switch item {
      case .userMessage(let item):
        if case .text(let text)? = item.content.first { text.text } else { nil }
      case .agentMessage(let item): item.text
      default: nil
      }
    }
  }
}
