/// Where the index of a log stands: what lies before `nextOffset` is in its rows.
public struct HistoryState: Hashable, Sendable {
  public var nextOffset: Int64
  public var nextOrdinal: Int
  /// The last line that was read, and its checksum: a log that has another one there is another log.
  public var lastOffset: Int64
  public var lastSum: String
  /// The members of the thread's summary as JSON text.
  public var summary: String

  public static let empty = HistoryState(
    nextOffset: 0, nextOrdinal: 0, lastOffset: 0, lastSum: "", summary: "{}")

  public init(nextOffset: Int64, nextOrdinal: Int, lastOffset: Int64, lastSum: String, summary: String) {
    self.nextOffset = nextOffset
    self.nextOrdinal = nextOrdinal
    self.lastOffset = lastOffset
    self.lastSum = lastSum
    self.summary = summary
  }
}

/// From `at` on, a log continues the history of `base` up to `end`: a fork (`at` is 0) or a revert.
public struct HistoryCut: Hashable, Sendable {
  public var at: Int64
  public var base: String
  public var end: Int64

  public init(at: Int64, base: String, end: Int64) {
    self.at = at
    self.base = base
    self.end = end
  }
}

/// A record that is looked up by its kind or key. What kinds there are is the caller's affair.
public struct HistoryMark: Hashable, Sendable {
  public var kind: Int
  public var offset: Int64
  public var length: Int
  /// `HistoryKey` of what names the record among its kind; 0 for none.
  public var key: Int64

  public init(kind: Int, offset: Int64, length: Int, key: Int64 = 0) {
    self.kind = kind
    self.offset = offset
    self.length = length
    self.key = key
  }
}

/// A record that belongs to a turn.
public struct HistoryItem: Hashable, Sendable {
  public var turn: Int64
  public var offset: Int64
  public var length: Int
  public var key: Int64
  public var kind: Int
  /// Its place in the turn.
  public var position: Int

  public init(turn: Int64, offset: Int64, length: Int, key: Int64, kind: Int, position: Int) {
    self.turn = turn
    self.offset = offset
    self.length = length
    self.key = key
    self.kind = kind
    self.position = position
  }
}

/// What one stretch of a log adds.
public struct HistoryRows: Sendable {
  public var cuts: [HistoryCut] = []
  public var marks: [HistoryMark] = []
  public var items: [HistoryItem] = []
  /// What was wrong in it.
  public var faults: [LogFault] = []

  public init() {}

  public var count: Int { cuts.count + marks.count + items.count + faults.count }
}
