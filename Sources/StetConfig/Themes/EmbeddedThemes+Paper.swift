extension EmbeddedThemes {
  /// `themes/paper.toml`, byte for byte (tested).
  static let paper = #"""
    # paper: ink on warm white. The default on light terminals.
    name = "paper"
    background = "light"
    parent = "ember"

    [palette]
    ground = "#fbf7ef"
    raised = "#f1ebdf"
    chosen = "#e6dccb"
    plus-ground = "#e6f0d8"
    minus-ground = "#f9e2dc"
    plus-strong = "#d3e6bd"
    minus-strong = "#f3cfc7"
    text = "#3b342d"
    dim = "#645b50"
    strong = "#1f1a15"
    accent = "#9a410c"
    second = "#7a5400"
    red = "#af262c"
    green = "#3b6714"
    yellow = "#745600"
    blue = "#1f5da4"
    magenta = "#88399a"
    cyan = "#0b6472"

    """#
}
