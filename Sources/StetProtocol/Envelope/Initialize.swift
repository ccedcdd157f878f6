import StetJSON

/// `initialize`: Opens a connection. Must come first; a second one is refused.
public struct InitializeParams: ClientCall {
  public typealias Response = InitializeResponse
  public static let method = "initialize"

  public var clientInfo: ClientInfo
  public var capabilities: InitializeCapabilities?

  public init(clientInfo: ClientInfo, capabilities: InitializeCapabilities? = nil) {
    self.clientInfo = clientInfo
    self.capabilities = capabilities
  }
}

public struct InitializeResponse: Codable, Hashable, Sendable {
  /// `<client>/<server version> (<system>) <terminal> (<client>; <client version>)`.
  public var userAgent: String
  /// Absolute path of the directory with configuration and threads.
  public var codexHome: String
  public var platformFamily: String
  public var platformOs: String
  @OmitIfNil public var stet: StetServerCapabilities?

  public init(
    userAgent: String, codexHome: String, platformFamily: String, platformOs: String,
    stet: StetServerCapabilities? = nil
  ) {
    self.userAgent = userAgent
    self.codexHome = codexHome
    self.platformFamily = platformFamily
    self.platformOs = platformOs
    self.stet = stet
  }
}

/// What the client can do and wants.
public struct InitializeCapabilities: Codable, Hashable, Sendable {
  public var experimentalApi: Bool?
  public var explicitGatewayOauth: Bool?
  public var extensions: JSONObject?
  public var mcpServerOpenaiFormElicitation: Bool?
  public var optOutNotificationMethods: [String]?
  public var requestAttestation: Bool?
  @OmitIfNil public var stet: StetCapabilities?

  public init(
    experimentalApi: Bool? = nil, explicitGatewayOauth: Bool? = nil, extensions: JSONObject? = nil,
    mcpServerOpenaiFormElicitation: Bool? = nil, optOutNotificationMethods: [String]? = nil,
    requestAttestation: Bool? = nil, stet: StetCapabilities? = nil
  ) {
    self.experimentalApi = experimentalApi
    self.explicitGatewayOauth = explicitGatewayOauth
    self.extensions = extensions
    self.mcpServerOpenaiFormElicitation = mcpServerOpenaiFormElicitation
    self.optOutNotificationMethods = optOutNotificationMethods
    self.requestAttestation = requestAttestation
    self.stet = stet
  }
}

/// Who the client is; the first client's name leads the user agent.
public struct ClientInfo: Codable, Hashable, Sendable {
  public var name: String
  public var version: String
  public var title: String?

  public init(name: String, version: String, title: String? = nil) {
    self.name = name
    self.version = version
    self.title = title
  }
}
