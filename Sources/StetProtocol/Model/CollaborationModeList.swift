import StetJSON

/// `collaborationMode/list`: Lists the collaboration modes.
public struct CollaborationModeListParams: ClientCall {
  public typealias Response = CollaborationModeListResponse
  public static let method = "collaborationMode/list"

  public init() {}
}

public struct CollaborationModeListResponse: Codable, Hashable, Sendable {
  public var data: [CollaborationModeMask]

  public init(data: [CollaborationModeMask]) {
    self.data = data
  }
}

public struct CollaborationModeMask: Codable, Hashable, Sendable {
  public var name: String
  public var mode: ModeKind?
  public var model: String?
  public var reasoningEffort: String?

  private enum CodingKeys: String, CodingKey {
    case name, mode, model
    case reasoningEffort = "reasoning_effort"
  }

  public init(name: String, mode: ModeKind? = nil, model: String? = nil, reasoningEffort: String? = nil) {
    self.name = name
    self.mode = mode
    self.model = model
    self.reasoningEffort = reasoningEffort
  }
}

/// `modelProvider/capabilities/read`: Tells which hosted tools the provider has.
public struct ModelProviderCapabilitiesReadParams: ClientCall {
  public typealias Response = ModelProviderCapabilitiesReadResponse
  public static let method = "modelProvider/capabilities/read"

  public init() {}
}

public struct ModelProviderCapabilitiesReadResponse: Codable, Hashable, Sendable {
  public var imageGeneration: Bool
  public var webSearch: Bool

  public init(imageGeneration: Bool, webSearch: Bool) {
    self.imageGeneration = imageGeneration
    self.webSearch = webSearch
  }
}
