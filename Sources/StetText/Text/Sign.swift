/// The signs that the interface draws with and whose room is known: borders, markers, bars.
public enum Sign {
  /// A sign that takes one column on this terminal: where ambiguous characters are two columns wide, what looks most
  /// like it in ASCII. The text of others is never changed like this, only what the interface itself draws.
  public static func slim(_ sign: String) -> String {
    guard Width.ambiguousIsWide else { return sign }
    return plain[sign] ?? sign
  }

  private static let plain: [String: String] = [
    "─": "-", "┼": "+", "┄": "-", "┈": ".", "│": "|", "┃": "|", "▌": ">", "●": "*", "•": "*", "■": "!",
    "▣": "#",
    "◇": "o", "◐": "o",
    "±": "%", "≡": "=", "·": ".", "▁": "_", "▂": ".", "▃": ":", "▄": "-", "▅": "=", "▆": "+", "▇": "*",
    "█": "#", "▓": "%", "▒": "+",
  ]
}
