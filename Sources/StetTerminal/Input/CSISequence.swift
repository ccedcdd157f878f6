/// A control sequence as ECMA-48 §5.4 takes it apart: `CSI <prefix> parameters intermediates final`.
struct CSISequence {
  /// `<`, `=`, `>` or `?` before the parameters.
  var prefix: UInt8?
  /// Parameters by semicolon, each with its colon parts; a missing number is nil.
  var parameters: [[Int?]] = []
  var intermediates: [UInt8] = []
  var final: UInt8 = 0

  /// Numbers beyond any screen, key or mode; larger ones count as this one.
  private static let largestNumber = 0x10_FFFF

  /// The first part of a parameter.
  func number(_ index: Int, part: Int = 0) -> Int? {
    guard parameters.indices.contains(index), parameters[index].indices.contains(part) else { return nil }
    return parameters[index][part]
  }

  /// `body` is what stands between `CSI` and the final byte.
  init(body: ArraySlice<UInt8>, final: UInt8) {
    self.final = final
    var rest = body
    if let first = rest.first, (0x3C...0x3F).contains(first) {
      prefix = first
      rest = rest.dropFirst()
    }
    let numbers = rest.prefix { (0x30...0x3B).contains($0) }
    intermediates = Array(rest.dropFirst(numbers.count))
    guard !numbers.isEmpty else { return }
    for field in numbers.split(separator: 0x3B, omittingEmptySubsequences: false) {
      parameters.append(field.split(separator: 0x3A, omittingEmptySubsequences: false).map(Self.value))
    }
  }

  private static func value(_ digits: ArraySlice<UInt8>) -> Int? {
    if digits.isEmpty { return nil }
    return digits.reduce(0) { min($0 * 10 + Int($1) - 0x30, largestNumber) }
  }
}
