import StetAgent
import StetConfig
import StetJSON
import StetProtocol
import StetRPC

/// Small lists that interfaces show: skills, hooks, permission profiles, modes, features, capabilities.
struct CatalogHandlers {
  let environment: AgentEnvironment
  let context: RequestContext

  func handle(_ request: ClientRequest) throws(RPCError) {
    let reply = context.reply
    switch request {
    case .skillsList(let params):
      context.agent.skillsList(params, from: context.peer) { reply.answer(with: $0) }
    case .skillsConfigWrite(let params): try write(params)
    case .hooksList(let params): try hooks(params)
    case .permissionProfileList(let params):
      let all = [":read-only", ":workspace", ":danger-full-access"].map {
        PermissionProfileSummary(id: $0, allowed: true)
      }
      let page = try CatalogPage(all, cursor: params.cursor, limit: params.limit)
      reply.succeed(PermissionProfileListResponse(data: page.data, nextCursor: page.nextCursor))
    case .collaborationModeList:
      reply.succeed(
        CollaborationModeListResponse(data: [
          CollaborationModeMask(name: "Plan", mode: .plan, reasoningEffort: "medium"),
          CollaborationModeMask(name: "Default", mode: .default),
        ]))
    case .experimentalFeatureList(let params):
      // stet has no feature flags: what it does, it does for everyone.
      let page = try CatalogPage([ExperimentalFeature](), cursor: params.cursor, limit: params.limit)
      reply.succeed(ExperimentalFeatureListResponse(data: page.data, nextCursor: page.nextCursor))
    case .modelProviderCapabilitiesRead:
      reply.succeed(ModelProviderCapabilitiesReadResponse(imageGeneration: false, webSearch: false))
    default: throw ClientRequest.unknownMethod(request.method, known: Router.served)
    }
  }

  // MARK: - Parts

  /// Turns a skill on or off for all directories, in the user's file.
  private func write(_ params: SkillsConfigWriteParams) throws(RPCError) {
    guard (params.path == nil) != (params.name == nil), let value = params.path ?? params.name else {
      throw .invalidRequest("skills/config/write requires exactly one of path or name")
    }
    let key = params.path == nil ? "name" : "path"
    do throws(ConfigurationError) {
      try ConfigurationFile.update(path: environment.home.configFile) {
        (file) throws(ConfigurationError) in
        var switches = SkillSwitches(try file.values())
        switches.set(key, value, enabled: params.enabled)
        try file.set(["skills", "config"], to: switches.entries.isEmpty ? .null : .array(switches.entries))
      }
    } catch {
      throw .invalidRequest("Invalid configuration: \(error)")
    }
    context.reply.succeed(SkillsConfigWriteResponse(effectiveEnabled: params.enabled))
    context.outbox.tellEveryone(.skillsChanged(SkillsChangedNotification()))
  }

  private func hooks(_ params: HooksListParams) throws(RPCError) {
    let asked = params.cwds.flatMap { $0.isEmpty ? nil : $0 } ?? [environment.defaultCwd]
    var entries: [HooksListEntry] = []
    for cwd in asked {
      let configuration = try ConfigHandlers(environment: environment).configuration(cwd: cwd)
      let catalog = HookCatalog(
        cwd: cwd, configuration: configuration, home: environment.home,
        environment: environment.processEnvironment)
      entries.append(
        HooksListEntry(
          cwd: cwd, hooks: catalog.metadata(), warnings: catalog.warnings,
          errors: catalog.errors.map { HookErrorInfo(message: $0.message, path: $0.path) }))
    }
    context.reply.succeed(HooksListResponse(data: entries))
  }
}

/// One page of a list that is all in memory; the cursor is an offset.
struct CatalogPage<Element> {
  let data: [Element]
  let nextCursor: String?

  init(_ all: [Element], cursor: String?, limit: UInt32?) throws(RPCError) {
    var first = 0
    if let cursor {
      guard let offset = Int(cursor), (0...all.count).contains(offset) else {
        throw .invalidRequest("invalid cursor: \(cursor)")
      }
      first = offset
    }
    let end = min(all.count, first + max(1, limit.map { Int($0) } ?? all.count))
    data = Array(all[first..<end])
    nextCursor = end < all.count ? String(end) : nil
  }
}
