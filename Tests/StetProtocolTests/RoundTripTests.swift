import StetJSON
import Testing

@testable import StetProtocol

/// A message made from nothing goes to JSON and back unchanged, with every optional member set and with none.
private func roundTrip<T: Codable & Hashable>(_ type: T.Type) throws {
  for full in [true, false] {
    let value = try SampleDecoder.sample(type, full: full)
    for nulls in [JSONCoder.Nulls.explicit, .omit] {
      let wire = try JSONCoder.encode(value, nulls: nulls)
      let text = try JSONValue(parsing: wire.serialized())
      let back = try JSONCoder.decode(type, from: text)
      #expect(back == value, "\(type) through \(wire.text)")
      #expect(try JSONCoder.encode(back, nulls: nulls) == wire)
    }
  }
}

private func roundTripResponse<Call: ClientCall>(_ call: Call.Type) throws {
  try roundTrip(Call.Response.self)
}
private func roundTripAnswer<Call: ServerCall>(_ call: Call.Type) throws {
  try roundTrip(Call.self)
  try roundTrip(Call.Response.self)
}

@Suite struct RoundTripTests {
  @Test("every method's params and result keep every member", arguments: ClientRequest.readers.map(\.method))
  func clientCalls(method: String) throws {
    let reader = try #require(ClientRequest.readers.first { $0.method == method })
    try roundTrip(reader.callType)
    try roundTripResponse(reader.callType)
    // The typed request names its own method and gives back its params.
    let params = try JSONCoder.encode(SampleDecoder.sample(reader.callType), nulls: .omit)
    guard case .success(let request) = Result(catching: { try reader.read(params, isStrict: false) }) else {
      Issue.record("\(method) refuses its own params")
      return
    }
    #expect(request.method == method)
    if !(reader.callType is any ParameterlessCall.Type) { #expect(try request.params() == params) }
  }

  @Test("every notification keeps every member", arguments: Array(ServerNotification.readers.keys).sorted())
  func notifications(method: String) throws {
    let reader = try #require(ServerNotification.readers[method])
    try roundTrip(reader.payloadType)
    let params = try JSONCoder.encode(SampleDecoder.sample(reader.payloadType))
    let notification = ServerNotification.decode(method: method, params: params)
    if case .unknown = notification { Issue.record("\(method) is read as unknown") }
    #expect(notification.method == method)
    #expect(try notification.params() == params)
    if params["threadId"] != nil { #expect(notification.threadId == "x") }
  }

  @Test func serverRequests() throws {
    let calls: [any ServerCall.Type] = [
      CommandExecutionRequestApprovalParams.self, FileChangeRequestApprovalParams.self,
      ToolRequestUserInputParams.self, PermissionsRequestApprovalParams.self, DynamicToolCallParams.self,
      CurrentTimeReadParams.self,
    ]
    for call in calls {
      try roundTripAnswer(call)
      let params = try JSONCoder.encode(SampleDecoder.sample(call))
      let request = ServerRequest.decode(method: call.method, params: params)
      if case .unknown = request { Issue.record("\(call.method) is read as unknown") }
      #expect(request.method == call.method)
      #expect(try request.params() == params)
      #expect(request.threadId == "x")
    }
  }

  @Test func threadNotificationsAreRouted() throws {
    let thread = try SampleDecoder.sample(Thread.self)
    #expect(ServerNotification.threadStarted(.init(thread: thread)).threadId == thread.id)
    #expect(ServerNotification.unknown(method: "thread/new", params: ["threadId": "t"]).threadId == "t")
    #expect(ServerNotification.skillsChanged(.init()).threadId == nil)
  }
}
