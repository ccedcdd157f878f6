import FoundationEssentials
import StetJSON
import StetTestSupport
import Testing

@testable import StetProtocol

/// The schemas of our own types, as `stet app-server generate-json-schema` writes them.
private let own: ProtocolSchemas = {
  let files = (try? SchemaFiles.all()) ?? []
  let byName = Dictionary(files.map { ($0.path, $0.schema) }, uniquingKeysWith: { first, _ in first })
  return ProtocolSchemas { byName[$0 + ".json"] }
}()

private let shared = ProcessInfo.processInfo.environment["STET_SHARED"]

@Suite struct SchemaTests {
  private func schema(_ path: String) throws -> JSONValue {
    try #require(try SchemaFiles.all().first { $0.path == path }?.schema)
  }

  @Test("A11: each method, notification and request of the server has a schema, from its decoder")
  func everyMessage() throws {
    let files = try SchemaFiles.all()
    #expect(Set(files.map(\.path)).count == files.count)
    #expect(own.methods(of: "ClientRequest").count == ClientRequest.methods.count)
    #expect(own.methods(of: "ServerNotification").count == ServerNotification.readers.count)
    #expect(own.methods(of: "ServerRequest").count == ServerRequest.callTypes.count)
    for method in ClientRequest.methods { #expect(own.hasResult(of: method), "\(method)") }
    for file in files where file.path.contains("/") || file.path.hasSuffix("Response.json") {
      #expect(file.schema["title"] != nil && file.schema["$schema"] != nil)
    }
  }

  @Test("A11: members are required, optional or nullable as the decoder has them")
  func members() throws {
    let params = try schema("v2/TurnSteerParams.json")
    #expect(params["required"] == ["threadId", "expectedTurnId", "input"])
    #expect(params["properties"]?["threadId"] == ["type": "string"])
    #expect(params["properties"]?["clientUserMessageId"] == ["type": ["string", "null"]])
    let list = try schema("v2/ThreadListParams.json")
    #expect(list["properties"]?["limit"]?["minimum"] == 0)
    #expect(list["required"] == nil)
  }

  @Test("A11: enumerations and unions list what the decoder takes")
  func unions() throws {
    let definitions = try #require(try schema("v2/TurnStartParams.json")["definitions"])
    let policy = try #require(definitions["SandboxPolicy"]?["oneOf"]?.arrayValue)
    #expect(
      policy.map { $0["properties"]?["type"]?["enum"]?[0] }
        == ["dangerFullAccess", "readOnly", "externalSandbox", "workspaceWrite"])
    #expect(policy.allSatisfy { $0["required"]?.arrayValue?.contains("type") == true })
    #expect(definitions["AskForApproval"]?["anyOf"]?[0]?["enum"] == ["untrusted", "on-request", "never"])
    #expect(definitions["ImageDetail"]?["enum"]?.arrayValue?.contains("high") == true)
    #expect(definitions["UserInput"]?["oneOf"]?.arrayValue?.count == 7)
  }

  @Test(
    "A11: what the decoder refuses, the schema refuses",
    arguments: [
      #"{"threadId":"t"}"#, #"{"threadId":5,"input":[]}"#, #"{"threadId":"t","input":[{"type":"bogus"}]}"#,
      #"{"threadId":"t","input":[],"sandboxPolicy":{"type":"read-only"}}"#,
      #"{"threadId":"t","input":[{"type":"text"}]}"#,
      #"{"threadId":"t","input":[],"approvalPolicy":"bogus"}"#,
    ])
  func refusals(text: String) throws {
    let params = try JSONValue(parsing: text)
    #expect(throws: RPCError.self) { try ClientRequest.decode(method: "turn/start", params: params) }
    let message: JSONValue = ["id": 1, "method": "turn/start", "params": params]
    #expect(own.fault(in: message, union: "ClientRequest") != nil)
  }

  @Test("A11: the samples of every message fit their schema", arguments: ClientRequest.methods)
  func samples(method: String) throws {
    let reader = try #require(ClientRequest.readers.first { $0.method == method })
    func result<Call: ClientCall>(_ call: Call.Type) throws -> JSONValue {
      try JSONCoder.encode(SampleDecoder.sample(Call.Response.self, full: false))
    }
    // Samples have made-up names where the schema lists names: those faults are the test's own.
    if let fault = own.fault(inResult: try result(reader.callType), of: method) {
      #expect(fault.contains("is none of"), "\(fault)")
    }
  }

  @Test(
    "A1: recorded messages of Codex fit our schemas",
    .enabled(if: shared != nil, "STET_SHARED does not name a folder with recorded traffic"))
  func recorded() throws {
    let folder = try #require(shared) + "/protocol/traces"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
    var methods: [String: String] = [:]
    var seen = Set<String>()
    for name in names.sorted() {
      let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
      for line in bytes.split(separator: UInt8(ascii: "\n")) {
        let record = try JSONValue(parsing: line)
        guard let message = record["msg"], message.objectValue != nil else { continue }
        let key = name + (record["conn"]?.text ?? "") + (message["id"]?.text ?? "")
        if record["dir"] == "c2s" {
          if let method = message["method"]?.stringValue, message["id"] != nil { methods[key] = method }
          continue
        }
        guard let (what, fault) = fault(message, methods[key]) else { continue }
        seen.insert(what)
        #expect(fault == nil, "\(name): \(fault ?? "")")
      }
    }
    #expect(seen.count > 80)
  }

  /// What a message of the server is, and its fault; nil for messages that stet does not know.
  private func fault(_ message: JSONValue, _ method: String?) -> (what: String, fault: String?)? {
    if let name = message["method"]?.stringValue {
      let union = message["id"] == nil ? "ServerNotification" : "ServerRequest"
      guard own.methods(of: union).contains(name) else { return nil }
      return (name, own.fault(in: message, union: union))
    }
    guard let method, let result = message["result"], own.hasResult(of: method) else { return nil }
    return (method, own.fault(inResult: result, of: method))
  }
}
