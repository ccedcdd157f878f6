import StetJSON

/// `config/value/write`: Writes one value into a configuration file; null removes the key.
public struct ConfigValueWriteParams: ClientCall {
  public typealias Response = ConfigWriteResponse
  public static let method = "config/value/write"

  public var keyPath: String
  public var mergeStrategy: MergeStrategy
  public var value: JSONValue
  public var expectedVersion: String?
  public var filePath: String?

  public init(
    keyPath: String, mergeStrategy: MergeStrategy, value: JSONValue, expectedVersion: String? = nil,
    filePath: String? = nil
  ) {
    self.keyPath = keyPath
    self.mergeStrategy = mergeStrategy
    self.value = value
    self.expectedVersion = expectedVersion
    self.filePath = filePath
  }
}

public struct ConfigWriteResponse: Codable, Hashable, Sendable {
  public var status: WriteStatus
  public var version: String
  public var filePath: String
  public var overriddenMetadata: OverriddenMetadata?

  public init(
    status: WriteStatus, version: String, filePath: String,
    overriddenMetadata: OverriddenMetadata? = nil
  ) {
    self.status = status
    self.version = version
    self.filePath = filePath
    self.overriddenMetadata = overriddenMetadata
  }
}

public struct OverriddenMetadata: Codable, Hashable, Sendable {
  public var effectiveValue: JSONValue
  public var message: String
  public var overridingLayer: ConfigLayerMetadata

  public init(effectiveValue: JSONValue, message: String, overridingLayer: ConfigLayerMetadata) {
    self.effectiveValue = effectiveValue
    self.message = message
    self.overridingLayer = overridingLayer
  }
}

public struct ConfigLayerMetadata: Codable, Hashable, Sendable {
  public var name: ConfigLayerSource
  public var version: String

  public init(name: ConfigLayerSource, version: String) {
    self.name = name
    self.version = version
  }
}

public enum WriteStatus: WireEnum {
  case ok, okOverridden
  case unknown(String)

  public static let variants: [(name: String, value: WriteStatus)] = [
    ("ok", .ok), ("okOverridden", .okOverridden),
  ]

  public static func unlisted(_ name: String) -> WriteStatus { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum MergeStrategy: WireEnum {
  case replace, upsert
  case unknown(String)

  public static let variants: [(name: String, value: MergeStrategy)] = [
    ("replace", .replace), ("upsert", .upsert),
  ]

  public static func unlisted(_ name: String) -> MergeStrategy { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

/// `config/batchWrite`: Writes several values in one step.
public struct ConfigBatchWriteParams: ClientCall {
  public typealias Response = ConfigWriteResponse
  public static let method = "config/batchWrite"

  public var edits: [ConfigEdit]
  public var expectedVersion: String?
  public var filePath: String?
  public var reloadUserConfig: Bool?

  public init(
    edits: [ConfigEdit], expectedVersion: String? = nil, filePath: String? = nil,
    reloadUserConfig: Bool? = nil
  ) {
    self.edits = edits
    self.expectedVersion = expectedVersion
    self.filePath = filePath
    self.reloadUserConfig = reloadUserConfig
  }
}

public struct ConfigEdit: Codable, Hashable, Sendable {
  public var keyPath: String
  public var mergeStrategy: MergeStrategy
  public var value: JSONValue

  public init(keyPath: String, mergeStrategy: MergeStrategy, value: JSONValue) {
    self.keyPath = keyPath
    self.mergeStrategy = mergeStrategy
    self.value = value
  }
}
