import StetJSON

/// What an event is about: what matchers look at, and what the programs are told beside what they are told always.
struct HookCall: Sendable {
  /// The name of the tool (or the source, or the trigger) and the other names that matchers may know it by.
  var names: [String] = []
  /// What a pattern of Claude Code's `if` is held against: a command, or a file.
  var subjects: [String] = []
  /// Members of the input.
  var fields = JSONObject()
  /// Takes the place of `fields` for matchers that know the tool by another name only: one run for each.
  var alternatives: [JSONObject] = []
  /// Tells runs of one event apart.
  var tag = ""

  /// The inputs that a hook is run with; none when it is not for this call.
  func inputs(for handler: HookHandler) -> [JSONObject] {
    guard HookMatcher.matches(handler.matcher, names),
      HookMatcher.holds(handler.condition, names, subjects: subjects)
    else { return [] }
    if alternatives.isEmpty || HookMatcher.matches(handler.matcher, Array(names.prefix(1))) {
      return [fields]
    }
    return alternatives
  }
}
