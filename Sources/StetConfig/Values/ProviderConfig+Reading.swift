extension ProviderConfig {
  /// The built-in providers with what the user's tables change and add. `fail` makes an error with its place.
  static func read(
    _ root: ValueReader, table models: ModelTable,
    fail: (_ path: [String], _ message: String, _ advice: String) -> ConfigurationError
  ) throws(ConfigurationError) -> [String: ProviderConfig] {
    var providers = Dictionary(models.providers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    if let url = root.string("openai_base_url") { providers["openai"]?.baseURL = trimmed(url) }
    for (id, table) in root.tables("model_providers") {
      let path = ["model_providers", id]
      var provider = providers[id] ?? ProviderConfig(id: id, name: id, baseURL: "")
      provider.table = models
      if let url = table.string("base_url") {
        provider.baseURL = trimmed(url)
        provider.isLocal = isLoopback(url)
      }
      if providers[id] == nil, let same = models.providers.first(where: { isSame(provider.baseURL, $0) }) {
        (provider.kind, provider.models, provider.probe) = (same.id, same.models, same.probe)
        provider.isListed = true
        if same.isLocal { provider.wireAPI = same.wireAPI }
      }
      provider.update(table)
      if let command = table.values["auth"]?.objectValue {
        provider.keyCommand = try KeyCommandConfig(ValueReader(values: command)) {
          fail(path + ["auth"] + $0, $1, $2)
        }
      }
      guard isAddress(provider.baseURL) else {
        throw fail(
          table.string("base_url") == nil ? path : path + ["base_url"],
          provider.baseURL.isEmpty
            ? "The provider \(id) has no base_url." : "base_url must begin with http:// or https://.",
          "Write base_url = \"https://…/v1\" in [model_providers.\(id)].")
      }
      providers[id] = provider
    }
    return providers
  }

  private mutating func update(_ table: ValueReader) {
    name = table.string("name") ?? name
    wireAPI = table.string("wire_api").flatMap(WireAPI.init) ?? wireAPI
    envKey = table.string("env_key") ?? envKey
    envKeyInstructions = table.string("env_key_instructions") ?? envKeyInstructions
    bearerToken = table.string("experimental_bearer_token") ?? bearerToken
    httpHeaders.merge(table.stringMap("http_headers")) { _, new in new }
    envHTTPHeaders.merge(table.stringMap("env_http_headers")) { _, new in new }
    queryParams.merge(table.stringMap("query_params")) { _, new in new }
    requestMaxRetries = table.int("request_max_retries") ?? requestMaxRetries
    streamMaxRetries = table.int("stream_max_retries") ?? streamMaxRetries
    streamIdleTimeoutMs = table.int("stream_idle_timeout_ms") ?? streamIdleTimeoutMs
  }

  /// The same address, whichever name of this machine it has; Ollama is known by its port on any machine.
  private static func isSame(_ url: String, _ known: ProviderConfig) -> Bool {
    if url == known.baseURL { return true }
    func tail(_ url: String) -> Substring? {
      url.firstRange(of: "://").map { url[$0.upperBound...].drop { $0 != ":" } }
    }
    guard known.isLocal, isLoopback(url) || known.probe == .ollama else { return false }
    return tail(url) == tail(known.baseURL)
  }

  static func isAddress(_ url: String) -> Bool { url.hasPrefix("http://") || url.hasPrefix("https://") }

  static func trimmed(_ url: String) -> String {
    var url = url[...]
    while url.hasSuffix("/") { url = url.dropLast() }
    return String(url)
  }

  static func isLoopback(_ url: String) -> Bool {
    guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return false }
    let rest = url.dropFirst(scheme.count)
    if rest.hasPrefix("[::1]") { return true }
    let host = rest.prefix { $0 != ":" && $0 != "/" }
    return host == "localhost" || host.hasPrefix("127.")
  }
}
