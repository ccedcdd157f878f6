/// Makes text of unknown origin safe and readable: what a model, a tool or a repository wrote can't steer the
/// terminal (U16), nor hide anything from the reader. Pure; any thread; linear in the length of the text.
public enum Sanitizer {
  /// Text for the screen. Controls are shown as `^[`, bidi controls and invisible characters as `<U+202E>`, tabs as
  /// blanks; selectors, skin tones and joined emoji are dropped as `Width` counts them; CR LF is a line feed. Line
  /// feeds stay. What it returns it would return unchanged.
  public static func display(_ text: String, tabWidth: Int = 4) -> String {
    if isClean(text) { return text }
    var writer = DisplayWriter(tabWidth: tabWidth, isExact: false)
    text.withBytes { writer.write($0) }
    return writer.text
  }

  /// Text for a decision that depends on every byte (U3): as `display`, but nothing at all is dropped or looks like
  /// something else. Tabs, unusual blanks, selectors, joiners, skin tones and carriage returns are shown too.
  public static func exact(_ text: String) -> String {
    if isClean(text) { return text }
    var writer = DisplayWriter(tabWidth: 0, isExact: true)
    text.withBytes { writer.write($0) }
    return writer.text
  }

  /// Blanks in a row beyond which `folded` counts them: deeper than code is indented.
  public static let blankLimit = 16
  /// Empty lines in a row beyond which `folded` counts them.
  public static let emptyLineLimit = 3

  /// As `exact`, and what would push the rest out of sight is counted instead (S10): a long run of blanks is
  /// `<200 blanks>`, many empty lines are one line `<40 empty lines>`.
  public static func folded(_ text: String) -> String {
    var result = ""
    var blanks = 0
    var lines = 0
    func flush() {
      if lines > emptyLineLimit + 1 {
        result += "\n<\(lines - 1) empty lines>\n"
      } else {
        result += String(repeating: "\n", count: lines)
      }
      result += blanks > blankLimit ? "<\(blanks) blanks>" : String(repeating: " ", count: blanks)
      (blanks, lines) = (0, 0)
    }
    for scalar in exact(text).unicodeScalars {
      switch scalar {
      case " ": blanks += 1
      case "\n":
        // Blanks before the end of a line are no empty line, but many lines of a blank are.
        if lines == 0, blanks > 0 { flush() }
        blanks = 0
        lines += 1
      default:
        if blanks + lines > 0 { flush() }
        result.unicodeScalars.append(scalar)
      }
    }
    flush()
    return result
  }

  /// The output of a command as lines: colours and attributes (SGR) become scopes (`ansi.red`, `ansi.brightblue`; a
  /// background is the foreground colour of the scope in `Style.background`), a line that was rewritten after a carriage
  /// return shows its last state, and every other escape sequence is made visible. A final line feed adds no line.
  public static func ansi(_ text: String, base: Style) -> [Line] {
    var reader = AnsiReader(base: base)
    text.withBytes { reader.read($0) }
    return reader.finish()
  }

  /// The output of a command for the model (T9): escape sequences and controls are gone, a line that was rewritten
  /// after a carriage return or with backspaces is its last state. Tabs and line feeds stay.
  public static func plain(_ text: String) -> String {
    var isPlain = true
    text.withBytes { bytes in
      for byte in bytes where byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F || byte == 0xC2 {
        isPlain = false
        break
      }
    }
    if isPlain { return text }
    var reader = PlainReader()
    text.withBytes { reader.read($0) }
    return reader.finish()
  }

  /// Whether it is printable ASCII and line feeds, which need no work.
  private static func isClean(_ text: String) -> Bool {
    text.withBytes { bytes in bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A } }
  }
}
