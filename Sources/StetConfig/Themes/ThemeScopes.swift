/// The scopes that views draw with. Every bundled theme gives each of them a look (tui.md U30).
public enum ThemeScopes {
  public static let base: [String] =
    [
      "text", "text.dim", "text.strong", "text.error", "text.warning", "text.success", "text.link", "heading",
      "code", "code.block", "quote", "list.marker", "table.border", "rule", "user.prefix", "user.text",
      "agent.bullet", "reasoning", "tool.title", "tool.running", "tool.ok", "tool.failed", "tool.output",
      "diff.plus", "diff.minus", "diff.context", "diff.plus.emphasis", "diff.minus.emphasis", "diff.hunk",
      "diff.number", "verdict.accepted", "verdict.rejected", "verdict.undecided", "verdict.edited",
      "approval.title", "approval.key", "approval.text", "approval.border", "header", "header.dim", "status",
      "status.key", "status.warning", "composer.prompt", "composer.text", "composer.placeholder",
      "composer.token", "selection", "popup", "popup.selected", "popup.match", "plan.done", "plan.doing",
      "plan.todo", "spinner",
    ] + ThemeFile.colorNames.map { "ansi.\($0)" } + syntax.map { "syntax.\($0)" }

  private static let syntax = [
    "keyword", "string", "comment", "number", "type", "function", "operator", "variable", "constant",
    "attribute",
    "tag", "punctuation",
  ]

  private static let exact = Set(base)

  /// A base scope, one below it, or one above it that gives several their look at once.
  static func isKnown(_ scope: String) -> Bool {
    exact.contains(scope)
      || base.contains { $0 == scope || scope.hasPrefix("\($0).") || $0.hasPrefix("\(scope).") }
  }
}
