/// Makes text of unknown origin safe and readable.
public enum Sanitizer {
  public static func display(_ text: String, tabWidth: Int = 4) -> String { text }
  public static func exact(_ text: String) -> String { text }
  public static func ansi(_ text: String, base: Style) -> [Line] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Line(String($0), base) }
  }
  public static func plain(_ text: String) -> String { text }
}
