import StetText

extension Theme {
  /// The themes that every binary carries, also without its installation.
  public static let bundled: [Theme] = [ember, paper, ansi, mono]

  /// The bundled theme that fits the terminal's background.
  public static func standard(isDark: Bool) -> Theme { isDark ? ember : paper }

  /// The scopes that a theme must give a look, itself or through a scope above (U30).
  public static let baseScopes: [Scope] =
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
    ] + ThemeColor.names.map { Scope("ansi." + $0) }
    + [
      "keyword", "string", "comment", "number", "type", "function", "operator", "variable", "constant",
      "attribute", "tag", "punctuation",
    ].map { Scope("syntax." + $0) }

  /// Colours by role, from which a theme's scopes are made.
  struct Palette {
    var text, dim, strong, ground, raised: String
    var accent, second, red, green, yellow, blue, magenta, cyan: String
    var plusGround, minusGround, plusStrong, minusStrong, chosen: String
  }

  /// - Parameter ansi: the 16 colours for command output; nil leaves them to the terminal.
  init(name: String, isDark: Bool, palette: Palette, ansi: [String]? = nil) {
    var styles: [Scope: ThemeStyle] = [:]
    func color(_ text: String) -> ThemeColor? { text.isEmpty ? nil : ThemeColor(parsing: text) }
    func set(_ scopes: String, _ fore: String, on ground: String = "", _ attributes: Attributes = []) {
      for scope in scopes.split(separator: " ") {
        styles[Scope(String(scope))] = ThemeStyle(color(fore), on: color(ground), attributes)
      }
    }
    let p = palette
    set("text user.text tool.output diff.context approval.text composer.text", p.text, on: p.ground)
    set("text.dim quote tool header.dim diff.number composer.placeholder plan.todo rule table.border", p.dim)
    set("syntax.punctuation syntax.operator syntax.variable", p.text)
    set("text.strong header tool.title", p.strong, .bold)
    set("text.error tool.failed diff.minus verdict.rejected syntax.tag", p.red)
    set("text.warning status.warning verdict.undecided", p.yellow)
    set("text.success tool.ok verdict.accepted plan.done", p.green)
    set("text.link", p.blue, .underline)
    set("heading user.prefix approval.title composer.prompt", p.accent, .bold)
    set("agent.bullet spinner tool.running plan.doing", p.accent)
    set("code list.marker composer.token", p.second)
    set("code.block", p.text, on: p.raised)
    set("reasoning", p.dim, .italic)
    set("diff.plus", p.green, on: p.plusGround)
    set("diff.minus", p.red, on: p.minusGround)
    set("diff.plus.emphasis", p.green, on: p.plusStrong, .bold)
    set("diff.minus.emphasis", p.red, on: p.minusStrong, .bold)
    set("diff.hunk verdict.edited", p.cyan)
    set("approval.border", p.accent)
    set("approval.key status.key popup.match", p.accent, .bold)
    set("status", p.dim)
    set("selection", "", on: p.chosen)
    set("popup", p.text, on: p.raised)
    set("popup.selected", p.strong, on: p.chosen, .bold)
    set("syntax.keyword", p.magenta)
    set("syntax.string", p.green)
    set("syntax.comment", p.dim, .italic)
    set("syntax.number syntax.constant", p.second)
    set("syntax.type syntax.attribute", p.yellow)
    set("syntax.function", p.blue)
    for (index, name) in ThemeColor.names.enumerated() {
      styles[Scope("ansi." + name)] = ThemeStyle(
        ansi.flatMap { $0.indices.contains(index) ? color($0[index]) : nil } ?? .index(UInt8(index)))
    }
    self.init(name: name, isDark: isDark, styles: styles)
  }

  /// Warm colours on near black: the default on dark terminals.
  public static let ember = Theme(
    name: "ember", isDark: true,
    palette: Palette(
      text: "#d8d0c4", dim: "#a69c90", strong: "#f4ece0", ground: "#1b1816", raised: "#26221f",
      accent: "#ff9e64", second: "#e0af68", red: "#f7768e", green: "#9ece6a", yellow: "#e5c07b",
      blue: "#7dcfff", magenta: "#d19af0", cyan: "#73daca", plusGround: "#1f2a1c", minusGround: "#331c20",
      plusStrong: "#2d4526", minusStrong: "#51262d", chosen: "#352e27"),
    ansi: [
      "#8a8178", "#f7768e", "#9ece6a", "#e5c07b", "#7aa2f7", "#d19af0", "#73daca", "#d8d0c4",
      "#948b7f", "#ff8fa3", "#b9e68a", "#f0d399", "#9dbcff", "#e0b8fa", "#9aeadd", "#f4ece0",
    ])

  /// Dark ink on warm white: the default on light terminals.
  public static let paper = Theme(
    name: "paper", isDark: false,
    palette: Palette(
      text: "#33302b", dim: "#5c574f", strong: "#14120f", ground: "#faf6ee", raised: "#efe9dc",
      accent: "#a8440a", second: "#805300", red: "#b3182f", green: "#2a6a1c", yellow: "#7a5a00",
      blue: "#1a5c9e", magenta: "#7d3a9c", cyan: "#00656b", plusGround: "#e6f2df", minusGround: "#fbe4e3",
      plusStrong: "#cbe6bd", minusStrong: "#f6c9c8", chosen: "#e3dac6"),
    ansi: [
      "#14120f", "#b3182f", "#2a6a1c", "#7a5a00", "#1a5c9e", "#7d3a9c", "#00656b", "#6b655c",
      "#55504a", "#b3182f", "#2a6a1c", "#7a5a00", "#1a5c9e", "#7d3a9c", "#00656b", "#33302b",
    ])

  /// The terminal's own 16 colours on its own background.
  public static let ansi = Theme(
    name: "ansi", isDark: true,
    palette: Palette(
      text: "default", dim: "8", strong: "default", ground: "default", raised: "default",
      accent: "11", second: "3", red: "9", green: "10", yellow: "11",
      blue: "12", magenta: "13", cyan: "14", plusGround: "", minusGround: "",
      plusStrong: "", minusStrong: "", chosen: "8"))

  /// No colours: weight, underline and reverse only.
  public static let mono = Theme(
    name: "mono", isDark: true,
    styles: {
      var styles: [Scope: ThemeStyle] = [:]
      for scope in baseScopes { styles[scope] = ThemeStyle(.terminalDefault, on: .terminalDefault) }
      func set(_ scopes: [Scope], _ attributes: Attributes) {
        for scope in scopes { styles[scope] = ThemeStyle(.terminalDefault, on: .terminalDefault, attributes) }
      }
      set(["text.dim", "reasoning", "composer.placeholder", "diff.number", "syntax.comment", "rule"], .dim)
      set(["text.strong", "heading", "header", "tool.title", "user.prefix", "approval.title"], .bold)
      set(["approval.key", "status.key", "popup.match", "text.error", "status.warning"], .bold)
      set(["diff.plus", "text.link"], .underline)
      set(["diff.plus.emphasis"], [.underline, .bold])
      set(["diff.minus.emphasis"], [.strikethrough, .bold])
      set(["selection", "popup.selected", "composer.token"], .reverse)
      return styles
    }())
}
