import FoundationEssentials
import StetUI

/// Pixels as what kitty's graphics protocol and sixel have for them.
public enum PictureEncoder {
  /// Pixels a side that are sent to kitty, which has no compression that it need not be told of: some 500 KB once.
  public static let kittySide = 400
  /// Sixel packs runs of one colour, and is sent whenever the picture comes to rest anew.
  public static let sixelSide = 960

  /// The longest side that a picture is to have for a request, so that it fits its cells.
  ///
  /// - Parameters:
  ///   - width: pixels of the whole picture, as `height`.
  public static func side(_ request: PictureRequest, width: Int, height: Int) -> Int {
    guard width > 0, height > 0 else { return 1 }
    let room = (
      width: Double(request.size.columns * request.ability.cellWidth),
      height: Double(request.size.rows * request.ability.cellHeight)
    )
    let scale = min(room.width / Double(width), room.height / Double(height), 1)
    let most = request.ability.way == .kitty ? kittySide : sixelSide
    return max(1, min(most, Int(Double(max(width, height)) * scale)))
  }

  /// A drawing of red, green, blue and alpha, row by row; nil for a wrong number of pixels.
  public static func drawing(
    _ pixels: [UInt8], width: Int, height: Int, for request: PictureRequest, id: Int
  ) -> PictureDrawing? {
    guard width > 0, height > 0, width <= sixelSide, height <= sixelSide, pixels.count == width * height * 4
    else { return nil }
    switch request.ability.way {
    case .kitty: return kitty(pixels, width, height, request, id)
    case .sixel: return PictureDrawing(id: id, show: Sixel(pixels, width, height).bytes)
    }
  }

  /// Bytes of base64 in one command of kitty's.
  private static let chunk = 4096

  private static func kitty(
    _ pixels: [UInt8], _ width: Int, _ height: Int, _ request: PictureRequest, _ id: Int
  ) -> PictureDrawing {
    let isOpaque = stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 255 }
    let data = isOpaque ? pixels.indices.lazy.filter { $0 & 3 != 3 }.map { pixels[$0] } : pixels
    let text = Array(Data(data).base64EncodedString().utf8)
    var store: [UInt8] = []
    for start in stride(from: 0, to: text.count, by: chunk) {
      let end = min(start + chunk, text.count)
      let more = end < text.count ? 1 : 0
      let head = "a=t,f=\(isOpaque ? 24 : 32),s=\(width),v=\(height),i=\(id),q=2,m=\(more)"
      store += Array("\u{1B}_G\(start == 0 ? head : "q=2,m=\(more)");".utf8) + text[start..<end]
      store += Array("\u{1B}\\".utf8)
    }
    // The side that has less room is told: the terminal finds the other and keeps the proportions.
    let isWide =
      width * request.size.rows * request.ability.cellHeight
      >= height * request.size.columns * request.ability.cellWidth
    let cells = isWide ? "c=\(request.size.columns)" : "r=\(request.size.rows)"
    return PictureDrawing(
      id: id, store: store, show: Array("\u{1B}_Ga=p,i=\(id),p=1,\(cells),C=1,q=2\u{1B}\\".utf8),
      hide: Array("\u{1B}_Ga=d,d=i,i=\(id),q=2\u{1B}\\".utf8))
  }
}

/// A picture as sixels, in the 216 colours of the cube that every terminal with 256 of them has.
private struct Sixel {
  private(set) var bytes: [UInt8] = []
  private static let clear: UInt8 = 255

  init(_ pixels: [UInt8], _ width: Int, _ height: Int) {
    var colours = [UInt8](repeating: Self.clear, count: width * height)
    var isUsed = [Bool](repeating: false, count: 216)
    for place in colours.indices where pixels[place * 4 + 3] >= 128 {
      let (x, y) = (place % width, place / width)
      let threshold = Self.thresholds[(y & 3) * 4 + (x & 3)]
      var colour = 0
      // Fifths of full light, the rest spread so that neighbours differ.
      for part in 0..<3 {
        colour = colour * 6 + min(5, (Int(pixels[place * 4 + part]) * 80 / 255 + threshold) / 16)
      }
      colours[place] = UInt8(colour)
      isUsed[colour] = true
    }
    // Unset pixels stay as they are; the size in pixels.
    bytes = Array("\u{1B}P0;1;0q\"1;1;\(width);\(height)".utf8)
    for colour in 0..<216 where isUsed[colour] {
      let (red, green, blue) = (colour / 36 * 20, colour / 6 % 6 * 20, colour % 6 * 20)
      bytes += Array("#\(colour);2;\(red);\(green);\(blue)".utf8)
    }
    var bits = [UInt8](repeating: 0, count: 216 * width)
    for top in stride(from: 0, to: height, by: 6) { band(colours, top, min(6, height - top), width, &bits) }
    bytes += Array("\u{1B}\\".utf8)
  }

  /// Six rows of pixels: for each colour in them, where it is.
  private mutating func band(_ colours: [UInt8], _ top: Int, _ rows: Int, _ width: Int, _ bits: inout [UInt8])
  {
    var isHere = [Bool](repeating: false, count: 216)
    for row in 0..<rows {
      for x in 0..<width {
        let colour = colours[(top + row) * width + x]
        guard colour != Self.clear else { continue }
        isHere[Int(colour)] = true
        bits[Int(colour) * width + x] |= 1 << UInt8(row)
      }
    }
    var isFirst = true
    for colour in 0..<216 where isHere[colour] {
      if !isFirst { bytes.append(UInt8(ascii: "$")) }
      isFirst = false
      bytes += Array("#\(colour)".utf8)
      let line = colour * width..<(colour + 1) * width
      run(bits[line])
      for place in line { bits[place] = 0 }
    }
    bytes.append(UInt8(ascii: "-"))
  }

  /// One colour's row, with equal neighbours counted; nothing behind the last pixel.
  private mutating func run(_ row: ArraySlice<UInt8>) {
    let end = row.lastIndex { $0 != 0 }.map { $0 + 1 } ?? row.startIndex
    var at = row.startIndex
    while at < end {
      var next = at + 1
      while next < end, row[next] == row[at] { next += 1 }
      let sixel = row[at] + 63
      if next - at > 3 {
        bytes += Array("!\(next - at)".utf8)
        bytes.append(sixel)
      } else {
        bytes += Array(repeating: sixel, count: next - at)
      }
      at = next
    }
  }

  /// Sixteenths, so that neighbours differ (Bayer's matrix).
  private static let thresholds: [Int] = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
}
