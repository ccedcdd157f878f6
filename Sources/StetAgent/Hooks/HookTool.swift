import StetJSON

/// A call in the words of Claude Code and Codex: hooks that were written for them know `Bash`, `Edit`, `tool_input`.
struct HookTool {
  let call: ToolCall
  let cwd: String
  /// The tool that the model called to reach this one, if it did; matchers may say that too.
  var way: String?

  /// The name that hooks see, then those that their matchers may say instead.
  private var names: [String] {
    switch call.name {
    case "exec_command": ["Bash"]
    case "apply_patch": ["apply_patch", "Edit", "Write", "MultiEdit"]
    case "edit": ["Edit"]
    case "write": ["Write"]
    case "read_file": ["Read"]
    case "search": ["Grep"]
    case "list_dir": ["LS"]
    case "view_image": ["view_image", "Read"]
    case "update_plan": ["update_plan", "TodoWrite"]
    case "web_search": ["WebSearch"]
    case "request_user_input": ["request_user_input", "AskUserQuestion"]
    default: [call.name]
    }
  }

  /// The call as hooks are told of it.
  var hookCall: HookCall {
    var made = HookCall(names: names + [way].compactMap { $0 }, tag: call.itemId)
    made.fields = fields(names[0], input)
    let command = input["command"]?.stringValue
    let patched = patch.map(Self.files) ?? []
    if !patched.isEmpty {
      made.names += ["Edit", "Write", "MultiEdit"].filter { !made.names.contains($0) }
      // A guard of single files sees each of them.
      made.alternatives = patched.map { path in
        fields("Edit", ["file_path": .string(absolute(path)), "command": .string(command ?? "")])
      }
    }
    let file = input["file_path"]?.stringValue
    made.subjects = [file].compactMap { $0 } + (command.map(Self.commands) ?? [])
    if patch != nil { made.subjects += patched.map(absolute) }
    return made
  }

  /// The same call with what a hook wants in place of the arguments.
  func changed(_ new: JSONObject) -> ToolCall {
    if case .text = call.input {
      return replaced(.text(new["command"]?.stringValue ?? new["input"]?.stringValue ?? ""))
    }
    var arguments = call.arguments.objectValue ?? JSONObject()
    for (name, value) in new {
      switch (call.name, name) {
      case ("exec_command", "command"): arguments["cmd"] = value
      case ("exec_command", "description"), ("exec_command", "timeout"): break
      case ("apply_patch", "command"): arguments["input"] = value
      case ("edit", "file_path"), ("write", "file_path"), ("read_file", "file_path"),
        ("view_image", "file_path"):
        arguments["path"] = value
      default: arguments[name] = value
      }
    }
    return replaced(.json(.object(arguments)))
  }

  /// The files that an edit is about, absolute.
  var editedFiles: [String] {
    switch call.name {
    case "edit", "write": [input["file_path"]?.stringValue].compactMap { $0 }
    case "apply_patch": (patch.map(Self.files) ?? []).map(absolute)
    default: []
    }
  }

  // MARK: - Parts

  private func replaced(_ input: ToolCall.Input) -> ToolCall {
    ToolCall(callId: call.callId, itemId: call.itemId, name: call.name, input: input)
  }

  private func fields(_ name: String, _ input: JSONObject) -> JSONObject {
    ["tool_name": .string(name), "tool_input": .object(input), "tool_use_id": .string(call.callId)]
  }

  private var input: JSONObject {
    if case .text(let text) = call.input { return ["command": .string(text)] }
    var input = call.arguments.objectValue ?? ["value": call.arguments]
    switch call.name {
    case "exec_command":
      input["command"] = input["cmd"] ?? ""
      input["cmd"] = nil
      if let why = input["justification"]?.stringValue { input["description"] = .string(why) }
    case "apply_patch":
      input = ["command": input["input"] ?? ""]
    case "edit", "write", "read_file", "view_image":
      if let path = input["path"]?.stringValue { input["file_path"] = .string(absolute(path)) }
      input["path"] = nil
    case "search", "list_dir":
      input["path"] = .string(absolute(input["path"]?.stringValue ?? "."))
    default: break
    }
    return input
  }

  /// A patch, or a command that is nothing but one.
  private var patch: String? {
    switch call.name {
    case "apply_patch": return input["command"]?.stringValue
    case "exec_command":
      let disguised = input["command"]?.stringValue.flatMap(ApplyPatchTool.disguisedPatch)
      return disguised.map { String(decoding: $0.text, as: UTF8.self) }
    default: return nil
    }
  }

  private func absolute(_ path: String) -> String {
    PathText.normalized(PathText.join(cwd, path))
  }

  /// Files that a patch names, each once.
  private static func files(_ patch: String) -> [String] {
    let marks = ["*** Add File: ", "*** Update File: ", "*** Delete File: ", "*** Move to: "]
    var found: [String] = []
    for line in patch.split(whereSeparator: \.isNewline) {
      let line = line.drop(while: \.isWhitespace)
      guard let mark = marks.first(where: { line.hasPrefix($0) }) else { continue }
      var path = line.dropFirst(mark.count)
      while path.last?.isWhitespace ?? false { path = path.dropLast() }
      if !path.isEmpty, !found.contains(String(path)) { found.append(String(path)) }
    }
    return found
  }

  /// A line of the shell, and each of the commands in it.
  private static func commands(_ line: String) -> [String] {
    let parts = line.split { ";&|\n".contains($0) }.map { part in
      var part = part.drop(while: \.isWhitespace)
      while part.last?.isWhitespace ?? false { part = part.dropLast() }
      return String(part)
    }
    return [line] + parts.filter { !$0.isEmpty && $0 != line }
  }
}
