/// Runs the program of a pattern: a list of places in it that advance together, the preferred ones first.
struct PatternMachine {
  let program: [BoundedPattern.Instruction]
  let ignoresCase: Bool
  private var current: [Thread] = []
  private var following: [Thread] = []
  /// At which step an instruction was last entered.
  private var entered: [Int]
  private var step = 0
  private var stack: [Int] = []

  private struct Thread {
    let instruction: Int
    let start: Int
  }

  init(program: [BoundedPattern.Instruction], ignoresCase: Bool) {
    self.program = program
    self.ignoresCase = ignoresCase
    entered = [Int](repeating: 0, count: program.count)
  }

  /// The leftmost match that is not empty.
  mutating func first(in text: [UInt32], from start: Int, _ budget: inout SearchBudget) -> Range<Int>? {
    var match: Range<Int>?
    current.removeAll(keepingCapacity: true)
    step += 1
    var position = start
    while true {
      if match == nil { add(0, position, at: position, text, to: \.current) }
      if current.isEmpty, match != nil { return match }
      step += 1
      budget.spend(current.count + 1)
      if budget.isSpent { return match }
      advance(text, position, &match)
      swap(&current, &following)
      following.removeAll(keepingCapacity: true)
      guard position < text.count else { return match }
      position += 1
    }
  }

  /// Whether there is a match anywhere, an empty one included.
  mutating func fits(_ text: [UInt32], _ budget: inout SearchBudget) -> Bool {
    current.removeAll(keepingCapacity: true)
    step += 1
    var none: Range<Int>?
    for position in 0...text.count {
      add(0, position, at: position, text, to: \.current)
      budget.spend(current.count + 1)
      if budget.isSpent { return false }
      for thread in current { if case .match = program[thread.instruction] { return true } }
      step += 1
      advance(text, position, &none)
      swap(&current, &following)
      following.removeAll(keepingCapacity: true)
    }
    return false
  }

  /// Moves every thread over the scalar at `position`; a match ends the threads behind it.
  private mutating func advance(_ text: [UInt32], _ position: Int, _ match: inout Range<Int>?) {
    for thread in current {
      switch program[thread.instruction] {
      case .match:
        guard thread.start < position else { continue }
        match = thread.start..<position
        return
      case .scalar(let value):
        guard position < text.count, text[position] == value else { continue }
      case .set(let set):
        guard position < text.count, set.contains(text[position], ignoresCase: ignoresCase) else { continue }
      default: continue
      }
      add(thread.instruction + 1, thread.start, at: position + 1, text, to: \.following)
    }
  }

  /// Enters an instruction, and what can be reached from it without a scalar.
  private mutating func add(
    _ instruction: Int, _ start: Int, at position: Int, _ text: [UInt32],
    to list: WritableKeyPath<PatternMachine, [Thread]>
  ) {
    stack.append(instruction)
    while let next = stack.popLast() {
      guard entered[next] != step else { continue }
      entered[next] = step
      switch program[next] {
      case .jump(let target): stack.append(target)
      case .split(let preferred, let other):
        stack.append(other)
        stack.append(preferred)
      case .place(let place):
        if Self.holds(place, at: position, text) { stack.append(next + 1) }
      default: self[keyPath: list].append(Thread(instruction: next, start: start))
      }
    }
  }

  private static func holds(_ place: PatternPlace, at position: Int, _ text: [UInt32]) -> Bool {
    switch place {
    case .lineStart: return position == 0 || text[position - 1] == 10
    case .lineEnd: return position == text.count || text[position] == 10
    case .wordEdge: return isEdge(position, text)
    case .noWordEdge: return !isEdge(position, text)
    }
  }

  private static func isEdge(_ position: Int, _ text: [UInt32]) -> Bool {
    func isWord(_ index: Int) -> Bool {
      text.indices.contains(index) && PatternParser.word.contains(text[index], ignoresCase: false)
    }
    return isWord(position - 1) != isWord(position)
  }
}
