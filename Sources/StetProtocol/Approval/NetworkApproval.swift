import StetJSON

public struct NetworkPolicyAmendment: Codable, Hashable, Sendable {
  public var action: NetworkPolicyRuleAction
  public var host: String

  public init(action: NetworkPolicyRuleAction, host: String) {
    self.action = action
    self.host = host
  }
}

public enum NetworkPolicyRuleAction: WireEnum {
  case allow, deny
  case unknown(String)

  public static let variants: [(name: String, value: NetworkPolicyRuleAction)] = [
    ("allow", .allow), ("deny", .deny),
  ]

  public static func unlisted(_ name: String) -> NetworkPolicyRuleAction { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}

public struct NetworkApprovalContext: Codable, Hashable, Sendable {
  public var host: String
  public var `protocol`: NetworkApprovalProtocol

  public init(host: String, `protocol`: NetworkApprovalProtocol) {
    self.host = host
    self.protocol = `protocol`
  }
}

public enum NetworkApprovalProtocol: WireEnum {
  case http, https, socks5Tcp, socks5Udp
  case unknown(String)

  public static let variants: [(name: String, value: NetworkApprovalProtocol)] = [
    ("http", .http), ("https", .https), ("socks5Tcp", .socks5Tcp), ("socks5Udp", .socks5Udp),
  ]

  public static func unlisted(_ name: String) -> NetworkApprovalProtocol { .unknown(name) }
  public var unlistedName: String? { if case .unknown(let name) = self { name } else { nil } }
}
