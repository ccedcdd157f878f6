import StetText

/// The styles that views use, each made once: a scope literal looks its name up under a lock.
enum Look {
  static let text = Style("text")
  static let dim = Style("text.dim")
  static let strong = Style("text.strong")
  static let error = Style("text.error")
  static let warning = Style("text.warning")
  static let success = Style("text.success")
  static let link = Style("text.link")
  static let rule = Style("rule")
  static let code = Style("code")

  static let header = Style("header")
  static let headerDim = Style("header.dim")
  static let status = Style("status")
  static let statusKey = Style("status.key")
  static let statusWarning = Style("status.warning")
  static let spinner = Style("spinner")

  static let userPrefix = Style("user.prefix")
  static let userText = Style("user.text")
  static let agentBullet = Style("agent.bullet")
  static let reasoning = Style("reasoning")
  static let toolTitle = Style("tool.title")
  static let toolRunning = Style("tool.running")
  static let toolOk = Style("tool.ok")
  static let toolFailed = Style("tool.failed")
  static let toolOutput = Style("tool.output")

  static let plus = Style("diff.plus")
  static let minus = Style("diff.minus")
  static let context = Style("diff.context")
  static let plusEmphasis = Style("diff.plus.emphasis")
  static let minusEmphasis = Style("diff.minus.emphasis")
  static let hunk = Style("diff.hunk")
  static let number = Style("diff.number")

  static let accepted = Style("verdict.accepted")
  static let rejected = Style("verdict.rejected")
  static let undecided = Style("verdict.undecided")
  static let edited = Style("verdict.edited")

  static let promptTitle = Style("approval.title")
  static let promptKey = Style("approval.key")
  static let promptText = Style("approval.text")
  static let promptBorder = Style("approval.border")

  static let composerPrompt = Style("composer.prompt")
  static let composerText = Style("composer.text")
  /// Reversed, so that it is seen without colours, too.
  static let composerSelected = composerText.adding(.reverse)
  static let placeholder = Style("composer.placeholder")
  static let token = Style("composer.token")

  static let selection: Scope = "selection"
  static let popup = Style("popup")
  static let popupSelected = Style("popup.selected")
  static let popupMatch = Style("popup.match")

  static let planDone = Style("plan.done")
  static let planDoing = Style("plan.doing")
  static let planTodo = Style("plan.todo")
}
