import StetHash

/// Names as 64-bit numbers: rows stay small, and two names that meet are not to be found by trying.
public enum HistoryKey {
  public static func of(_ name: String) -> Int64 {
    let bytes = SHA256.hash(Array(name.utf8)).bytes.prefix(8)
    return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }
}
