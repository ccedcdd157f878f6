import FoundationEssentials
import StetJSON
import StetProtocol
import StetWorkspace

/// A review as the log keeps it, so that leaving never decides anything: `{id, turnId, itemId, createdAtMs, state,
/// files}`; of a turn `calls` and `reasons` instead of files. `state` is `proposed`, `applied` (of the whole turn, whose contents the snapshots hold) or `done`.
enum ReviewRecord {
  /// Bytes of both sides that a record holds; a larger proposal ends with its program.
  static let limit = 32 << 20

  /// Hunks whose call is kept; nobody reads the reasons of more.
  static let maxCalls = 2_000

  static func opened(_ review: OpenReviews.Open) -> JSONValue? {
    var record: JSONObject = [
      "id": .string(review.id), "turnId": .string(review.turnId), "itemId": .string(review.itemId),
      "createdAtMs": .int(review.createdAtMs),
    ]
    switch review.kind {
    case .look, .picture: return nil
    case .turn:
      record["state"] = "applied"
      addReasons(of: review, to: &record)
    case .asked, .proposal:
      guard review.size <= limit else { return nil }
      record["state"] = "proposed"
      record["files"] = .array(review.proposals.files.map(file))
    }
    return .object(record)
  }

  static func done(_ id: String) -> JSONValue { ["id": .string(id), "state": "done"] }

  /// Which call made each hunk, and why: what the snapshots can't tell.
  private static func addReasons(of review: OpenReviews.Open, to record: inout JSONObject) {
    var (calls, reasons): (JSONObject, JSONObject) = ([:], [:])
    for (hunk, call) in review.callIds.sorted(by: { $0.key < $1.key }).prefix(maxCalls) {
      calls[hunk] = .string(call)
      if let note = review.notes[hunk] { reasons[call] = .string(note) }
    }
    if !calls.isEmpty { record["calls"] = .object(calls) }
    if !reasons.isEmpty { record["reasons"] = .object(reasons) }
  }

  /// Gives the hunks of a turn their calls and reasons back; of hunks that are no more nothing is taken.
  static func restoreReasons(_ record: JSONValue, to review: inout OpenReviews.Open) {
    for hunk in review.proposals.files.flatMap({ $0.hunks() }) {
      guard let call = record["calls"]?[hunk.id]?.stringValue else { continue }
      review.callIds[hunk.id] = call
      review.notes[hunk.id] = record["reasons"]?[call]?.stringValue
    }
  }

  /// The proposal of a record; nil for a record that is damaged.
  static func proposal(_ record: JSONValue) throws -> OpenReviews.Open? {
    guard let id = record["id"]?.stringValue, let turn = record["turnId"]?.stringValue,
      let item = record["itemId"]?.stringValue, let files = record["files"]?.arrayValue
    else { return nil }
    let proposals = try files.compactMap { file in
      try change(file).map { try Proposal($0, note: file["note"]?.stringValue) }
    }
    guard proposals.count == files.count else { return nil }
    return OpenReviews.Open(
      id: id, turnId: turn, itemId: item, createdAtMs: record["createdAtMs"]?.intValue.map(Int64.init) ?? 0,
      proposals: ProposalSet(files: proposals), kind: .proposal)
  }

  // MARK: - Files

  private static func file(_ proposal: Proposal) -> JSONValue {
    let (change, note) = (proposal.change, proposal.note)
    var file: JSONObject = [
      "path": .string(change.path), "spelled": .string(change.spelled), "base": state(change.base),
      "proposed": state(change.proposed),
    ]
    if let path = change.movePath { file["movePath"] = .string(path) }
    if let note { file["note"] = .string(note) }
    return .object(file)
  }

  private static func change(_ file: JSONValue) -> FileChange? {
    guard let path = file["path"]?.stringValue, let base = state(file["base"]),
      let proposed = state(file["proposed"])
    else { return nil }
    return FileChange(
      path: path, movePath: file["movePath"]?.stringValue, base: base, proposed: proposed,
      spelled: file["spelled"]?.stringValue)
  }

  private static func state(_ state: FileState) -> JSONValue {
    [
      "kind": .string(state.kind.rawValue), "mode": .int(Int64(state.mode)),
      "data": .string(Data(state.bytes).base64EncodedString()),
    ]
  }

  private static func state(_ value: JSONValue?) -> FileState? {
    guard let value, let text = value["data"]?.stringValue, let data = Data(base64Encoded: text),
      let mode = value["mode"]?.intValue.flatMap({ UInt16(exactly: $0) })
    else { return nil }
    switch value["kind"]?.stringValue {
    case "absent": return .absent
    case "regular": return .regular([UInt8](data), mode: mode)
    case "symlink": return .symlink(toBytes: [UInt8](data))
    default: return nil
    }
  }
}
