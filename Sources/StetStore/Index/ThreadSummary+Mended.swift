import StetJSON

extension ThreadSummary {
  /// The summary of a thread whose own records of it are lost to damage, from what is left of its log: a damaged line
  /// must not hide a thread. Nil for a log that is whole (one that is still being imported has none), and where not
  /// even a directory is left.
  ///
  /// Reads all of the log and blocks.
  ///
  /// - Parameters:
  ///   - path: where the log lies or, compressed, lay.
  ///   - source: the file to read; nil for the one at `path`.
  public static func mended(
    path: String, source: String? = nil, _ projection: LogProjection
  ) throws(StoreError) -> ThreadSummary? {
    guard let id = ThreadFiles.threadId(of: path) else { return nil }
    var remains = Remains()
    let types = projection.types.union([recordType])
    let faults = try ThreadLog.readTail(path: source ?? path, from: 0, types: types) { record in
      remains.firstMs = remains.firstMs ?? record.timestampMs
      remains.lastMs = record.timestampMs
      if record.type == recordType { applying(record.payload, to: &remains.members) }
      guard projection.types.contains(record.type) else { return }
      for change in projection.changes(record) { remains.take(change) }
    }.faults
    guard !faults.isEmpty else { return nil }
    do {
      return try remains.summary(id, path)
    } catch {
      return nil
    }
  }

  private struct Remains {
    var members = JSONObject()
    var firstMs: Int64?
    var lastMs: Int64 = 0
    private var place: (cwd: String, model: String?, provider: String)?
    private var turns: [String] = []
    private var preview = ""

    mutating func take(_ change: LogProjection.Change) {
      switch change {
      case .begin(let turn): turns.append(turn)
      case .cut(let turn): turns.removeSubrange((turns.firstIndex(of: turn) ?? 0)...)
      case .settings(let cwd, let model, let provider): place = (cwd, model, provider)
      case .add(let document):
        if preview.isEmpty, document.kind == "userMessage" { preview = document.text }
      }
    }

    /// What is still written of the summary counts more than what is inferred.
    func summary(_ id: String, _ path: String) throws -> ThreadSummary? {
      guard let cwd = place?.cwd ?? members["cwd"]?.stringValue else { return nil }
      var summary = ThreadSummary(
        id: id, path: path, cwd: cwd, modelProvider: place?.provider ?? "", createdAtMs: firstMs ?? 0)
      summary.model = place?.model
      summary.turns = turns.count
      summary.preview = preview
      summary.updatedAtMs = max(lastMs, summary.createdAtMs)
      summary.recencyAtMs = summary.updatedAtMs
      var whole = try ThreadSummary.members(summary)
      for (key, value) in members { whole[key] = value }
      return try ThreadSummary.decode(whole, path: path)
    }
  }
}
