import StetText

/// Which lines of the transcript are visible, and the lines that were laid out already.
///
/// Only items on the screen are laid out; the position is an item and a line of it, so the cost of a frame does not
/// grow with the thread (U15). A resize re-wraps from the source and keeps the item at the top.
struct TranscriptLayout: Sendable {
  enum Position: Equatable, Sendable {
    /// The end is kept in view.
    case tail
    /// This line of this item is the first one shown.
    case anchor(item: Int, line: Int)
  }

  private struct Slot: Sendable {
    var revision: Int
    var width: Int
    /// Seconds, for items that show a running time; 0 for others.
    var beat: Int
    var height: Int
    /// Dropped when many other items were laid out since; the height stays.
    var lines: [Line]?
    /// How many of the lines can't change while the item streams.
    var stable = 0
    var group: Int
    var used: Int
  }

  /// Items whose lines are kept: several screens in each direction.
  static let maxSlotsWithLines = 400

  private(set) var position = Position.tail
  private var slots: [Int: Slot] = [:]
  private var withLines = 0
  private var clock = 0

  var isAtTail: Bool { position == .tail }

  /// Items whose lines are held.
  var laidOut: Int { withLines }

  mutating func follow() { position = .tail }

  // MARK: Lines

  /// The lines of an item at a width, with the blank line before it.
  mutating func lines(_ index: Int, _ items: inout [TranscriptItem], _ context: ViewContext) -> [Line] {
    clock += 1
    let item = items[index]
    let beat = item.isTicking ? context.now.milliseconds / 1000 : 0
    let group = Self.group(index, items)
    if var slot = slots[index], slot.revision == item.revision, slot.width == context.width,
      slot.beat == beat, slot.group == group,
      let lines = slot.lines
    {
      slot.used = clock
      slots[index] = slot
      return lines
    }
    var stable = 0
    let lines = build(index, &items, context, &stable)
    if slots[index]?.lines == nil { withLines += 1 }
    slots[index] = Slot(
      revision: items[index].revision, width: context.width, beat: beat, height: lines.count, lines: lines,
      stable: stable, group: group, used: clock)
    if withLines > Self.maxSlotsWithLines { trim() }
    return lines
  }

  private mutating func height(_ index: Int, _ items: inout [TranscriptItem], _ context: ViewContext) -> Int {
    if let slot = slots[index], slot.revision == items[index].revision, slot.width == context.width,
      !items[index].isTicking, slot.group == Self.group(index, items)
    {
      return slot.height
    }
    return lines(index, &items, context).count
  }

  private mutating func build(
    _ index: Int, _ items: inout [TranscriptItem], _ context: ViewContext, _ stable: inout Int
  ) -> [Line] {
    if QuietGroup.isAbsorbed(index, items) { return [] }
    let gap = Self.needsGap(before: index, items) ? 1 : 0
    if case .agent = items[index].content, !items[index].isFinal {
      return streaming(index, &items, context, gap: gap, &stable)
    }
    let empty = Array(repeating: Line.empty, count: gap)
    let members = QuietGroup.members(endingAt: index, items)
    if members.count > 1 { return empty + QuietGroupView.lines(items[members], context) }
    return empty + ItemView.lines(items[index], context)
  }

  /// What the lines of an item depend on besides itself: those that it tells of, or that another one tells of it.
  private static func group(_ index: Int, _ items: [TranscriptItem]) -> Int {
    if !items[index].isGrouped { return 0 }
    if QuietGroup.isAbsorbed(index, items) { return -1 }
    let members = QuietGroup.members(endingAt: index, items)
    return members.reduce(members.count) { $0 + items[$1].revision * (QuietGroup.most + 1) }
  }

  /// A streaming message: only the lines behind the stable ones are made anew.
  private mutating func streaming(
    _ index: Int, _ items: inout [TranscriptItem], _ context: ViewContext, gap: Int, _ stable: inout Int
  ) -> [Line] {
    let body = items[index].layoutMarkdown(width: context.textWidth)
    stable = body.stable
    if let slot = slots[index], slot.width == context.width, let old = slot.lines, slot.stable > 1,
      slot.stable <= body.lines.count, old.count >= gap + slot.stable
    {
      let fresh = body.lines[slot.stable...].map { $0.prefixed(by: [.blank(context.indent)]) }
      return old.prefix(gap + slot.stable) + fresh
    }
    return Array(repeating: Line.empty, count: gap) + AgentMessageView.lines(markdown: body.lines, context)
  }

  /// Quiet one-line entries of the same kind stand together; everything else gets air.
  private static func needsGap(before index: Int, _ items: [TranscriptItem]) -> Bool {
    let first = QuietGroup.members(endingAt: index, items).lowerBound
    guard first > 0 else { return false }
    return !(items[first].isQuiet && items[first - 1].isQuiet)
  }

  /// Forgets the lines of what was not looked at for longest.
  private mutating func trim() {
    let kept = slots.values.compactMap { $0.lines == nil ? nil : $0.used }.sorted(by: >)
    let limit = kept.indices.contains(Self.maxSlotsWithLines / 2) ? kept[Self.maxSlotsWithLines / 2] : 0
    for (index, slot) in slots where slot.used < limit && slot.lines != nil {
      slots[index]?.lines = nil
      withLines -= 1
    }
  }

  /// Forgets an item whose text was replaced.
  mutating func forget(_ index: Int) {
    if slots.removeValue(forKey: index)?.lines != nil { withLines -= 1 }
  }

  /// An item was taken away: those after it have moved.
  mutating func remove(_ index: Int) {
    slots = [:]
    withLines = 0
    guard case .anchor(let item, let line) = position, item >= index else { return }
    position = .anchor(item: max(0, item - 1), line: item == index ? 0 : line)
  }

  mutating func dropFirst(_ count: Int) {
    slots = [:]
    withLines = 0
    if case .anchor(let item, let line) = position {
      position = .anchor(item: max(0, item - count), line: line)
    }
  }

  /// Items were put before the first: what is on the screen stays where it is.
  mutating func insertFirst(_ count: Int, _ items: [TranscriptItem]) {
    // Nothing stood before it: now a blank line may.
    forget(0)
    slots = Dictionary(uniqueKeysWithValues: slots.map { ($0.key + count, $0.value) })
    guard case .anchor(let item, let line) = position else { return }
    let gap = item == 0 && items.indices.contains(count) && Self.needsGap(before: count, items) ? 1 : 0
    position = .anchor(item: item + count, line: line + gap)
  }

  // MARK: Visible rows

  /// One visible row: a line of an item.
  struct Row: Sendable {
    var item: Int
    var line: Line
    /// The first row of the item (its blank line not counted).
    var isHead: Bool
  }

  /// The rows of a window, top to bottom; fewer than `height` only if there is no more.
  mutating func rows(height: Int, _ items: inout [TranscriptItem], _ context: ViewContext) -> [Row] {
    guard height > 0, !items.isEmpty else { return [] }
    var (index, offset) = top(height: height, &items, context)
    var rows: [Row] = []
    while rows.count < height, index < items.count {
      let gap = Self.needsGap(before: index, items) ? 1 : 0
      let lines = lines(index, &items, context)
      for number in min(offset, lines.count)..<lines.count where rows.count < height {
        rows.append(Row(item: index, line: lines[number], isHead: number == gap))
      }
      offset = 0
      index += 1
    }
    if rows.count < height, position != .tail {
      // Scrolled or resized past the end: the end is what to show.
      position = .tail
      return self.rows(height: height, &items, context)
    }
    return rows
  }

  /// The first visible item and line.
  private mutating func top(
    height: Int, _ items: inout [TranscriptItem], _ context: ViewContext
  ) -> (item: Int, line: Int) {
    if case .anchor(let item, let line) = position, item < items.count { return (item, line) }
    return backwards(from: items.count - 1, rows: height, &items, context)
  }

  /// The place so that `rows` rows end with the end of an item.
  private mutating func backwards(
    from last: Int, rows: Int, _ items: inout [TranscriptItem], _ context: ViewContext
  ) -> (item: Int, line: Int) {
    var left = rows
    var index = last
    while index >= 0 {
      let height = height(index, &items, context)
      if height >= left { return (index, height - left) }
      left -= height
      index -= 1
    }
    return (0, 0)
  }

  // MARK: Scrolling

  /// Moves the window by lines; positive is towards the end.
  mutating func scroll(by lines: Int, height: Int, _ items: inout [TranscriptItem], _ context: ViewContext) {
    guard !items.isEmpty, height > 0 else { return }
    var (index, line) = top(height: height, &items, context)
    line += lines
    while line < 0, index > 0 {
      index -= 1
      line += self.height(index, &items, context)
    }
    line = max(0, line)
    while index < items.count, line >= self.height(index, &items, context) {
      line -= self.height(index, &items, context)
      index += 1
    }
    let end = backwards(from: items.count - 1, rows: height, &items, context)
    if index > end.item || (index == end.item && line >= end.line) {
      position = .tail
    } else {
      position = .anchor(item: index, line: line)
    }
  }

  mutating func scrollToTop() { position = .anchor(item: 0, line: 0) }

  /// Moves the window as little as needed so that an item's head is visible, its end too if it fits.
  mutating func reveal(_ target: Int, height: Int, _ items: inout [TranscriptItem], _ context: ViewContext) {
    guard items.indices.contains(target), height > 0 else { return }
    let (index, line) = top(height: height, &items, context)
    if target < index || (target == index && line > 0) {
      position = .anchor(item: target, line: 0)
      return
    }
    var used = -line
    for item in index...target {
      used += self.height(item, &items, context)
      if item < target, used >= height * 2 { break }
    }
    guard used > height else { return }
    if self.height(target, &items, context) >= height {
      position = .anchor(item: target, line: 0)
    } else {
      let start = backwards(from: target, rows: height, &items, context)
      position = .anchor(item: start.item, line: start.line)
    }
  }
}
