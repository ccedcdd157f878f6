import StetTestSupport
import Testing

@testable import StetWorkspace

/// Pictures are made to fit, and what is none, or can't be read, is refused with words.
struct PictureTests {
  private let side = 2_048
  private let limit = 1_500_000

  @Test("C10: a large PNG gets sides of at most 2,048 pixels and at most 1.5 MB, as PNG or JPEG, the smaller")
  func c10_largePNG() throws {
    let plain = TestPicture.png(width: 3_000, height: 1_500) { x, y in x / 300 % 2 == y / 300 % 2 ? 0 : 200 }
    let small = try Picture.fitted(plain, side: side, limit: limit)
    let picture = try #require(Picture(small.bytes))
    #expect(picture.width == 2_048 && picture.height == 1_024)
    // Areas of one colour are smaller as PNG, noise is smaller as JPEG.
    #expect(small.kind == .png && picture.kind == .png)
    var random = SplitMix(state: 1)
    let noise = TestPicture.png(width: 2_500, height: 1_200) { _, _ in
      UInt8(truncatingIfNeeded: random.next())
    }
    #expect(noise.count > limit)
    let made = try Picture.fitted(noise, side: side, limit: limit)
    #expect(made.bytes.count <= limit && made.kind == .jpeg)
    #expect(Picture(made.bytes).map { max($0.width, $0.height) <= side } == true)
  }

  @Test("C10: a JPEG is made smaller and stands upright")
  func c10_jpeg() throws {
    // Noise over two areas: too large a PNG, so the first picture becomes a JPEG.
    var random = SplitMix(state: 2)
    let noisy = TestPicture.png(width: 2_600, height: 1_300) { x, _ in
      (x < 1_300 ? 0 : 192) + UInt8(truncatingIfNeeded: random.next() % 64)
    }
    let jpeg = try Picture.fitted(noisy, side: 2_600, limit: limit)
    #expect(jpeg.kind == .jpeg)
    let turned = TestPicture.turned(jpeg.bytes, orientation: 6)
    let made = try Picture.fitted(turned, side: 1_000, limit: limit)
    let picture = try #require(Picture(made.bytes))
    #expect(made.kind == .jpeg && picture.height == 1_000 && picture.width < picture.height)
  }

  @Test("what is within the limits stays as it is, to the byte")
  func unchanged() throws {
    let png = TestPicture.png(width: 40, height: 30) { x, y in UInt8(x * y % 256) }
    let same = try Picture.fitted(png, side: side, limit: limit)
    #expect(same.bytes == png && same.kind == .png)
    #expect(Picture(png) == Picture(same.bytes))
    #expect(Picture(png)?.width == 40 && Picture(png)?.height == 30)
  }

  @Test("GIF and WebP pass within the limits; beyond them the error says what to do")
  func otherKinds() throws {
    let gif = Array("GIF89a".utf8) + [0x10, 0x00, 0x20, 0x00, 0, 0, 0]
    #expect(Picture(gif).map { ($0.width, $0.height) == (16, 32) } == true)
    #expect(try Picture.fitted(gif, side: side, limit: limit).bytes == gif)
    let large = Array("GIF89a".utf8) + [0x00, 0x10, 0x20, 0x00, 0, 0, 0]
    let error = #expect(throws: WorkspaceError.self) { try Picture.fitted(large, side: side, limit: limit) }
    #expect(error?.code == .tooLarge && error?.hint == "Convert it to PNG or JPEG.")
    var webp = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBPVP8X".utf8) + [UInt8](repeating: 0, count: 14)
    (webp[24], webp[25], webp[27]) = (0xFF, 0x0F, 9)
    #expect(Picture(webp).map { ($0.width, $0.height) == (4_096, 10) } == true)
    #expect(throws: WorkspaceError.self) { try Picture.fitted(webp, side: side, limit: limit) }
    #expect(throws: WorkspaceError.self) { try Picture.fitted(Array("text".utf8), side: side, limit: limit) }
  }

  @Test("damaged and dishonest files are refused or read as far as they go; nothing crashes")
  func damaged() throws {
    let png = TestPicture.png(width: 2_100, height: 20) { x, _ in UInt8(x % 256) }
    for cut in stride(from: 8, to: png.count, by: 97) {
      _ = try? Picture.fitted(Array(png[..<cut]), side: side, limit: limit)
    }
    // A header that claims 60,000 pixels a side takes no memory.
    var claim = png
    claim.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
    let error = #expect(throws: WorkspaceError.self) { try Picture.fitted(claim, side: side, limit: limit) }
    #expect(error?.code == .library && error?.underlying?.isEmpty == false)
    var random = SplitMix(state: 3)
    for _ in 0..<200 {
      let head: [UInt8] =
        random.next() % 2 == 0 ? [0xFF, 0xD8, 0xFF] : [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]
      let bytes = head + (0..<Int(random.next() % 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      _ = try? Picture.fitted(bytes, side: 1, limit: 10)
    }
  }
}

/// A fixed sequence: the same pictures on every run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
