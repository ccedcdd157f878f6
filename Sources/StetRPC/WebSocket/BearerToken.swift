/// A secret that a client presents as `Authorization: Bearer …` (RFC 6750 §2.1).
public struct BearerToken: Hashable, Sendable {
  public let text: String

  /// Nil for what could not stand in a header: blank, or other than printable ASCII without blanks.
  public init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= Self.maxBytes,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.text = text
  }

  private init(known text: String) { self.text = text }

  /// Longer is no token, and would not fit beside the other fields of a request.
  static let maxBytes = 4096

  /// 256 random bits in hexadecimal.
  public static func random() -> BearerToken {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef".utf8)
    let bytes = (0..<64).map { _ in digits[Int.random(in: 0..<16, using: &generator)] }
    return BearerToken(known: String(decoding: bytes, as: UTF8.self))
  }

  /// Whether the one `Authorization` field carries this token. The time taken tells nothing of how much was right.
  func isPresented(by fields: [String]) -> Bool {
    guard fields.count == 1 else { return false }
    let words = fields[0].split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer" else { return false }
    return equals(words[1].drop { $0 == " " })
  }

  private func equals(_ other: Substring) -> Bool {
    let (own, given) = (Array(text.utf8), Array(other.utf8))
    var difference = own.count ^ given.count
    for index in own.indices { difference |= Int(own[index] ^ (index < given.count ? given[index] : 0)) }
    return difference == 0
  }
}
