import StetJSON

/// `model/list`: Lists the models to choose from.
public struct ModelListParams: ClientCall {
  public typealias Response = ModelListResponse
  public static let method = "model/list"

  public var cursor: String?
  public var includeHidden: Bool?
  public var limit: UInt32?

  public init(cursor: String? = nil, includeHidden: Bool? = nil, limit: UInt32? = nil) {
    self.cursor = cursor
    self.includeHidden = includeHidden
    self.limit = limit
  }
}

public struct ModelListResponse: Codable, Hashable, Sendable {
  public var data: [Model]
  public var nextCursor: String?

  public init(data: [Model], nextCursor: String? = nil) {
    self.data = data
    self.nextCursor = nextCursor
  }
}

/// A model to choose from.
public struct Model: Codable, Hashable, Sendable {
  public var id: String
  public var model: String
  public var upgrade: String?
  public var upgradeInfo: ModelUpgradeInfo?
  public var availabilityNux: ModelAvailabilityNux?
  public var displayName: String
  public var description: String
  public var modelSpecialty: String?
  public var hidden: Bool
  public var supportedReasoningEfforts: [ReasoningEffortOption]
  public var defaultReasoningEffort: String
  @OmitIfNil public var inputModalities: [InputModality]?
  @Defaulted public var supportsPersonality: Bool
  public var multiAgentVersion: MultiAgentVersion?
  @Defaulted public var additionalSpeedTiers: [String]
  @Defaulted public var serviceTiers: [ModelServiceTier]
  public var defaultServiceTier: String?
  public var availableAccessPrograms: ModelAccessPrograms?
  public var isDefault: Bool

  public init(
    id: String, model: String, upgrade: String? = nil, upgradeInfo: ModelUpgradeInfo? = nil,
    availabilityNux: ModelAvailabilityNux? = nil, displayName: String, description: String,
    modelSpecialty: String? = nil, hidden: Bool, supportedReasoningEfforts: [ReasoningEffortOption],
    defaultReasoningEffort: String, inputModalities: [InputModality]? = nil,
    supportsPersonality: Bool = false, multiAgentVersion: MultiAgentVersion? = nil,
    additionalSpeedTiers: [String] = [], serviceTiers: [ModelServiceTier] = [],
    defaultServiceTier: String? = nil, availableAccessPrograms: ModelAccessPrograms? = nil,
    isDefault: Bool
  ) {
    self.id = id
    self.model = model
    self.upgrade = upgrade
    self.upgradeInfo = upgradeInfo
    self.availabilityNux = availabilityNux
    self.displayName = displayName
    self.description = description
    self.modelSpecialty = modelSpecialty
    self.hidden = hidden
    self.supportedReasoningEfforts = supportedReasoningEfforts
    self.defaultReasoningEffort = defaultReasoningEffort
    self.inputModalities = inputModalities
    self.supportsPersonality = supportsPersonality
    self.multiAgentVersion = multiAgentVersion
    self.additionalSpeedTiers = additionalSpeedTiers
    self.serviceTiers = serviceTiers
    self.defaultServiceTier = defaultServiceTier
    self.availableAccessPrograms = availableAccessPrograms
    self.isDefault = isDefault
  }
}

public struct ModelAvailabilityNux: Codable, Hashable, Sendable {
  public var message: String

  public init(message: String) {
    self.message = message
  }
}

public struct ModelAccessPrograms: Codable, Hashable, Sendable {
  public var cyber: [CyberAccessProgram]

  public init(cyber: [CyberAccessProgram]) {
    self.cyber = cyber
  }
}

public enum InputModality: WireEnum {
  case text, image, audio
  case unknown(String)

  public static let variants: [(name: String, value: InputModality)] = [
    ("text", .text), ("image", .image), ("audio", .audio),
  ]

  public static func unlisted(_ name: String) -> InputModality { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public enum MultiAgentVersion: WireEnum {
  case disabled, v1, v2
  case unknown(String)

  public static let variants: [(name: String, value: MultiAgentVersion)] = [
    ("disabled", .disabled), ("v1", .v1), ("v2", .v2),
  ]

  public static func unlisted(_ name: String) -> MultiAgentVersion { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct ModelServiceTier: Codable, Hashable, Sendable {
  public var id: String
  public var name: String
  public var description: String

  public init(id: String, name: String, description: String) {
    self.id = id
    self.name = name
    self.description = description
  }
}

public struct ReasoningEffortOption: Codable, Hashable, Sendable {
  public var reasoningEffort: String
  public var description: String

  public init(reasoningEffort: String, description: String) {
    self.reasoningEffort = reasoningEffort
    self.description = description
  }
}

public struct ModelUpgradeInfo: Codable, Hashable, Sendable {
  public var model: String
  public var upgradeCopy: String?
  public var modelLink: String?
  public var migrationMarkdown: String?
  public var retirementAt: Int?

  public init(
    model: String, upgradeCopy: String? = nil, modelLink: String? = nil,
    migrationMarkdown: String? = nil, retirementAt: Int? = nil
  ) {
    self.model = model
    self.upgradeCopy = upgradeCopy
    self.modelLink = modelLink
    self.migrationMarkdown = migrationMarkdown
    self.retirementAt = retirementAt
  }
}
