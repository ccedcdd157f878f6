/// Whether a line looks as if it held a key or a password, so that a reviewer looks twice (review.md A5, "secrets-looking
/// additions"). By its form alone: it knows no key, and misses those that look like nothing.
public enum SecretScan {
  /// Bytes of a line that are looked at; keys stand where people write them, not deep inside a minified file.
  private static let limit = 4_000

  /// Beginnings that only keys have, and how many letters, digits, `-` or `_` must follow at least.
  private static let prefixes: [(text: [UInt8], rest: Int)] = [
    ("AKIA", 16), ("ASIA", 16), ("ghp_", 30), ("gho_", 30), ("ghu_", 30), ("ghs_", 30), ("ghr_", 30),
    ("github_pat_", 30), ("glpat-", 18), ("xoxb-", 20), ("xoxp-", 20), ("xoxa-", 20), ("sk-", 20),
    ("sk_live_", 16), ("rk_live_", 16), ("AIza", 30), ("npm_", 30), ("hf_", 30), ("pypi-AgE", 20),
    ("dop_v1_", 40), ("SG.", 40), ("eyJhbGciOi", 20),
  ].map { (Array($0.0.utf8), $0.1) }

  /// Which bytes a key can begin with: most words are none by their first letter.
  private static let beginnings: [Bool] = (0...255).map { byte in prefixes.contains { $0.text[0] == byte } }

  /// Names of what is kept secret, in small letters without `-` and `_`.
  private static let names = [
    "password", "passwd", "secret", "token", "apikey", "accesskey", "privatekey", "clientsecret",
  ].map { Array($0.utf8) }

  /// Letters of the shortest of them.
  private static let leastName = 5

  public static func isSuspicious(_ line: DiffLine) -> Bool { line.withBytes(isSuspicious) }

  public static func isSuspicious(_ line: String) -> Bool {
    var text = line
    return text.withUTF8(isSuspicious)
  }

  private static func isSuspicious(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = line.prefix(limit)
    return hasPrivateKey(bytes) || hasKnownPrefix(bytes) || hasAssignment(bytes)
  }

  private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  private static let keyBegin = Array("-----BEGIN ".utf8)
  private static let keyEnd = Array("PRIVATE KEY-----".utf8)

  private static func hasPrivateKey(_ bytes: Bytes) -> Bool {
    guard let start = find(keyBegin, in: bytes) else { return false }
    return find(keyEnd, in: bytes[start...]) != nil
  }

  private static func find(_ word: [UInt8], in bytes: Bytes) -> Int? {
    guard bytes.count >= word.count else { return nil }
    return (bytes.startIndex...bytes.endIndex - word.count).first { start in
      bytes[start] == word[0] && bytes[start..<start + word.count].elementsEqual(word)
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
    default: false
    }
  }

  private static func hasKnownPrefix(_ bytes: Bytes) -> Bool {
    var isInside = false
    for start in bytes.indices {
      defer { isInside = isWord(bytes[start]) }
      // A key stands by itself, not in the middle of a word.
      guard !isInside, beginnings[Int(bytes[start])] else { continue }
      for (prefix, rest) in prefixes where bytes[start] == prefix[0] {
        guard bytes[start...].starts(with: prefix) else { continue }
        let tail = bytes[(start + prefix.count)...].prefix { isWord($0) || $0 == 0x2E }
        if tail.count >= rest, isMixed(tail) { return true }
      }
    }
    return false
  }

  /// Letters and digits both: words of a language have no digits, numbers no letters.
  private static func isMixed(_ bytes: Bytes) -> Bool {
    bytes.contains { (0x30...0x39).contains($0) }
      && bytes.contains { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
  }

  // MARK: Assignments

  /// `password = "…"`, `"apiKey": "…"`, `TOKEN=…`: a name, a sign, and a value that is written down, not looked up.
  private static func hasAssignment(_ bytes: Bytes) -> Bool {
    var at = bytes.startIndex
    while at < bytes.endIndex {
      guard bytes[at] == 0x3D || bytes[at] == 0x3A else {
        at += 1
        continue
      }
      // A comparison sets nothing.
      if bytes[at] == 0x3D, at + 1 < bytes.endIndex, bytes[at + 1] == 0x3D {
        at += 2
        continue
      }
      if isSecretName(bytes[..<at]), isSecretValue(bytes[(at + 1)...]) { return true }
      at += 1
    }
    return false
  }

  private static func isSecretName(_ before: Bytes) -> Bool {
    var end = before.endIndex
    while end > before.startIndex, [0x20, 0x09, 0x22, 0x27, 0x3A].contains(before[end - 1]) { end -= 1 }
    var start = end
    while start > before.startIndex, isWord(before[start - 1]) { start -= 1 }
    guard end - start >= leastName else { return false }
    let name = before[start..<end].filter { $0 != 0x5F && $0 != 0x2D }.map { $0 | 0x20 }
    return names.contains { name.count >= $0.count && name.suffix($0.count).elementsEqual($0) }
  }

  /// Least letters of a value: shorter ones are examples, names of types, or `true`.
  private static let leastValue = 12

  private static func isSecretValue(_ after: Bytes) -> Bool {
    var value = after.drop { $0 == 0x20 || $0 == 0x3D || $0 == 0x09 }
    guard let first = value.first else { return false }
    let isQuoted = first == 0x22 || first == 0x27 || first == 0x60
    if isQuoted {
      value = value.dropFirst().prefix { $0 != first }
    } else {
      value = value.prefix { $0 > 0x20 && $0 != 0x2C && $0 != 0x3B }
    }
    guard value.count >= leastValue, isMixed(value) else { return false }
    // A call, a variable, a place holder or a path is no value.
    return !value.contains { byte in
      [0x20, 0x28, 0x24, 0x7B, 0x3C, 0x5B].contains(byte) || !isQuoted && byte == 0x2E || byte > 0x7E
    }
  }
}
