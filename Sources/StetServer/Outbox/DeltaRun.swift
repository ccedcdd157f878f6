import StetJSON

/// Text deltas of one part of an item that came one after the other: the text once, and where each of them ended.
struct DeltaRun: Sendable {
  private struct Mark {
    let seq: Int
    /// UTF-8 bytes of the text up to the end of this delta.
    let end: Int
  }

  let key: TextDelta.Key
  let params: JSONObject
  private var text: String
  private var marks: [Mark]

  init(_ delta: TextDelta, seq: Int) {
    key = delta.key
    params = delta.params
    text = delta.text
    marks = [Mark(seq: seq, end: text.utf8.count)]
  }

  var lastSeq: Int { marks[marks.count - 1].seq }

  /// About how many bytes it holds.
  var bytes: Int { text.utf8.count + marks.count * MemoryLayout<Mark>.stride + 256 }

  mutating func append(_ delta: TextDelta, seq: Int) {
    text += delta.text
    marks.append(Mark(seq: seq, end: text.utf8.count))
  }

  /// The params of one delta that carries all text after a number, and the number of its first piece; nil when there
  /// is none.
  func params(after seq: Int) -> (params: JSONValue, from: Int)? {
    let first = marks.partitioningIndex { $0.seq > seq }
    guard first < marks.count else { return nil }
    let start = first == 0 ? 0 : marks[first - 1].end
    let rest = text.utf8.dropFirst(start)
    var params = params
    params["delta"] = .string(String(Substring(rest)))
    return (.object(params), marks[first].seq)
  }
}

extension Array {
  /// The first index whose element fulfils the condition, where all after it do too.
  fileprivate func partitioningIndex(where belongsAfter: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if belongsAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
