import StetProtocol

/// The permissions screen: what is allowed, what the project asks for, and what would become of a typed command.
struct PermissionsState: Sendable {
  /// One thing that is allowed or asked for.
  struct Row: Sendable {
    let id: String
    let kind: String
    let text: String
    let decision: String
    let isOutside: Bool
    let scope: String
    let place: String?
    let until: String?
    let isHook: Bool
    /// The user agreed to another text of it.
    let isChanged: Bool

    init?(_ value: JSONValue) {
      guard let id = value["id"]?.stringValue, let text = value["text"]?.stringValue else { return nil }
      self.id = id
      self.text = text
      kind = value["kind"]?.stringValue ?? "rule"
      decision = value["decision"]?.stringValue ?? "allow"
      isOutside = value["outside"]?.boolValue ?? false
      scope = value["scope"]?.stringValue ?? "user"
      place = value["place"]?.stringValue
      until = value["until"]?.stringValue
      isHook = value["source"]?.stringValue == "hook"
      isChanged = value["changed"]?.boolValue ?? false
    }

    /// It waits for the user's word.
    var isAsked: Bool { kind == "asked" }
  }

  var rows: [Row] = []
  var selected = 0
  var isLoading = true
  /// What went wrong with the last request, until the next.
  var problem: String?
  /// What the server said of the walls.
  var walls = ""
  /// The command being typed for a test; nil while none is.
  var field: TextBuffer?
  /// The command that was tested last, and what the server said of it.
  var tested: String?
  var verdict: JSONValue?
  /// The row that a first `d` was pressed on: the second revokes.
  var doomed: String?

  var row: Row? { rows.indices.contains(selected) ? rows[selected] : nil }

  mutating func take(_ answer: StetPermissions) {
    rows = answer.data.compactMap(Row.init)
    walls = answer.sandbox["words"]?.stringValue ?? ""
    selected = min(selected, max(0, rows.count - 1))
    isLoading = false
    problem = nil
    doomed = nil
    if let verdict = answer.verdict { self.verdict = verdict }
  }

  mutating func move(by step: Int) {
    selected = min(max(0, selected + step), max(0, rows.count - 1))
    doomed = nil
  }
}

/// The walls around commands, as the server found them on its machine.
struct SandboxFacts: Hashable, Sendable {
  let isWanted: Bool
  let works: Bool
  /// Protected paths are kept from being written, not only looked at afterwards.
  let isWhole: Bool
  let words: String

  init(_ value: JSONValue) {
    isWanted = value["wanted"]?.boolValue ?? false
    works = value["works"]?.boolValue ?? false
    isWhole = value["whole"]?.boolValue ?? true
    words = value["words"]?.stringValue ?? ""
  }
}
