import StetTestSupport
import Testing

@testable import StetWorkspace

/// Pictures in a few pixels, for cells.
@Suite struct ThumbnailTests {
  @Test("a PNG is made small, its sides keep their measure, and a small one is as it was")
  func png() throws {
    let large = TestPicture.png(width: 200, height: 100) { x, _ in x < 100 ? 0 : 255 }
    let small = try #require(Picture.thumbnail(large, side: 64))
    #expect((small.width, small.height, small.pixels.count) == (64, 32, 64 * 32 * 4))
    #expect(Array(small.pixels.prefix(4)) == [0, 0, 0, 255])
    #expect(Array(small.pixels.suffix(4)) == [255, 255, 255, 255])
    let tiny = try #require(
      Picture.thumbnail(TestPicture.png(width: 3, height: 2) { x, y in UInt8(x * 10 + y) }, side: 64))
    #expect((tiny.width, tiny.height) == (3, 2) && tiny.pixels[4] == 10 && tiny.pixels[12] == 1)
  }

  @Test("what is no picture, or half of one, has none", arguments: [0, 7, 20, 40, 60])
  func damaged(_ length: Int) {
    let whole = TestPicture.png(width: 20, height: 20) { _, _ in 9 }
    #expect(Picture.thumbnail(Array(whole.prefix(length)), side: 64) == nil)
    #expect(Picture.thumbnail(Array("GIF89a no picture".utf8), side: 64) == nil)
  }
}
