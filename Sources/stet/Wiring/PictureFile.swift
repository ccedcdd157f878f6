import Glibc
import StetTerminal
import StetUI
import StetWorkspace

/// Reads a picture's file for the interface.
enum PictureFile {
  /// Bytes; a larger file is no screenshot, and decoding it would take seconds.
  private static let limit = 32 << 20

  /// Nil for what is no picture, cannot be read, or is no ordinary file.
  static func facts(_ path: String) -> PictureFacts? {
    guard let bytes = read(path), let picture = Picture(bytes) else { return nil }
    let kind = picture.kind.rawValue.split(separator: "/").last.map { $0.uppercased() } ?? ""
    let thumbnail = Picture.thumbnail(bytes, side: PictureFacts.side)
    return PictureFacts(
      kind: kind, width: picture.width, height: picture.height, bytes: bytes.count,
      pixels: thumbnail?.pixels ?? [], columns: thumbnail?.width ?? 0)
  }

  /// The picture as the terminal takes it; nil for what cannot be decoded.
  static func drawing(_ request: PictureRequest, id: Int) -> PictureDrawing? {
    guard let bytes = read(request.path), let picture = Picture(bytes) else { return nil }
    let side = PictureEncoder.side(request, width: picture.width, height: picture.height)
    guard let small = Picture.thumbnail(bytes, side: side) else { return nil }
    return PictureEncoder.drawing(
      small.pixels, width: small.width, height: small.height, for: request, id: id)
  }

  private static func read(_ path: String) -> [UInt8]? {
    // A pipe of that name must not hold anybody.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress.map { $0 + filled }, $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }
}
