/// The `web_search` key, and `tools.web_search` in both its forms.
public enum WebSearchMode: String, Hashable, Sendable {
  /// Not offered to the model.
  case disabled
  /// Only pages that the provider has indexed: a page that the model names is not fetched.
  case cached
  /// Also pages that are fetched for the search.
  case live

  init?(_ root: ValueReader) {
    if let mode = root.string("web_search").flatMap(WebSearchMode.init(rawValue:)) {
      self = mode
      return
    }
    let tools = root.table("tools")
    guard (tools.bool("web_search") ?? tools.table("web_search").bool("enabled")) == false else { return nil }
    self = .disabled
  }
}
