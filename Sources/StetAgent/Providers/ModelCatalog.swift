import StetConfig

/// What is known of models by name. An unknown name gets `edit` and `write`, a window of 32k with a warning and one
/// leading system message: what every model can work with (T1, V2).
enum ModelCatalog {
  static func metadata(for model: String, provider: ProviderConfig?) -> ModelMetadata {
    let name = baseName(model)
    if let openAI = openAI(name, model) { return openAI }
    if let family = families.first(where: { name.hasPrefix($0.prefix) }) {
      return ModelMetadata(
        model: model, contextWindow: provider?.isLocal == true ? nil : family.window, editTool: .edit,
        images: family.images)
    }
    // Whether it sees images is not known: what the user attaches is sent, and a provider that can't take it says so.
    return ModelMetadata(model: model, editTool: provider?.isLocal == true ? .editSmall : .edit, images: true)
  }

  // MARK: - Parts

  private struct Family {
    let prefix: String
    let window: Int
    let images: Bool
  }

  /// Families with a published window (the smallest of the family).
  private static let families = [
    Family(prefix: "claude", window: 200_000, images: true),
    Family(prefix: "gemini", window: 1_000_000, images: true),
    Family(prefix: "deepseek", window: 128_000, images: false),
    Family(prefix: "kimi", window: 128_000, images: false),
    Family(prefix: "glm-4", window: 128_000, images: false),
    Family(prefix: "grok-4", window: 256_000, images: true),
  ]

  /// The name without an organisation ("openai/gpt-5" → "gpt-5"), in lower case.
  private static func baseName(_ model: String) -> String {
    (model.split(separator: "/").last.map(String.init) ?? model).lowercased()
  }

  private static func openAI(_ name: String, _ model: String) -> ModelMetadata? {
    if name.hasPrefix("gpt-oss") {
      return ModelMetadata(model: model, editTool: .edit, reasoning: true)
    }
    if name.hasPrefix("gpt-5") || name.hasPrefix("gpt-6") || name.hasPrefix("codex-") {
      return ModelMetadata(
        model: model, contextWindow: 272_000, editTool: .patchFreeform, layers: .developerItems, images: true,
        reasoning: true)
    }
    if name.hasPrefix("gpt-4.1") {
      return ModelMetadata(
        model: model, contextWindow: 1_000_000, editTool: .patchFunction, layers: .developerItems,
        images: true)
    }
    if name.hasPrefix("gpt-4") {
      return ModelMetadata(
        model: model, contextWindow: 128_000, editTool: .patchFunction, layers: .developerItems, images: true)
    }
    if name.hasPrefix("o3") || name.hasPrefix("o4") {
      return ModelMetadata(
        model: model, contextWindow: 200_000, editTool: .patchFunction, layers: .developerItems, images: true,
        reasoning: true)
    }
    return nil
  }
}
