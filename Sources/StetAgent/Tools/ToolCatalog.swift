/// The tools that a model is offered, by its metadata (T1), in their fixed order (P2).
public enum ToolCatalog {
  public static func builtIn(for model: ModelMetadata) -> [any Tool] {
    []
  }
}
