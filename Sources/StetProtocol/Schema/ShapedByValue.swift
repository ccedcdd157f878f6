import StetJSON

/// One form that a value may take on the wire.
enum WireShape {
  /// One of these names.
  case names([String])
  /// Any string.
  case text
  /// A whole number.
  case number
  /// An array.
  case list(any Decodable.Type)
  /// An object with this one member.
  case member(String, any Decodable.Type)
  /// An object of this type.
  case object(any Decodable.Type)
}

/// A type that looks at the form of the JSON to know what it is; a schema cannot be had from its decoder alone.
protocol ShapedByValue: Decodable {
  /// The forms that its decoder takes, a string first.
  static var shapes: [WireShape] { get }
}

extension AskForApproval: ShapedByValue {
  static var shapes: [WireShape] {
    [.names(variants.filter { $0 != "granular" }), .member("granular", GranularApproval.self)]
  }
}

extension SessionSource: ShapedByValue {
  static var shapes: [WireShape] {
    let names: [SessionSource] = [.cli, .vscode, .exec, .appServer, .unknown]
    return [
      .names(names.compactMap(\.jsonValue.stringValue)), .member("custom", String.self),
      .member("subAgent", JSONValue.self),
    ]
  }
}

extension MultiAgentMode: ShapedByValue {
  static var shapes: [WireShape] {
    [.names(["explicitRequestOnly", "proactive"]), .member("custom", String.self)]
  }
}

extension CodexErrorInfo: ShapedByValue {
  private struct Status: Decodable { let httpStatusCode: Int? }
  private struct Kind: Decodable { let turnKind: NonSteerableTurnKind }

  static var shapes: [WireShape] {
    let withStatus: [CodexErrorInfo] = [
      .httpConnectionFailed(httpStatusCode: nil), .responseStreamConnectionFailed(httpStatusCode: nil),
      .responseStreamDisconnected(httpStatusCode: nil), .responseTooManyFailedAttempts(httpStatusCode: nil),
    ]
    return [.text]
      + withStatus.flatMap { $0.jsonValue.objectValue?.keys ?? [] }.map { .member($0, Status.self) }
      + [.member("activeTurnNotSteerable", Kind.self)]
  }
}

extension CommandExecutionApprovalDecision: ShapedByValue {
  private struct Execpolicy: Decodable { let execpolicy_amendment: [String] }
  private struct NetworkPolicy: Decodable { let network_policy_amendment: NetworkPolicyAmendment }

  static var shapes: [WireShape] {
    [
      .names(variants.filter { !$0.hasSuffix("Amendment") }),
      .member("acceptWithExecpolicyAmendment", Execpolicy.self),
      .member("applyNetworkPolicyAmendment", NetworkPolicy.self),
    ]
  }
}

extension FileChangeApprovalDecision: ShapedByValue {
  static var shapes: [WireShape] { [.names(variants), .member("stetReview", StetReviewDecision.self)] }
}

extension FunctionCallOutputBody: ShapedByValue {
  static var shapes: [WireShape] { [.text, .list(JSONValue.self)] }
}

extension ThreadListCwdFilter: ShapedByValue {
  static var shapes: [WireShape] { [.text, .list(String.self)] }
}

extension ThreadItemsListCursor: ShapedByValue {
  private struct Item: Decodable {
    let type: String
    let itemId: String
  }

  static var shapes: [WireShape] { [.text, .object(Item.self)] }
}

extension RequestID: ShapedByValue {
  static var shapes: [WireShape] { [.text, .number] }
}
