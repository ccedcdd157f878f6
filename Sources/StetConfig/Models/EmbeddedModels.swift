/// The model table that a binary carries: one TOML in two parts, since a start needs only the first.
public enum EmbeddedModels {
  /// The whole table, as `stet debug models` prints it: what a user's `models.toml` extends.
  public static var text: String { providers + models }
}
