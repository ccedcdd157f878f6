/// What the rows of the history index stand for.
enum HistoryKind {
  // Marks.
  static let meta = 1
  static let settings = 2
  static let tools = 3
  static let facts = 4
  static let usage = 5
  /// The prompt begins anew here: nothing before it is sent any more.
  static let restart = 6
  static let turn = 7
  static let turnEnd = 8
  static let queue = 9
  static let goal = 10

  // Items.
  static let other = 0
  static let userMessage = 1
  static let agentMessage = 2
  /// Added to the kind of an item that had only begun.
  static let started = 16
}
