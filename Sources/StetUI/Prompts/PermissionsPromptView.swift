import StetText

/// A wish of the agent to reach more than its sandbox allows.
enum PermissionsPromptView {
  static func content(_ prompt: PermissionsPrompt, _ state: AppState, width: Int) -> (
    title: Line, body: [Line]
  ) {
    var body = prompt.wishes.flatMap { PromptView.fact("· ", $0, width: width) }
    body += PromptView.fact(
      "in ", Words.path(prompt.directory, directory: "", home: state.environment.home), width: width)
    if let reason = prompt.reason, !reason.isEmpty { body += PromptView.fact("why: ", reason, width: width) }
    return (Line("Allow more than the sandbox does?", Look.promptTitle), body)
  }
}
