extension EmbeddedThemes {
  /// `themes/ember.toml`, byte for byte (tested).
  static let ember = #"""
    # ember: warm colours on near black. The default on dark terminals, and the parent of the other themes.
    name = "ember"
    background = "dark"

    [palette]
    ground = "#1b1816"
    raised = "#26221f"
    chosen = "#3b332d"
    plus-ground = "#1c2a1a"
    minus-ground = "#33201f"
    plus-strong = "#2a3d24"
    minus-strong = "#4a2926"
    text = "#d8d0c4"
    dim = "#aba195"
    strong = "#f6eee2"
    accent = "#ff9e64"
    second = "#e0af68"
    red = "#f77c94"
    green = "#9ece6a"
    yellow = "#e5c07b"
    blue = "#82aaff"
    magenta = "#c792ea"
    cyan = "#7dcfff"

    [scopes]
    # The ground of `text` is the ground of the whole screen; a scope without a `bg` stands on it.
    text = { fg = "text", bg = "ground" }
    "text.dim" = "dim"
    "text.strong" = { fg = "strong", attributes = ["bold"] }
    "text.error" = "red"
    "text.warning" = "yellow"
    "text.success" = "green"
    "text.link" = { fg = "blue", attributes = ["underline"] }

    heading = { fg = "accent", attributes = ["bold"] }
    code = "second"
    "code.block" = { fg = "text", bg = "raised" }
    quote = "dim"
    "list.marker" = "second"
    "table.border" = "dim"
    rule = "dim"

    "user.prefix" = { fg = "accent", attributes = ["bold"] }
    "user.text" = "text"
    "agent.bullet" = "accent"
    reasoning = { fg = "dim", attributes = ["italic"] }

    "tool.title" = { fg = "strong", attributes = ["bold"] }
    "tool.running" = "accent"
    "tool.ok" = "green"
    "tool.failed" = "red"
    "tool.output" = "text"

    "diff.plus" = { fg = "green", bg = "plus-ground" }
    "diff.minus" = { fg = "red", bg = "minus-ground" }
    "diff.context" = "text"
    "diff.plus.emphasis" = { fg = "green", bg = "plus-strong", attributes = ["bold"] }
    "diff.minus.emphasis" = { fg = "red", bg = "minus-strong", attributes = ["bold"] }
    "diff.hunk" = "cyan"
    "diff.number" = "dim"

    "verdict.accepted" = { fg = "green", attributes = ["bold"] }
    "verdict.rejected" = { fg = "red", attributes = ["bold"] }
    "verdict.undecided" = "yellow"
    "verdict.edited" = "cyan"

    "approval.title" = { fg = "accent", attributes = ["bold"] }
    "approval.key" = { fg = "accent", attributes = ["bold"] }
    "approval.text" = "text"
    "approval.border" = "accent"

    header = { fg = "strong", attributes = ["bold"] }
    "header.dim" = "dim"
    status = "dim"
    "status.key" = { fg = "accent", attributes = ["bold"] }
    "status.warning" = "yellow"

    "composer.prompt" = { fg = "accent", attributes = ["bold"] }
    "composer.text" = "text"
    "composer.placeholder" = "dim"
    "composer.token" = "second"

    selection = { fg = "text", bg = "chosen" }
    popup = { fg = "text", bg = "raised" }
    "popup.selected" = { fg = "strong", bg = "chosen", attributes = ["bold"] }
    "popup.match" = { fg = "accent", attributes = ["bold"] }

    "plan.done" = "green"
    "plan.doing" = "accent"
    "plan.todo" = "dim"
    spinner = "accent"

    # What commands print in the terminal's colours.
    "ansi.black" = "dim"
    "ansi.red" = "red"
    "ansi.green" = "green"
    "ansi.yellow" = "yellow"
    "ansi.blue" = "blue"
    "ansi.magenta" = "magenta"
    "ansi.cyan" = "cyan"
    "ansi.white" = "text"
    "ansi.brightblack" = "dim"
    "ansi.brightred" = "red"
    "ansi.brightgreen" = "green"
    "ansi.brightyellow" = "yellow"
    "ansi.brightblue" = "blue"
    "ansi.brightmagenta" = "magenta"
    "ansi.brightcyan" = "cyan"
    "ansi.brightwhite" = "strong"

    "syntax.keyword" = "magenta"
    "syntax.string" = "green"
    "syntax.comment" = { fg = "dim", attributes = ["italic"] }
    "syntax.number" = "second"
    "syntax.type" = "yellow"
    "syntax.function" = "blue"
    "syntax.operator" = "text"
    "syntax.variable" = "text"
    "syntax.constant" = "second"
    "syntax.attribute" = "yellow"
    "syntax.tag" = "red"
    "syntax.punctuation" = "text"

    """#
}
