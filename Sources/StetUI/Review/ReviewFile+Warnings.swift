import StetText

/// What a reviewer should look at twice: keys in added lines, brackets that lose their partner.
extension ReviewFile {
  /// Added lines that are looked through for keys when a file is opened; beyond it only lines that are shown.
  private static let secretLines = 5_000
  /// Operations whose brackets are counted: larger files are not decided one by one.
  private static let bracketOperations = 5_000

  func isSecret(_ line: Int) -> Bool {
    lines.indices.contains(line) && lines[line].kind == .plus && SecretScan.isSuspicious(lines[line])
  }

  /// Finds what there is to warn of; called once, when the file's lines are there.
  mutating func findWarnings() {
    findSecrets()
    countBrackets()
  }

  private mutating func findSecrets() {
    var left = Self.secretLines
    for line in lines.indices where lines[line].kind == .plus {
      left -= 1
      if left < 0 { return }
      guard SecretScan.isSuspicious(lines[line]) else { continue }
      hasSecrets = true
      if let hunk = hunk(atLine: line) { hunks[hunk].hasSecrets = true }
    }
  }

  private mutating func countBrackets() {
    guard let language, BracketBalance.isKnown(language), operations.count <= Self.bracketOperations,
      operations.allSatisfy({ $0.role == .content })
    else { return }
    brackets = operations.map { operation in
      var removed = BracketBalance()
      var added = BracketBalance()
      for line in operation.removed { removed.add(lines[line], language) }
      for line in operation.added { added.add(lines[line], language) }
      return added - removed
    }
  }

  /// With these decisions brackets lose their partner, and with the whole change they would not. What is undecided counts
  /// as accepted.
  func isUnbalanced(_ verdicts: [ReviewVerdict?]) -> Bool {
    guard let language, brackets.count == verdicts.count,
      brackets.reduce(BracketBalance(), +).isZero
    else { return false }
    var chosen = BracketBalance()
    for (operation, verdict) in verdicts.enumerated() {
      switch verdict {
      case nil, .accepted: chosen = chosen + brackets[operation]
      case .rejected, .covered: break
      case .edited(let edit) where edit.isWholeFile: return false
      case .edited(let edit):
        let covered = operation..<min(operation + edit.count, operations.count)
        var text = BracketBalance()
        for line in edit.text.split(separator: "\n") { text.add(String(line), language) }
        for own in covered {
          for line in operations[own].removed {
            var removed = BracketBalance()
            removed.add(lines[line], language)
            text = text - removed
          }
        }
        // The text of a whole hunk holds the lines between its changes, too.
        if edit.hunkId != nil, let low = covered.first, let high = covered.last {
          for line in context(from: low, through: high) {
            var kept = BracketBalance()
            kept.add(lines[line], language)
            text = text - kept
          }
        }
        chosen = chosen + text
      }
    }
    return !chosen.isZero
  }

  /// Unchanged lines between the first and the last of some operations.
  private func context(from low: Int, through high: Int) -> [Int] {
    let ranges = operations[low...high].flatMap { [$0.removed, $0.added] }.filter { !$0.isEmpty }
    guard let first = ranges.map(\.lowerBound).min(), let last = ranges.map(\.upperBound).max() else {
      return []
    }
    return (first..<last).filter { lines[$0].kind == .context }
  }
}
