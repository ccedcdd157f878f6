import StetJSON

/// Output of a tool that the client ran and wants kept over compactions (`turn/start.toolOutput.retain`). No call stands
/// before it, so its id is ours and says so.
enum RetainedOutput {
  static let mark = "retained_"

  static func isOne(_ item: JSONValue) -> Bool {
    item["type"]?.stringValue == "function_call_output"
      && item["call_id"]?.stringValue?.hasPrefix(mark) == true
  }
}
