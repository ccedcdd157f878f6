import StetProtocol
import StetStore

/// What of a thread's records can be searched: messages, commands and paths.
extension LogProjection {
  static let threadItems = LogProjection(
    types: [ThreadRecord.item, ThreadRecord.turnStarted, ThreadRecord.revert, ThreadRecord.settings]
  ) { record in
    do {
      if record.type == ThreadRecord.settings {
        guard let cwd = record.payload["cwd"]?.stringValue else { return [] }
        return [
          .settings(
            cwd: cwd, model: record.payload["model"]?.stringValue,
            modelProvider: record.payload["modelProvider"]?.stringValue ?? "")
        ]
      }
      if record.type == ThreadRecord.turnStarted {
        return [.begin(turnId: try record.payload.decode(ThreadRecord.TurnStarted.self).turnId)]
      }
      if record.type == ThreadRecord.revert {
        return [.cut(turnId: try record.payload.decode(ThreadRecord.Revert.self).turnId)]
      }
      let stored = try RecordBlobs.bare(record.payload).decode(ThreadRecord.Item.self)
      guard let text = stored.item.searchText, !text.isEmpty else { return [] }
      return [
        .add(
          SearchDocument(
            turnId: stored.turnId, itemId: stored.item.id, kind: stored.item.type, text: text,
            timeMs: stored.completedAtMs))
      ]
    } catch {
      return []  // a record of a newer version: what can't be read can't be found
    }
  }
}

extension ThreadItem {
  /// The words by which a user looks for the item; nil for kinds without any. Output of commands and contents of
  /// files are left out: they are most of a log and none of what was said.
  var searchText: String? {
    switch self {
    case .userMessage(let item): item.content.compactMap(\.searchText).joined(separator: "\n")
    case .agentMessage(let item): item.text
    case .plan(let item): item.text
    case .commandExecution(let item): item.command
    case .fileChange(let item): item.changes.flatMap(\.paths).joined(separator: "\n")
    case .mcpToolCall(let item): "\(item.server) \(item.tool)"
    case .dynamicToolCall(let item): item.tool
    case .webSearch(let item): item.query
    case .imageView(let item): item.path
    default: nil
    }
  }
}

extension FileUpdateChange {
  fileprivate var paths: [String] {
    if case .update(let target?) = kind { [path, target] } else { [path] }
  }
}

extension UserInput {
  fileprivate var searchText: String? {
    switch self {
    case .text(let text): text.text
    case .localImage(let path, _): path
    case .mention(_, let path): path
    case .skill(let name, _): name
    default: nil
    }
  }
}
