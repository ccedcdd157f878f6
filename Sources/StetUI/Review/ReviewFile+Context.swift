import StetText

/// Both sides of a file as lines, for the context that a diff leaves out.
public struct ReviewSides: Sendable {
  public let base: LineTable
  public let proposed: LineTable
  var endsWithNewline: Bool { proposed.endsWithLineFeed }
  var baseEndsWithNewline: Bool { base.endsWithLineFeed }

  /// Bytes that are no UTF-8 are shown as U+FFFD.
  public init(base: [UInt8], proposed: [UInt8]) {
    self.base = LineTable(base)
    self.proposed = LineTable(proposed)
  }

  /// The proposed text as an editor may have it; nil where it is no UTF-8, for what an editor makes of that is lost.
  var proposedText: String? {
    let text = String(decoding: proposed.bytes, as: UTF8.self)
    return text.unicodeScalars.contains("\u{FFFD}") ? nil : text
  }
}

/// Unchanged lines that are not shown, before a hunk or after the last one.
struct ReviewGap: Equatable, Sendable {
  /// How many; nil after the last hunk while the file's text is not known.
  var count: Int?
  /// Numbers of its first line.
  var old: Int
  var new: Int
}

extension ReviewFile {
  /// Lines that one press shows at each end of a gap.
  static let contextStep = 10

  /// The gap before each hunk and, last, the one after all of them.
  func gaps() -> [ReviewGap] {
    var (old, new) = (1, 1)
    var gaps: [ReviewGap] = []
    gaps.reserveCapacity(hunks.count + 1)
    for hunk in hunks {
      var count = 0
      if let first = hunk.lines.first.map({ lines[$0] }) {
        count = first.newNumber.map { $0 - new } ?? first.oldNumber.map { $0 - old } ?? 0
      }
      gaps.append(ReviewGap(count: max(0, count), old: old, new: new))
      (old, new) = (old + max(0, count), new + max(0, count))
      for line in hunk.lines {
        switch lines[line].kind {
        case .context: (old, new) = (old + 1, new + 1)
        case .minus: old += 1
        case .plus: new += 1
        case .noNewline: break
        }
      }
    }
    let isWhole = kind == "add" || kind == "delete" || lines.isEmpty
    let rest = isWhole ? 0 : sides.map { max(0, $0.base.count - old + 1) }
    return gaps + [ReviewGap(count: rest, old: old, new: new)]
  }

  /// Shows lines of a gap: some after the hunk before it, some before the hunk after it, or all of it.
  mutating func expand(gap index: Int, by step: Int = contextStep) {
    let gaps = gaps()
    guard gaps.indices.contains(index), let sides, let count = gaps[index].count, count > 0 else { return }
    let gap = gaps[index]
    let hasBefore = hunks[..<index].contains { !$0.lines.isEmpty }
    let hasAfter = index < hunks.count
    let isAll = count <= step * (hasBefore && hasAfter ? 2 : 1)
    let tail = hasAfter ? min(count, isAll && !hasBefore ? count : step) : 0
    let head = hasBefore ? (isAll ? count - tail : min(count - tail, step)) : 0
    if tail > 0 { insert(gap, (count - tail)..<count, sides, into: index, atEnd: false) }
    if head > 0, let before = hunks[..<index].lastIndex(where: { !$0.lines.isEmpty }) {
      insert(gap, 0..<head, sides, into: before, atEnd: true)
    }
  }

  /// Shows the whole file.
  mutating func expandAll() {
    guard let sides else { return }
    let gaps = gaps()
    let final = hunks.lastIndex { !$0.lines.isEmpty }
    var (all, places): ([DiffLine], [Int]) = ([], [])
    places.reserveCapacity(lines.count)
    func copy(to end: Int) {
      while places.count < end {
        all.append(lines[places.count])
        places.append(all.count - 1)
      }
    }
    func show(_ gap: ReviewGap) {
      let first = max(0, gap.old - 1)
      for index in first..<max(first, min(first + (gap.count ?? 0), sides.base.count)) {
        all.append(
          DiffLine(
            kind: .context, line: index, of: sides.base, oldNumber: index + 1,
            newNumber: gap.new + index - first))
      }
    }
    for index in hunks.indices {
      let own = hunks[index].lines
      copy(to: own.lowerBound)
      let start = all.count
      if !own.isEmpty { show(gaps[index]) }
      copy(to: own.upperBound)
      if index == final, let last = gaps.last { show(last) }
      hunks[index].lines = start..<all.count
    }
    copy(to: lines.count)
    replaceLines(with: all, places)
  }

  /// - Parameter places: where each of the present lines stands among the new ones; those of a change stay together.
  private mutating func replaceLines(with all: [DiffLine], _ places: [Int]) {
    func moved(_ range: Range<Int>) -> Range<Int> {
      guard let first = range.first, places.indices.contains(first) else { return range }
      return places[first]..<places[first] + range.count
    }
    for index in operations.indices {
      operations[index].removed = moved(operations[index].removed)
      operations[index].added = moved(operations[index].added)
    }
    self.moved = Set(self.moved.compactMap { places.indices.contains($0) ? places[$0] : nil })
    var owners = [Int32](repeating: -1, count: all.count)
    for (old, new) in places.enumerated() where operationOfLine.indices.contains(old) {
      owners[new] = operationOfLine[old]
    }
    (lines, operationOfLine) = (all, owners)
  }

  private mutating func insert(
    _ gap: ReviewGap, _ part: Range<Int>, _ sides: ReviewSides, into hunk: Int, atEnd: Bool
  ) {
    let texts = sides.base
    let new = part.compactMap { offset -> DiffLine? in
      let number = gap.old + offset
      guard texts.indices.contains(number - 1) else { return nil }
      return DiffLine(
        kind: .context, line: number - 1, of: texts, oldNumber: number, newNumber: gap.new + offset)
    }
    let place = atEnd ? hunks[hunk].lines.upperBound : hunks[hunk].lines.lowerBound
    lines.insert(contentsOf: new, at: place)
    operationOfLine.insert(contentsOf: repeatElement(-1, count: new.count), at: place)
    self.moved = Set(self.moved.map { $0 < place ? $0 : $0 + new.count })
    func moved(_ range: Range<Int>) -> Range<Int> {
      range.isEmpty || range.lowerBound < place
        ? range : range.lowerBound + new.count..<range.upperBound + new.count
    }
    for index in operations.indices {
      operations[index].removed = moved(operations[index].removed)
      operations[index].added = moved(operations[index].added)
    }
    hunks[hunk].lines = hunks[hunk].lines.lowerBound..<hunks[hunk].lines.upperBound + new.count
    for index in hunks.indices where index > hunk {
      let range = hunks[index].lines
      hunks[index].lines = range.lowerBound + new.count..<range.upperBound + new.count
    }
  }
}

/// Base64 of RFC 4648, as the protocol carries bytes.
enum Base64 {
  /// nil for what is not base64; line breaks and padding may be missing.
  static func bytes(_ text: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count / 4 * 3)
    var (bits, held): (UInt32, Int) = (0, 0)
    for byte in text.utf8 {
      let value: UInt32
      switch byte {
      case 0x41...0x5A: value = UInt32(byte) - 0x41
      case 0x61...0x7A: value = UInt32(byte) - 0x61 + 26
      case 0x30...0x39: value = UInt32(byte) - 0x30 + 52
      case 0x2B: value = 62
      case 0x2F: value = 63
      case 0x3D, 0x0A, 0x0D: continue
      default: return nil
      }
      bits = bits << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return result
  }
}
