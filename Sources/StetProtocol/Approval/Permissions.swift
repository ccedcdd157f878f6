import StetJSON

public struct RequestPermissionProfile: Codable, Hashable, Sendable {
  public var network: AdditionalNetworkPermissions?
  public var fileSystem: JSONValue?

  public init(network: AdditionalNetworkPermissions? = nil, fileSystem: JSONValue? = nil) {
    self.network = network
    self.fileSystem = fileSystem
  }
}

public struct AdditionalNetworkPermissions: Codable, Hashable, Sendable {
  public var enabled: Bool?

  public init(enabled: Bool? = nil) {
    self.enabled = enabled
  }
}

public struct GrantedPermissionProfile: Codable, Hashable, Sendable {
  public var fileSystem: JSONValue?
  public var network: AdditionalNetworkPermissions?

  public init(fileSystem: JSONValue? = nil, network: AdditionalNetworkPermissions? = nil) {
    self.fileSystem = fileSystem
    self.network = network
  }
}
