/// A text as its scalars, and the same without case: what matching works on.
///
/// Folding keeps the number of scalars, so a place in the one is the same place in the other. Letters whose lower case
/// has several scalars keep their case.
struct FoldedText {
  let scalars: [Unicode.Scalar]
  /// The values that are compared: folded, or as they are for a search that minds case.
  let values: [UInt32]

  init(_ text: String, caseSensitive: Bool) {
    scalars = Array(text.unicodeScalars)
    values = scalars.map { caseSensitive ? $0.value : Self.fold($0) }
  }

  static func fold(_ scalar: Unicode.Scalar) -> UInt32 {
    if scalar.isASCII { return (65...90).contains(scalar.value) ? scalar.value + 32 : scalar.value }
    guard scalar.properties.changesWhenLowercased else { return scalar.value }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first?.value ?? scalar.value : scalar.value
  }
}

/// How much work one search may still do. Whoever runs out has found what it has found.
struct SearchBudget {
  /// Comparisons, and steps of a pattern; some seconds of work at the worst.
  private(set) var left: Int

  init(_ steps: Int) { left = steps }

  var isSpent: Bool { left <= 0 }

  mutating func spend(_ steps: Int) { left -= min(left, steps) }
}
