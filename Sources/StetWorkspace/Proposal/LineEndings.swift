/// Line ends as bytes.
public enum LineEndings {
  static let lf: UInt8 = 10
  static let cr: UInt8 = 13

  /// Fits the line ends of a whole-file proposal to the file it replaces: where the base has CRLF only and
  /// the proposal LF only, the proposal becomes CRLF. Mixed files are left alone.
  public static func matching(base: [UInt8], proposed: [UInt8]) -> (bytes: [UInt8], converted: Bool) {
    guard isUniformCRLF(base), !proposed.contains(cr), proposed.contains(lf) else { return (proposed, false) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(proposed.count + proposed.count / 32)
    for byte in proposed {
      if byte == lf { bytes.append(cr) }
      bytes.append(byte)
    }
    return (bytes, true)
  }

  /// Whether there are line ends and each of them is CRLF.
  static func isUniformCRLF(_ bytes: [UInt8]) -> Bool {
    var found = false
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == lf {
        guard previous == cr else { return false }
        found = true
      } else if previous == cr {
        return false
      }
      previous = byte
    }
    return found && previous != cr
  }

  /// A line without its LF, CRLF or CR.
  static func stripped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    if line.last == lf { line = line.dropLast() }
    if line.last == cr { line = line.dropLast() }
    return line
  }

  /// Whether nothing but line ends differs.
  static func onlyEndingsDiffer(_ a: [UInt8], _ b: [UInt8]) -> Bool { a != b && unified(a) == unified(b) }

  private static func unified(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      if byte == cr {
        out.append(lf)
      } else if !(byte == lf && previous == cr) {
        out.append(byte)
      }
      previous = byte
    }
    return out
  }

  /// The line end a new line takes where its neighbours say nothing: that of the first line.
  static func first(of bytes: [UInt8]) -> [UInt8] {
    guard let index = bytes.firstIndex(where: { $0 == lf || $0 == cr }) else { return [lf] }
    if bytes[index] == lf { return [lf] }
    return index + 1 < bytes.count && bytes[index + 1] == lf ? [cr, lf] : [cr]
  }
}
