import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// Answers that follow a schema, where the provider can't be made to give them (X6).
@Suite(.timeLimit(.minutes(10)))
struct OutputSchemaTests {
  private static let schema: JSONValue = [
    "type": "object", "required": ["name", "kind"], "additionalProperties": false,
    "properties": [
      "name": ["type": "string", "minLength": 1], "kind": ["enum": ["bug", "wish"]],
      "score": ["type": ["integer", "null"], "minimum": 0, "exclusiveMaximum": 10],
      "tags": ["type": "array", "items": ["$ref": "#/$defs/tag"], "maxItems": 2, "uniqueItems": true],
      "place": ["anyOf": [["type": "string"], ["type": "object", "required": ["line"]]]],
    ],
    "$defs": ["tag": ["type": "string", "format": "slug"]],
  ]

  @Test(
    "X6: the local check finds what a schema forbids, and names the place",
    arguments: [
      (#"{"name":"a","kind":"bug"}"#, nil), (#"{"name":"a","kind":"bug","score":9,"tags":["x","y"]}"#, nil),
      (#"{"name":"a","kind":"bug","score":null,"place":{"line":1}}"#, nil),
      (#"[]"#, "the answer must be of type object"),
      (#"{"name":"a"}"#, "the answer lacks the member \"kind\""),
      (#"{"name":3,"kind":"bug"}"#, "/name must be of type string"),
      (#"{"name":"","kind":"bug"}"#, "/name must have a length ≥ 1.0"),
      (#"{"name":"a","kind":"other"}"#, #"/kind must be one of ["bug","wish"]"#),
      (
        #"{"name":"a","kind":"bug","extra":1}"#,
        "the answer has the member \"extra\", which the schema does not allow"
      ),
      (#"{"name":"a","kind":"bug","score":10}"#, "/score must be less than 10.0"),
      (#"{"name":"a","kind":"bug","score":1.5}"#, "/score must be of type integer or null"),
      (#"{"name":"a","kind":"bug","tags":["x",2]}"#, "/tags/1 must be of type string"),
      (#"{"name":"a","kind":"bug","tags":["x","x"]}"#, "/tags has equal elements"),
      (#"{"name":"a","kind":"bug","tags":["x","y","z"]}"#, "/tags must have a number of elements ≤ 2.0"),
      (
        #"{"name":"a","kind":"bug","place":{}}"#,
        "/place fits none of the allowed forms: /place must be of type string; /place lacks the member \"line\""
      ),
    ] as [(String, String?)])
  func x6_check(text: String, fault: String?) throws {
    #expect(OutputSchema(schema: Self.schema).fault(in: try JSONValue(parsing: text)) == fault)
  }

  @Test("X6: what is not checked is named; circles and nonsense end")
  func x6_unchecked() {
    #expect(OutputSchema(schema: Self.schema).unchecked == ["format"])
    let circle = OutputSchema(schema: ["$ref": "#"])
    #expect(circle.fault(in: 1)?.contains("nested too deeply") == true)
    for schema: JSONValue in [nil, 3, "x", ["type": 4], ["$ref": "http://x"], ["enum": 3], ["items": [1]]] {
      #expect(OutputSchema(schema: schema).fault(in: [1, "a"]) == nil)
    }
    #expect(OutputSchema(schema: false).fault(in: 1) != nil)
    #expect(OutputSchema(schema: ["oneOf": [["type": "integer"], ["minimum": 0]]]).fault(in: 1) != nil)
    #expect(OutputSchema(schema: ["const": 1]).fault(in: 1.0) == nil)
  }

  // MARK: - In a turn

  private func harness(_ script: [FakeModel.Step], takesSchema: Bool = false) -> AgentHarness {
    let harness = AgentHarness(script, tools: [ScriptedTool("look") { _, _ in .text("seen") }])
    harness.home.write("models.toml", "[providers.mock]\njson_schema = \(takesSchema)\n")
    return harness
  }

  private func run(_ harness: AgentHarness) async throws -> Turn {
    let id = try await harness.start().thread.id
    let params = TurnStartParams(threadId: id, input: [.text("go")], outputSchema: Self.schema)
    let started: TurnStartResponse = try await harness.call { harness.agent.turnStart(params, reply: $0) }
    return await harness.ended(started.turn.id)
  }

  private static let good = #"{"name":"a","kind":"bug"}"#

  @Test("X6: without json_schema the schema is in the prompt, and an answer that fits ends the turn")
  func x6_prompt() async throws {
    let harness = harness([.call("look", [:]), .text(Self.good)])
    #expect(try await run(harness).status == .completed)
    #expect(harness.model.requests.allSatisfy { $0["text"] == nil })
    let first = harness.input(0).last?["content"]?[0]?["text"]?.stringValue ?? ""
    #expect(first.hasPrefix("<output_schema>") && first.contains(Self.schema.text))
    #expect(harness.warnings == ["The output schema is checked without format."])
    harness.checkInvariants()
  }

  @Test("X6: an answer that does not fit is repaired twice at most, then the turn fails with the reason")
  func x6_repair() async throws {
    let repaired = harness([.text("Sure! Here it is."), .text(#"{"name":"a"}"#), .text(Self.good)])
    #expect(try await run(repaired).status == .completed)
    #expect(repaired.model.requests.count == 3)
    func note(_ request: Int) -> String {
      repaired.input(request).last?["content"]?[0]?["text"]?.stringValue ?? ""
    }
    #expect(note(1).contains("it is not JSON alone") && note(2).contains("lacks the member \"kind\""))
    repaired.checkInvariants()

    let hopeless = harness([.text("no"), .text("still no"), .text("never"), .text(Self.good)])
    let turn = try await run(hopeless)
    #expect(turn.status == .failed && hopeless.model.requests.count == 3)
    #expect(
      turn.error?.message.hasPrefix(
        "The answer does not follow the output schema, also after 2 corrections: it is not JSON alone")
        == true)
    hopeless.checkInvariants()
  }

  @Test("X6: a provider with json_schema is given the schema, and nothing is added to the prompt")
  func x6_native() async throws {
    let harness = harness([.text("whatever")], takesSchema: true)
    #expect(try await run(harness).status == .completed)
    #expect(harness.model.requests[0]["text"]?["format"]?["schema"] == Self.schema)
    #expect(!harness.input(0).map(\.text).joined().contains("output_schema"))
  }
}
