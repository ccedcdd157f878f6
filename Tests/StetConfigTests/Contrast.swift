import Glibc

/// The relative luminance of a colour, for WCAG 2 contrast ratios.
struct Contrast {
  let luminance: Double

  /// nil for anything but `#rrggbb`.
  init?(_ text: String) {
    guard text.hasPrefix("#"), text.utf8.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else {
      return nil
    }
    func part(_ shift: UInt32) -> Double {
      let channel = Double((value >> shift) & 0xFF) / 255
      return channel <= 0.03928 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
    }
    luminance = 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
  }

  func ratio(to other: Contrast) -> Double {
    (max(luminance, other.luminance) + 0.05) / (min(luminance, other.luminance) + 0.05)
  }
}

/// Reads files of the repository.
struct DirectoryBytes {
  let path: String

  init(_ path: String) { self.path = path }

  func text(_ name: String) -> String? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while true {
      let byte = fgetc(file)
      if byte == EOF { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }
}
