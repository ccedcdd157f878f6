/// A provider's key and where it came from. The value is never logged, stored or shown (V10).
struct ProviderKey: Sendable, Hashable {
  var value: String
  /// "OPENAI_API_KEY", "auth.json", "the command gcloud" …
  var source: String
}
