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
  /// A program that prints the key (V10).
  public var keyCommand: KeyCommandConfig?
  /// The provider of the table whose facts and flags count: its own id, or that of the one at the same address.
  public var kind: String
  /// What the picker offers, the default first.
  public var models: [String] = []
  /// How the window of a model is asked for; nil where nothing is known of the server.
  public var probe: Probe?
  /// The table knows it, by its id or by its address.
  public var isListed = false
  /// What is known of its models.
  public var table = ModelTable.shipped

  /// Where a server says how large its window is (V2).
  public enum Probe: String, Hashable, Sendable {
    case ollama, llamacpp, lmstudio
    /// In the list of models.
    case models

    /// A server that people run themselves, with a window of their choice.
    public var isOwnServer: Bool { self != .models }
  }

  public init(id: String, name: String, baseURL: String, wireAPI: WireAPI = .responses, envKey: String? = nil)
  {
    self.id = id
    kind = id
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
}
