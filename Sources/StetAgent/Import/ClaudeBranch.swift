import StetJSON
import StetStore

/// Which lines of a transcript make up the conversation as it stands: Claude Code keeps what was rewound, each line naming
/// the one before it.
struct ClaudeBranch {
  /// Lines of a file that are looked at: far more than a session has.
  static let lineLimit = 2_000_000

  /// Lines beyond the limit, which belong to nothing.
  let beyond: Int
  private var members: Set<String> = []

  /// Reads the file once for its shape.
  init(path: String, lineLimit: Int = Self.lineLimit) throws(StoreError) {
    var parents: [String: String] = [:]
    var last: String?
    var count = 0
    _ = try JSONLinesFile(path: path).read { (line, _) throws(StoreError) in
      count += 1
      guard count <= lineLimit, let id = line["uuid"]?.stringValue, line["isSidechain"]?.boolValue != true
      else { return true }
      parents[id] = line["parentUuid"]?.stringValue ?? line["logicalParentUuid"]?.stringValue ?? ""
      if Self.isSaid(line) { last = id }
      return true
    }
    beyond = max(0, count - lineLimit)
    var next = last
    // A circle ends at the line that was seen.
    while let id = next, parents[id] != nil, members.insert(id).inserted { next = parents[id] }
  }

  /// Whether a line belongs to it. Of several calls at once the outputs hang beside the branch.
  func holds(_ line: JSONValue) -> Bool {
    guard line["isSidechain"]?.boolValue != true, let id = line["uuid"]?.stringValue else { return false }
    if members.contains(id) { return true }
    guard let parent = line["parentUuid"]?.stringValue, members.contains(parent) else { return false }
    return line["message"]?["content"]?.arrayValue?.contains { $0["type"] == "tool_result" } == true
  }

  private static func isSaid(_ line: JSONValue) -> Bool {
    line["type"] == "user" || line["type"] == "assistant"
  }
}
