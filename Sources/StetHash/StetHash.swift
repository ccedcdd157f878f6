// StetHash: digests over libcrypto.
//
// What it is: SHA-256 for content, SHA-1 for Git object ids, at once or piece by piece.
// What it must not do: encrypt, sign, read files, or offer a digest for passwords.
// Who calls it: StetWorkspace (content hashes), StetStore (blobs), StetConfig (trust), StetRPC (WebSocket handshake).

import CCrypto

/// A digest of a fixed length, with its usual spelling.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// Lower-case hexadecimal.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  public var description: String { hex }
}

/// A running digest. Not for use from two threads at once.
public struct DigestStream: ~Copyable {
  private let context: OpaquePointer?

  fileprivate init(_ kind: OpaquePointer?) {
    context = CryptoLibrary.shared.contextNew()
    // Both calls fail only when memory or the algorithm is missing; libcrypto always carries SHA-1 and SHA-256.
    precondition(CryptoLibrary.shared.start(context, kind, nil) == 1, "libcrypto has no such digest")
  }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(
      CryptoLibrary.shared.update(context, bytes.baseAddress, bytes.count) == 1, "libcrypto failed to digest")
  }

  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Ends the stream and answers the digest.
  public consuming func finish() -> Digest {
    var out = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    precondition(
      CryptoLibrary.shared.finish(context, &out, &length) == 1, "libcrypto failed to finish a digest")
    return Digest(bytes: Array(out.prefix(Int(length))))
  }

  deinit { CryptoLibrary.shared.contextFree(context) }
}

public typealias SHA256Digest = Digest

/// SHA-256 (FIPS 180-4).
public enum SHA256 {
  public static func stream() -> DigestStream { DigestStream(CryptoLibrary.shared.sha256()) }

  public static func hash(_ bytes: [UInt8]) -> Digest {
    var stream = stream()
    stream.update(bytes)
    return stream.finish()
  }

  public static func hash(_ text: String) -> Digest { hash(Array(text.utf8)) }
}

/// SHA-1, for Git object ids and the WebSocket handshake only: never as a defence.
public enum SHA1 {
  public static func stream() -> DigestStream { DigestStream(CryptoLibrary.shared.sha1()) }

  public static func hash(_ bytes: [UInt8]) -> Digest {
    var stream = stream()
    stream.update(bytes)
    return stream.finish()
  }

  /// The id that Git gives to these bytes as a blob, in hexadecimal.
  public static func blobID(_ bytes: [UInt8]) -> String {
    var stream = stream()
    stream.update(Array("blob \(bytes.count)\0".utf8))
    stream.update(bytes)
    return stream.finish().hex
  }
}
