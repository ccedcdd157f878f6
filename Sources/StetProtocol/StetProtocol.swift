// The messages of the app-server protocol (Codex 0.163, v2), as types and nothing else: one struct a message with
// Codex's names to the letter, in folders by resource; `Envelope/` holds what every message shares, `Stet/` stet's own
// extensions, which go on the wire as `stet/…` methods and `stet` members.
//
// Rules of the wire, kept here and nowhere else:
// - Unknown members are ignored, in both directions.
// - Unknown enum values are refused in the params of a client (`ClientRequest.decode`), with the texts of Codex's own
//   decoder; whatever a server says is taken tolerantly, as `.unknown`.
// - Results and notifications write out their nulls, except members marked `@OmitIfNil`; clients leave nils away.
//
// This room does no input or output, knows no thread or turn by itself, and must not import more than StetJSON.
// Everyone on either side of the protocol uses it: StetAgent, StetServer, StetClient, StetUI.

import StetJSON

public typealias JSONValue = StetJSON.JSONValue
public typealias JSONObject = StetJSON.JSONObject

extension StetJSON.JSONValue {
  /// Reads the value as a typed message. Unknown enum values are tolerated; throws `DecodingError`.
  public func decode<T: Decodable>(_ type: T.Type = T.self) throws -> T {
    try JSONCoder.decode(type, from: self)
  }

  /// The value that a typed message becomes, with its nulls written out.
  public init(encoding message: some Encodable) throws {
    self = try JSONCoder.encode(message, nulls: .explicit)
  }
}

extension Encodable {
  /// The message as results and notifications carry it: nulls written out.
  func wireValue() throws -> JSONValue { try JSONCoder.encode(self, nulls: .explicit) }

  /// The message as a client's params carry it: nils left away.
  func clientValue() throws -> JSONValue { try JSONCoder.encode(self, nulls: .omit) }
}
