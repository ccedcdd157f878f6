import StetJSON

/// The answer to a command approval: a name, or an object with one key for the amendments.
public enum CommandExecutionApprovalDecision: Hashable, Sendable {
  case accept
  /// The identical command need not ask again in this session.
  case acceptForSession
  /// Accept, and let commands with this prefix pass from now on.
  case acceptWithExecpolicyAmendment([String])
  case applyNetworkPolicyAmendment(NetworkPolicyAmendment)
  /// Not this command; the turn goes on.
  case decline
  /// Not this command, and stop the turn.
  case cancel
  case unknown(JSONValue)

  static let variants = [
    "accept", "acceptForSession", "acceptWithExecpolicyAmendment", "applyNetworkPolicyAmendment", "decline",
    "cancel",
  ]
}

extension CommandExecutionApprovalDecision: Codable {
  private enum CodingKeys: String, CodingKey {
    case acceptWithExecpolicyAmendment, applyNetworkPolicyAmendment
  }

  private struct Execpolicy: Codable { let execpolicy_amendment: [String] }
  private struct NetworkPolicy: Codable { let network_policy_amendment: NetworkPolicyAmendment }

  public init(from decoder: any Decoder) throws {
    let value = try JSONValue(from: decoder)
    switch value {
    case "accept": self = .accept
    case "acceptForSession": self = .acceptForSession
    case "decline": self = .decline
    case "cancel": self = .cancel
    default:
      if let body = value["acceptWithExecpolicyAmendment"] {
        self = .acceptWithExecpolicyAmendment(try body.decode(Execpolicy.self).execpolicy_amendment)
      } else if let body = value["applyNetworkPolicyAmendment"] {
        self = .applyNetworkPolicyAmendment(try body.decode(NetworkPolicy.self).network_policy_amendment)
      } else {
        let name = value.stringValue ?? value.objectValue?.keys.first ?? value.text
        try Strictness.refuse(name, Self.variants, at: decoder.codingPath)
        self = .unknown(value)
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .accept: try container.encode("accept")
    case .acceptForSession: try container.encode("acceptForSession")
    case .decline: try container.encode("decline")
    case .cancel: try container.encode("cancel")
    case .unknown(let value): try value.encode(to: encoder)
    case .acceptWithExecpolicyAmendment(let prefix):
      var keyed = encoder.container(keyedBy: CodingKeys.self)
      try keyed.encode(Execpolicy(execpolicy_amendment: prefix), forKey: .acceptWithExecpolicyAmendment)
    case .applyNetworkPolicyAmendment(let rule):
      var keyed = encoder.container(keyedBy: CodingKeys.self)
      try keyed.encode(NetworkPolicy(network_policy_amendment: rule), forKey: .applyNetworkPolicyAmendment)
    }
  }
}
