/// Picture files for tests, made without a library: the ones that are tested must not make them too.
public enum TestPicture {
  /// A grey PNG whose pixels are stored without compression (RFC 2083; RFC 1950, stored blocks).
  public static func png(width: Int, height: Int, _ pixel: (_ x: Int, _ y: Int) -> UInt8) -> [UInt8] {
    var raw: [UInt8] = []
    raw.reserveCapacity(height * (width + 1))
    for y in 0..<height {
      raw.append(0)
      for x in 0..<width { raw.append(pixel(x, y)) }
    }
    var data: [UInt8] = [0x78, 0x01]
    var start = 0
    while start < raw.count {
      let count = min(65_535, raw.count - start)
      let low = UInt8(count & 255)
      let high = UInt8(count >> 8)
      data += [start + count == raw.count ? 1 : 0, low, high, ~low, ~high]
      data += raw[start..<start + count]
      start += count
    }
    data += word(adler32(raw))
    let header = word(UInt32(width)) + word(UInt32(height)) + [8, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", data)
      + chunk("IEND", [])
  }

  /// A JPEG with an Exif tag that says which way is up.
  public static func turned(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
    let tiff: [UInt8] =
      Array("II".utf8) + [
        42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
      ]
    let body = Array("Exif".utf8) + [0, 0] + tiff
    let length = body.count + 2
    return Array(jpeg[..<2]) + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + body + jpeg[2...]
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return word(UInt32(data.count)) + body + word(crc32(body))
  }

  private static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  private static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
  }
}
