extension EmbeddedThemes {
  /// `themes/ansi.toml`, byte for byte (tested).
  static let ansi = #"""
    # ansi: the terminal's own sixteen colours on its own ground, so it fits whatever the terminal looks like.
    name = "ansi"
    background = "dark"
    parent = "ember"

    [palette]
    ground = "default"
    raised = "default"
    chosen = "default"
    plus-ground = "default"
    minus-ground = "default"
    plus-strong = "default"
    minus-strong = "default"
    text = "default"
    dim = "default"
    strong = "default"
    accent = "cyan"
    second = "yellow"
    red = "red"
    green = "green"
    yellow = "yellow"
    blue = "blue"
    magenta = "magenta"
    cyan = "cyan"

    [scopes]
    # There is no colour that is dim on every ground: the attribute is.
    "text.dim" = { fg = "dim", attributes = ["dim"] }
    quote = { fg = "dim", attributes = ["dim"] }
    "table.border" = { fg = "dim", attributes = ["dim"] }
    rule = { fg = "dim", attributes = ["dim"] }
    reasoning = { fg = "dim", attributes = ["dim", "italic"] }
    "diff.number" = { fg = "dim", attributes = ["dim"] }
    "diff.plus.emphasis" = { fg = "green", attributes = ["bold", "reverse"] }
    "diff.minus.emphasis" = { fg = "red", attributes = ["bold", "reverse"] }
    "header.dim" = { fg = "dim", attributes = ["dim"] }
    status = { fg = "dim", attributes = ["dim"] }
    "composer.placeholder" = { fg = "dim", attributes = ["dim"] }
    selection = { attributes = ["reverse"] }
    "popup.selected" = { attributes = ["reverse", "bold"] }
    "plan.todo" = { fg = "dim", attributes = ["dim"] }
    "syntax.comment" = { fg = "dim", attributes = ["dim", "italic"] }
    "ansi.black" = "black"
    "ansi.red" = "red"
    "ansi.green" = "green"
    "ansi.yellow" = "yellow"
    "ansi.blue" = "blue"
    "ansi.magenta" = "magenta"
    "ansi.cyan" = "cyan"
    "ansi.white" = "white"
    "ansi.brightblack" = "brightblack"
    "ansi.brightred" = "brightred"
    "ansi.brightgreen" = "brightgreen"
    "ansi.brightyellow" = "brightyellow"
    "ansi.brightblue" = "brightblue"
    "ansi.brightmagenta" = "brightmagenta"
    "ansi.brightcyan" = "brightcyan"
    "ansi.brightwhite" = "brightwhite"

    """#
}
