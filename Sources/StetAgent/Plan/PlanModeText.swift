import StetProtocol

/// What the model is told of its collaboration mode; constant (P12).
enum PlanModeText {
  /// Nil in the default mode without instructions of the client: then nothing is said until the mode changes.
  static func text(_ settings: TurnSettings) -> String? {
    settings.modeInstructions ?? (settings.mode == .plan ? plan : nil)
  }

  static func block(_ text: String?) -> String {
    "<collaboration_mode>\n\(text ?? standard)\n</collaboration_mode>"
  }

  private static let plan = """
    Plan mode: you and the user work out a plan; you change nothing. No edits, no commands that write. Look around \
    first: read, search, run what only looks. Ask with request_user_input only what decides the plan and can't be \
    found out.
    When the plan is complete, write it once, in Markdown, between \(PlanSplitter.opening) and \
    \(PlanSplitter.closing), each tag on a line of its own: the goal, the steps with their files, how to check them, \
    what is uncertain. Text outside the tags is conversation. Do not ask whether to begin: the user leaves Plan mode \
    for that.
    """

  private static let standard = """
    Default mode: Plan mode is over. Do the work; request_user_input is not available.
    """
}
