/// How a model provider is reached: one `[model_providers.ID]`, or one that is built in.
public struct ProviderConfig: Hashable, Sendable {
  /// Which wire the endpoint speaks.
  public enum WireAPI: String, Hashable, Sendable {
    /// `POST {base_url}/responses`
    case responses
    /// `POST {base_url}/chat/completions`
    case chat
    /// `POST {base_url}/messages`
    case messages
  }

  public var id: String
  public var name: String
  /// Without a slash at the end.
  public var baseURL: String
  public var wireAPI: WireAPI
  /// The environment variable that holds the key.
  public var envKey: String?
  /// How to get a key, for the user who has none.
  public var envKeyInstructions: String?
  /// A key written in the file itself.
  public var bearerToken: String?
  public var httpHeaders: [String: String]
  /// Header name → environment variable that holds its value.
  public var envHTTPHeaders: [String: String]
  public var queryParams: [String: String]
  /// Retries of a request that got no stream; 0…100.
  public var requestMaxRetries: Int
  /// Retries of a stream that broke; 0…100.
  public var streamMaxRetries: Int
  /// Longest silence of a stream, in milliseconds.
  public var streamIdleTimeoutMs: Int
  /// The endpoint is on this machine, and needs no key.
  public var isLocal: Bool

  public init(id: String, name: String, baseURL: String, wireAPI: WireAPI = .responses, envKey: String? = nil)
  {
    self.id = id
    self.name = name
    self.baseURL = baseURL
    self.wireAPI = wireAPI
    self.envKey = envKey
    httpHeaders = [:]
    envHTTPHeaders = [:]
    queryParams = [:]
    requestMaxRetries = 4
    streamMaxRetries = 5
    streamIdleTimeoutMs = 300_000
    isLocal = false
  }

  /// The key to send, or nil for an endpoint without one. An empty variable counts as unset.
  public func apiKey(environment: [String: String]) -> String? {
    if let envKey, let value = environment[envKey], !value.isEmpty { return value }
    return bearerToken
  }

  /// All headers that the configuration asks for, sorted by name; variables that are unset or empty give none.
  public func headers(environment: [String: String]) -> [(name: String, value: String)] {
    var headers = httpHeaders
    for (name, variable) in envHTTPHeaders {
      if let value = environment[variable], !value.isEmpty { headers[name] = value }
    }
    return headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Providers that need no table in the file. The local ones are on the ports that their servers use by default.
  public static let builtIn: [String: ProviderConfig] = {
    var all = [
      ProviderConfig(
        id: "openai", name: "OpenAI", baseURL: "https://api.openai.com/v1", envKey: "OPENAI_API_KEY"),
      ProviderConfig(
        id: "anthropic", name: "Anthropic", baseURL: "https://api.anthropic.com/v1", wireAPI: .messages,
        envKey: "ANTHROPIC_API_KEY"),
    ]
    for (id, name, port) in [
      ("ollama", "Ollama", 11434), ("lmstudio", "LM Studio", 1234), ("llamacpp", "llama.cpp", 8080),
      ("vllm", "vLLM", 8000),
    ] {
      var provider = ProviderConfig(id: id, name: name, baseURL: "http://127.0.0.1:\(port)/v1")
      provider.isLocal = true
      all.append(provider)
    }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
  }()
}
