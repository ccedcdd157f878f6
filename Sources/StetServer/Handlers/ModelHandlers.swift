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
    let page = try CatalogPage(names, cursor: params.cursor, limit: params.limit)
    reply.succeed(
      ModelListResponse(
        data: page.data.map { model($0, isDefault: $0 == configuration.model, configuration) },
        nextCursor: page.nextCursor))
  }

  private func model(_ name: String, isDefault: Bool, _ configuration: Configuration) -> Model {
    Model(
      id: name, model: name, displayName: name, description: configuration.modelProvider ?? "", hidden: false,
      supportedReasoningEfforts: ["low", "medium", "high"].map {
        ReasoningEffortOption(reasoningEffort: $0, description: "\($0) reasoning effort")
      }, defaultReasoningEffort: configuration.reasoningEffort ?? "medium",
      inputModalities: ModelMetadata.known(
        name, provider: configuration.modelProvider.flatMap { configuration.providers[$0] }
      ).images ? [.text, .image] : [.text], isDefault: isDefault)
  }
}
