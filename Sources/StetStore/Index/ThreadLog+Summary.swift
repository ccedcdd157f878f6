import StetJSON

extension ThreadLog {
  /// Writes what changed in the summary since `old` (all of it if nil); writes nothing if nothing did.
  /// An index rebuilt from the logs equals one that got each of these summaries.
  public func appendSummary(_ summary: ThreadSummary, since old: ThreadSummary?) throws(StoreError) {
    let changes: JSONValue?
    do {
      changes = try summary.changes(since: old)
    } catch {
      throw StoreError(.failed, "Can't write the summary of thread \(summary.id).", underlying: "\(error)")
    }
    if let changes { try append(type: ThreadSummary.recordType, payload: changes) }
  }

  /// The newest summary in a log, or nil if it has none yet; notices tell of damaged records.
  public static func readSummary(
    path: String
  ) throws(StoreError) -> (summary: ThreadSummary?, notices: [String]) {
    var members = JSONObject()
    var notices = try read(path: path, types: [ThreadSummary.recordType]) { record in
      ThreadSummary.applying(record.payload, to: &members)
    }
    if members.isEmpty { return (nil, notices) }
    do {
      return (try ThreadSummary.decode(members, path: path), notices)
    } catch {
      notices.append("\(path) has no complete summary and is left out of the list (\(error)).")
      return (nil, notices)
    }
  }
}
