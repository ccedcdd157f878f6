import StetAgent
import StetConfig
import StetJSON
import StetProtocol
import StetRPC

/// `model/list`.
struct ModelHandlers {
  let environment: AgentEnvironment

  /// Answered from the model table; only a local server is asked for its names, so the reply may take a moment.
  func list(_ params: ModelListParams, _ reply: Reply) throws(RPCError) {
    let configuration = try ConfigHandlers(environment: environment).configuration(cwd: nil)
    let choices = ModelChoices(environment: environment)
    Task {
      let all = await choices.list(configuration)
      do throws(RPCError) {
        let page = try CatalogPage(all, cursor: params.cursor, limit: params.limit)
        reply.succeed(
          ModelListResponse(data: page.data.map { model($0, configuration) }, nextCursor: page.nextCursor))
      } catch {
        reply.fail(error)
      }
    }
  }

  private func model(_ choice: ModelChoice, _ configuration: Configuration) -> Model {
    let metadata = choice.metadata
    // Of a model that is not known it is not known either that it takes none.
    let isKnown = !metadata.efforts.isEmpty || metadata.contextWindow != nil
    let efforts = isKnown ? metadata.efforts : ["low", "medium", "high"]
    return Model(
      id: metadata.model, model: metadata.model, displayName: metadata.model,
      description: Self.description(choice), hidden: false,
      supportedReasoningEfforts: efforts.map {
        ReasoningEffortOption(reasoningEffort: $0, description: "\($0) reasoning effort")
      },
      defaultReasoningEffort: configuration.reasoningEffort
        ?? (efforts.isEmpty || efforts.contains("medium") ? "medium" : efforts[0]),
      inputModalities: metadata.images ? [.text, .image] : [.text], isDefault: choice.isDefault)
  }

  /// "OpenAI · 272k tokens · $1.25 in, $10 out a million".
  private static func description(_ choice: ModelChoice) -> String {
    let window = choice.metadata.contextWindow.map { "\($0 / 1_000)k tokens" }
    let price = choice.metadata.price.map {
      "$\(number($0.rates.input)) in, $\(number($0.rates.output)) out a million"
    }
    return [choice.provider, window, price].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
