import StetAgent
import StetConfig
import StetJSON
import StetProtocol
import StetRPC

/// `model/list`.
struct ModelHandlers {
  let environment: AgentEnvironment

  /// The models that the configuration names. What a provider offers beyond them is not known without asking it.
  func list(_ params: ModelListParams, _ reply: Reply) throws(RPCError) {
    let configuration = try ConfigHandlers(environment: environment).configuration(cwd: nil)
    var names: [String] = []
    for name in [configuration.model, configuration.reviewModel].compactMap({ $0 })
    where !names.contains(name) {
      names.append(name)
    }
    let first = try offset(params.cursor, count: names.count)
    let limit = max(1, params.limit.map { Int($0) } ?? names.count)
    let page = names.dropFirst(first).prefix(limit)
    let end = first + page.count
    reply.succeed(
      ModelListResponse(
        data: page.map { model($0, isDefault: $0 == configuration.model, configuration) },
        nextCursor: end < names.count ? String(end) : nil))
  }

  private func offset(_ cursor: String?, count: Int) throws(RPCError) -> Int {
    guard let cursor else { return 0 }
    guard let offset = Int(cursor), (0...count).contains(offset) else {
      throw .invalidRequest("invalid cursor: \(cursor)")
    }
    return offset
  }

  private func model(_ name: String, isDefault: Bool, _ configuration: Configuration) -> Model {
    Model(
      id: name, model: name, displayName: name, description: configuration.modelProvider ?? "", hidden: false,
      supportedReasoningEfforts: ["low", "medium", "high"].map {
        ReasoningEffortOption(reasoningEffort: $0, description: "\($0) reasoning effort")
      }, defaultReasoningEffort: configuration.reasoningEffort ?? "medium", isDefault: isDefault)
  }
}
