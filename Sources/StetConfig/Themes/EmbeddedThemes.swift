/// The themes that a binary carries without its installation: the two defaults, and one for any terminal.
public enum EmbeddedThemes {
  /// Name → text of the theme's file.
  public static let all = ["ember": ember, "paper": paper, "ansi": ansi]
}
