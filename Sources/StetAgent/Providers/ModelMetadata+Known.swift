import StetConfig

extension ModelMetadata {
  /// What is known of a model by its name, without asking anybody.
  public static func known(_ model: String, provider: ProviderConfig?) -> ModelMetadata {
    ModelCatalog.metadata(for: model, provider: provider)
  }
}
