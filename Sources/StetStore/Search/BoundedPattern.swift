/// A regular expression that can't be made to hang: all its alternatives advance together over the text (Thompson's
/// construction, as in RE2), so the work is at most the size of the program times the length of the text, and a
/// budget bounds that too.
struct BoundedPattern: Sendable {
  /// The largest program: bounds what one scalar of a text may cost.
  static let maximumProgram = 4000

  enum Instruction: Sendable {
    case scalar(UInt32)
    case set(PatternSet)
    case place(PatternPlace)
    case jump(Int)
    /// Tries the first before the second.
    case split(Int, Int)
    case match
  }

  private var program: [Instruction] = []
  private let ignoresCase: Bool
  /// A text that every match holds, folded as the pattern is; empty when none is known.
  let literal: [UInt32]

  init(_ source: String, caseSensitive: Bool) throws(StoreError) {
    ignoresCase = !caseSensitive
    let node = try PatternParser.parse(source)
    literal = Self.literal(of: node).map { value in
      caseSensitive ? value : Unicode.Scalar(value).map(FoldedText.fold) ?? value
    }
    try emit(node)
    program.append(.match)
  }

  /// The places that fit, the first alternative winning, without overlaps and empty ones.
  func matches(in text: [UInt32], limit: Int, _ budget: inout SearchBudget) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    var machine = PatternMachine(program: program, ignoresCase: ignoresCase)
    while start < text.count, found.count < limit, !budget.isSpent,
      let match = machine.first(in: text, from: start, &budget)
    {
      found.append(match)
      start = match.upperBound
    }
    return found
  }

  /// Whether it fits at any place, also at an empty one; false when the budget is spent before.
  func fits(_ text: [UInt32], _ budget: inout SearchBudget) -> Bool {
    var machine = PatternMachine(program: program, ignoresCase: ignoresCase)
    return machine.fits(text, &budget)
  }

  // MARK: - Compiling

  private mutating func emit(_ node: PatternNode) throws(StoreError) {
    guard program.count < Self.maximumProgram else {
      throw StoreError(.invalidQuery, "invalid regular expression: it is too large")
    }
    switch node {
    case .empty: break
    case .scalar(let value):
      program.append(.scalar(ignoresCase ? Unicode.Scalar(value).map(FoldedText.fold) ?? value : value))
    case .set(let set): program.append(.set(set))
    case .place(let place): program.append(.place(place))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .choice(let choices): try emit(choices: choices)
    case .loop(let body, let low, let high, let greedy):
      for _ in 0..<low {
        let before = program.count
        try emit(body)
        // What is empty once is empty a thousand times a thousand times.
        if program.count == before { break }
      }
      if let high {
        try emit(optional: body, count: high - low, greedy)
      } else {
        let split = program.count
        program.append(.match)
        try emit(body)
        program.append(.jump(split))
        program[split] = Self.split(split + 1, program.count, greedy)
      }
    }
  }

  private mutating func emit(optional body: PatternNode, count: Int, _ greedy: Bool) throws(StoreError) {
    var splits: [Int] = []
    for _ in 0..<count {
      splits.append(program.count)
      program.append(.match)
      try emit(body)
    }
    for split in splits { program[split] = Self.split(split + 1, program.count, greedy) }
  }

  private mutating func emit(choices: [PatternNode]) throws(StoreError) {
    var jumps: [Int] = []
    for (index, choice) in choices.enumerated() {
      guard index < choices.count - 1 else {
        try emit(choice)
        break
      }
      let split = program.count
      program.append(.match)
      try emit(choice)
      jumps.append(program.count)
      program.append(.match)
      program[split] = .split(split + 1, program.count)
    }
    for jump in jumps { program[jump] = .jump(program.count) }
  }

  private static func split(_ body: Int, _ after: Int, _ greedy: Bool) -> Instruction {
    greedy ? .split(body, after) : .split(after, body)
  }

  /// The longest run of scalars in a row of the outermost sequence.
  private static func literal(of node: PatternNode) -> [UInt32] {
    switch node {
    case .scalar(let value): return [value]
    case .sequence(let parts):
      var best: [UInt32] = []
      var run: [UInt32] = []
      for part in parts {
        if case .scalar(let value) = part { run.append(value) } else { run = [] }
        if run.count > best.count { best = run }
      }
      return best
    case .loop(let body, let low, _, _) where low > 0: return literal(of: body)
    default: return []
    }
  }
}
