import StetJSON

/// `config/read`: Reads the effective configuration.
public struct ConfigReadParams: ClientCall {
  public typealias Response = ConfigReadResponse
  public static let method = "config/read"

  public var cwd: String?
  public var includeLayers: Bool?

  public init(cwd: String? = nil, includeLayers: Bool? = nil) {
    self.cwd = cwd
    self.includeLayers = includeLayers
  }
}

public struct ConfigReadResponse: Codable, Hashable, Sendable {
  public var config: JSONValue
  public var origins: [String: ConfigLayerMetadata]
  @OmitIfNil public var layers: [ConfigLayer]?

  public init(config: JSONValue, origins: [String: ConfigLayerMetadata], layers: [ConfigLayer]? = nil) {
    self.config = config
    self.origins = origins
    self.layers = layers
  }
}

public struct ConfigLayer: Codable, Hashable, Sendable {
  public var name: ConfigLayerSource
  public var version: String
  public var config: JSONValue
  @OmitIfNil public var disabledReason: String?

  public init(name: ConfigLayerSource, version: String, config: JSONValue, disabledReason: String? = nil) {
    self.name = name
    self.version = version
    self.config = config
    self.disabledReason = disabledReason
  }
}

/// `configRequirements/read`: Reads what an administrator requires.
public struct ConfigRequirementsReadParams: ParameterlessCall {
  public typealias Response = ConfigRequirementsReadResponse
  public static let method = "configRequirements/read"

  public init() {}
}

public struct ConfigRequirementsReadResponse: Codable, Hashable, Sendable {
  public var supportsIndependentSpeedModes: Bool?
  public var requirements: JSONValue?

  public init(supportsIndependentSpeedModes: Bool? = nil, requirements: JSONValue? = nil) {
    self.supportsIndependentSpeedModes = supportsIndependentSpeedModes
    self.requirements = requirements
  }
}
