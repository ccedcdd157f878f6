import StetHash
import Testing

@Suite struct DigestTests {
  @Test func sha256OfKnownTexts() {
    #expect(
      SHA256.hash("abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hash([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func piecesGiveTheDigestOfTheWhole() {
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var stream = SHA256.stream()
    for start in stride(from: 0, to: bytes.count, by: 77) {
      stream.update(Array(bytes[start..<min(start + 77, bytes.count)]))
    }
    #expect(stream.finish() == SHA256.hash(bytes))
  }

  @Test func blobIDsAreGits() {
    #expect(SHA1.blobID([]) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
    #expect(SHA1.blobID(Array("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
  }
}
