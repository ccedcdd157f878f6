import StetProtocol

/// The `/` commands about the thread that is open.
extension AppState {
  mutating func runOpenThreadCommand(_ command: SlashCommand, _ argument: String) {
    guard let thread, closedReason == nil else { return show("no thread is open", isWarning: true) }
    switch command {
    case .fork:
      if isWorking { show("a turn is running: esc stops it", isWarning: true) } else { fork(thread.id) }
    case .rename: rename(thread, argument)
    case .export: export(thread, to: argument)
    case .`init`: submit(Self.initMessage)
    case .mcp:
      mcpServers = nil
      dialogs.append(.page(PageDialog(.mcp)))
      askForServers(of: thread.id)
    default: break
    }
  }

  private mutating func rename(_ thread: ThreadInfo, _ argument: String) {
    let name = Words.firstLine(argument)
    guard name.contains(where: { !$0.isWhitespace }) else {
      composer.replace(with: "/rename " + (thread.name ?? ""))
      return show("type the name · enter sets it")
    }
    emit(
      .send(
        .threadNameSet(.init(threadId: thread.id, name: name)), .threadChanged(words: "renamed to \(name)")))
  }

  /// All of it is asked for: the screen may hold the last turns only.
  private mutating func export(_ thread: ThreadInfo, to argument: String) {
    let name = argument.isEmpty ? "stet-\(thread.id.suffix(8)).md" : argument
    let path = name.hasPrefix("/") ? name : environment.directory + "/" + name
    emit(.send(.threadRead(.init(threadId: thread.id, includeTurns: true)), .threadExport(path: path)))
    show("exporting …")
  }

  mutating func receiveExport(_ path: String, _ result: Result<JSONValue, RPCError>) {
    switch result {
    case .success(let value): emit(.export(value["thread"] ?? .null, path: path))
    case .failure(let error): show("not exported: \(error.message)", isWarning: true)
    }
  }

  /// A server changed its state: the page of servers follows.
  mutating func noteServers() {
    guard let thread else { return }
    for case .page(let page) in dialogs {
      if case .mcp = page.kind { return askForServers(of: thread.id) }
    }
  }

  /// Twice: what can be read has to be asked of the servers themselves, and one that does not answer must not hide the
  /// others.
  private mutating func askForServers(of thread: String) {
    for detail in [McpServerStatusDetail.toolsAndAuthOnly, .full] {
      emit(
        .send(
          .mcpServerStatusList(.init(threadId: thread, detail: detail)), .mcpServers(isWhole: detail == .full)
        ))
    }
  }

  mutating func receiveServers(_ result: Result<ListMcpServerStatusResponse, RPCError>, isWhole: Bool) {
    switch result {
    case .success(var response):
      for (index, server) in response.data.enumerated() where !isWhole {
        let known = mcpServers?.first { $0.name == server.name }
        response.data[index].resources = known?.resources ?? []
        response.data[index].resourceTemplates = known?.resourceTemplates ?? []
      }
      mcpServers = response.data
    case .failure(let error): show("the servers are not known: \(error.message)", isWarning: true)
    }
  }

  /// What `/init` says for the user, who sees it as a message of theirs.
  private static let initMessage = """
    Write AGENTS.md in this directory: what somebody new to this project, person or agent, needs to know and can't see \
    at a glance. Look around first: the layout, how it is built and tested, the conventions in the code and in the \
    latest commits. Then write about a page: what the project is, where things are, the exact commands that build, run \
    and test it (one test, too), and the rules that its code keeps to. Only what you checked. If the file is there, \
    improve it and keep what people wrote.
    """
}
