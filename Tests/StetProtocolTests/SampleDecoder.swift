import StetJSON

@testable import StetProtocol

/// Decodes any message out of nothing: every string is "x", every number 1, every list has one element. It reaches
/// each member of each message, so a round trip through JSON proves that none is lost or misspelt.
struct SampleDecoder: Decoder {
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] { [:] }
  /// False: optional members are absent.
  var full = true

  static func sample<T: Decodable>(_ type: T.Type, full: Bool = true) throws -> T {
    try SampleDecoder(full: full).make(type)
  }

  func make<T: Decodable>(_ type: T.Type) throws -> T {
    if let made = special(type) { return made }
    return try T(from: self)
  }

  /// Types that look at the shape of the JSON, which this decoder has not.
  private func special<T>(_ type: T.Type) -> T? {
    let candidates: [Any] = [
      JSONValue.object(["any": ["thing", 1]]), JSONObject([("any", JSONValue.string("thing"))]),
      AskForApproval.onRequest, SessionSource.vscode, MultiAgentMode.proactive, ThreadListCwdFilter.one("x"),
      ThreadItemsListCursor.cursor("x"), CodexErrorInfo.responseStreamDisconnected(httpStatusCode: 500),
      UserInput.text("x"), FunctionCallOutputBody.text("x"),
      CommandExecutionApprovalDecision.acceptForSession,
      FileChangeApprovalDecision.decline, RequestID.int(1), SandboxPolicy.readOnly(networkAccess: true),
      ThreadStatus.active(activeFlags: [.waitingOnApproval]), ThreadItem.plan(PlanItem(id: "x", text: "x")),
      CommandAction.unknown(command: "x"), PatchChangeKind.update(movePath: "x"),
      DynamicToolCallOutputContentItem.inputText(text: "x"), WebSearchAction.other,
      DynamicToolSpec.unknown(["type": "x"]), ReviewTarget.custom(instructions: "x"),
      ThreadUnreadPosition.threadStart, ThreadReadStateOperation.read,
      ConfigLayerSource.sessionFlags, LoginAccountParams.chatgptDeviceCode, LoginAccountResponse.apiKey,
      Account.apiKey,
    ]
    for candidate in candidates where Swift.type(of: candidate) == type { return candidate as? T }
    return nil
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Keyed<Key>(decoder: self))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { Elements(decoder: self) }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { Single(decoder: self) }

  struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [Key(stringValue: "key")].compactMap { $0 } }
    func contains(_ key: Key) -> Bool { decoder.full }
    func decodeNil(forKey key: Key) throws -> Bool { !decoder.full }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder.make(type) }
    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try decoder.container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try decoder.unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { decoder }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder }
  }

  struct Elements: UnkeyedDecodingContainer {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }
    mutating func decodeNil() throws -> Bool { false }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
      currentIndex += 1
      return try decoder.make(type)
    }
    mutating func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try decoder.container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      try decoder.unkeyedContainer()
    }
    mutating func superDecoder() throws -> any Decoder { decoder }
  }

  struct Single: SingleValueDecodingContainer {
    let decoder: SampleDecoder
    var codingPath: [any CodingKey] { [] }
    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool { true }
    func decode(_ type: String.Type) throws -> String { "x" }
    func decode(_ type: Double.Type) throws -> Double { 1.5 }
    func decode(_ type: Float.Type) throws -> Float { 1.5 }
    func decode(_ type: Int.Type) throws -> Int { 1 }
    func decode(_ type: Int8.Type) throws -> Int8 { 1 }
    func decode(_ type: Int16.Type) throws -> Int16 { 1 }
    func decode(_ type: Int32.Type) throws -> Int32 { 1 }
    func decode(_ type: Int64.Type) throws -> Int64 { 1 }
    func decode(_ type: UInt.Type) throws -> UInt { 1 }
    func decode(_ type: UInt8.Type) throws -> UInt8 { 1 }
    func decode(_ type: UInt16.Type) throws -> UInt16 { 1 }
    func decode(_ type: UInt32.Type) throws -> UInt32 { 1 }
    func decode(_ type: UInt64.Type) throws -> UInt64 { 1 }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.make(type) }
  }
}
