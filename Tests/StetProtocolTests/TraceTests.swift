import FoundationEssentials
import StetJSON
import Testing

@testable import StetProtocol

/// The folder with recorded traffic, where there is one.
private let traces = ProcessInfo.processInfo.environment["STET_SHARED"].map { $0 + "/protocol/traces" }

@Suite(.enabled(if: traces != nil, "STET_SHARED does not name a folder with recorded traffic"))
struct TraceTests {
  /// One recorded message: its method, found by the id for results, and its direction.
  struct Entry {
    let file: String
    let fromServer: Bool
    let connection: String
    let message: JSONValue
  }

  private func entries() throws -> [Entry] {
    let folder = try #require(traces)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jsonl") }
    return try names.sorted().flatMap { name in
      let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
      return try bytes.split(separator: UInt8(ascii: "\n")).compactMap { line -> Entry? in
        let record = try JSONValue(parsing: line)
        guard let message = record["msg"], message.objectValue != nil else { return nil }
        return Entry(
          file: name, fromServer: record["dir"] == "s2c", connection: record["conn"]?.text ?? "",
          message: message)
      }
    }
  }

  @Test func notificationsAndServerRequests() throws {
    var seen = Set<String>()
    for entry in try entries() where entry.fromServer {
      guard let method = entry.message["method"]?.stringValue else { continue }
      let params = entry.message["params"]
      let back: JSONValue
      if entry.message["id"] != nil {
        let request = ServerRequest.decode(method: method, params: params)
        if case .unknown = request { Issue.record("\(entry.file): \(method) is not understood") }
        back = try request.params()
      } else {
        let notification = ServerNotification.decode(method: method, params: params)
        if case .unknown = notification, ServerNotification.readers[method] != nil {
          Issue.record("\(entry.file): \(method) is not understood")
        }
        back = try notification.params()
      }
      #expect(back == params, "\(entry.file): \(method)")
      seen.insert(method)
    }
    #expect(seen.count > 40)
  }

  @Test func results() throws {
    var methods: [String: String] = [:]
    var seen = Set<String>()
    let types = Dictionary(uniqueKeysWithValues: ClientRequest.readers.map { ($0.method, $0.callType) })
    for entry in try entries() {
      guard let id = entry.message["id"] else { continue }
      let key = entry.file + entry.connection + id.text
      if !entry.fromServer, let method = entry.message["method"]?.stringValue { methods[key] = method }
      guard entry.fromServer, let result = entry.message["result"], let method = methods[key],
        let type = types[method]
      else { continue }
      #expect(try reencode(result, as: type) == result, "\(entry.file): \(method)")
      seen.insert(method)
    }
    #expect(seen.count > 50)
  }

  private func reencode<Call: ClientCall>(_ result: JSONValue, as call: Call.Type) throws -> JSONValue {
    try JSONCoder.encode(JSONCoder.decode(Call.Response.self, from: result))
  }

  /// Requests that Codex took are taken, and a client that sends the same leaves only nulls and unknown members away.
  @Test func requests() throws {
    let all = try entries()
    var refused = Set<String>()
    for entry in all where entry.fromServer && entry.message["error"] != nil {
      if let id = entry.message["id"] { refused.insert(entry.file + entry.connection + id.text) }
    }
    var count = 0
    for entry in all where !entry.fromServer {
      guard let method = entry.message["method"]?.stringValue, let id = entry.message["id"],
        !refused.contains(entry.file + entry.connection + id.text)
      else { continue }
      let request = try ClientRequest.decode(method: method, params: entry.message["params"])
      if case .unknown = request { continue }
      let params = entry.message["params"] ?? .null
      #expect(contains(params, try request.params() ?? .null), "\(entry.file): \(method)")
      count += 1
    }
    #expect(count > 400)
  }

  @Test func answersToServerRequests() throws {
    var requests: [String: ServerRequest] = [:]
    var count = 0
    for entry in try entries() {
      guard let id = entry.message["id"] else { continue }
      let key = entry.file + entry.connection + id.text
      if entry.fromServer, let method = entry.message["method"]?.stringValue {
        requests[key] = ServerRequest.decode(method: method, params: entry.message["params"])
      }
      if !entry.fromServer, let result = entry.message["result"], let request = requests[key] {
        #expect(request.accepts(result), "\(entry.file): \(result)")
        count += 1
      }
    }
    #expect(count > 10)
  }

  /// Whether `whole` says everything that `part` says, defaults of lists and flags aside.
  private func contains(_ whole: JSONValue, _ part: JSONValue) -> Bool {
    switch (whole, part) {
    case (.object(let whole), .object(let part)):
      part.allSatisfy { key, value in
        whole[key].map { contains($0, value) } ?? (value == [] || value == false || value == nil)
      }
    case (.array(let whole), .array(let part)):
      whole.count == part.count && zip(whole, part).allSatisfy { contains($0, $1) }
    default: whole == part
    }
  }
}
