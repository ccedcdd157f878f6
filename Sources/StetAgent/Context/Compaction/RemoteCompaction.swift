import StetJSON

/// Compaction by the provider (agent-core.md §3): the request that ends with a trigger is answered with one item that
/// only the same provider and model can read.
enum RemoteCompaction {
  static let itemType = "compaction"
  static let trigger: JSONValue = ["type": "compaction_trigger"]
  static let header = (name: "x-codex-beta-features", value: "remote_compaction_v2")

  /// The item of an answer, or what is wrong with the answer.
  static func item(_ items: [JSONValue]) -> Result<JSONValue, TurnFailure> {
    let made = items.filter { $0["type"]?.stringValue == itemType }
    guard made.count == 1, let item = made.first else {
      return .failure(
        TurnFailure("The provider answered with \(made.count) compaction items in place of one."))
    }
    guard item["encrypted_content"]?.stringValue?.isEmpty == false else {
      return .failure(TurnFailure("The provider's compaction item is empty."))
    }
    return .success(item)
  }
}
