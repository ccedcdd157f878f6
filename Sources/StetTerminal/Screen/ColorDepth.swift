/// How many colours a terminal shows.
public enum ColorDepth: Hashable, Sendable {
  /// No colour at all; attributes only.
  case none
  /// The terminal's own 8 or 16.
  case basic
  case indexed256
  case direct

  /// What the environment says. `NO_COLOR` (no-color.org) and `TERM=dumb` win; inside tmux 24-bit colour is always
  /// understood and degraded there if need be.
  public static func detect(_ environment: [String: String]) -> ColorDepth {
    let term = environment["TERM"] ?? ""
    if environment["NO_COLOR"]?.isEmpty == false || term.isEmpty || term == "dumb" || term.hasPrefix("vt") {
      return .none
    }
    let announced = environment["COLORTERM"] ?? ""
    if announced == "truecolor" || announced == "24bit" || term.hasSuffix("-direct") { return .direct }
    if environment["TMUX"]?.isEmpty == false { return .direct }
    if term.split(separator: "-").contains(where: { modern.contains(String($0)) }) { return .direct }
    return term.hasSuffix("256color") ? .indexed256 : .basic
  }

  /// Terminals that have 24-bit colour and whose name survives a login elsewhere, where COLORTERM does not.
  private static let modern: Set<String> = [
    "alacritty", "contour", "foot", "ghostty", "iterm", "iterm2", "kitty", "wezterm",
  ]
}
