import StetJSON

/// Whether unknown enum values are refused while decoding.
///
/// A task-local and not a decoder setting, because the same types are read on both sides: the params of a client are
/// read strictly (`ClientRequest.decode`), everything a server says tolerantly.
enum Strictness {
  @TaskLocal static var isOn = false

  /// Throws for an unknown variant while strict, with the text of Codex's decoder.
  static func refuse(_ name: String, _ variants: [String], at path: [any CodingKey]) throws {
    guard isOn else { return }
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: path, debugDescription: "unknown variant `\(name)`, expected \(oneOf(variants))",
        underlyingError: UnknownVariant(name: name, variants: variants)))
  }

  /// "`a`", "`a` or `b`", "one of `a`, `b`, `c`": how Codex lists what it would have taken.
  static func oneOf(_ names: [String]) -> String {
    switch names.count {
    case 1: "`\(names[0])`"
    case 2: "`\(names[0])` or `\(names[1])`"
    default: "one of " + names.map { "`\($0)`" }.joined(separator: ", ")
    }
  }
}

/// What a strict decoder was given, and what it would have taken.
struct UnknownVariant: Error {
  let name: String
  let variants: [String]
}
