/// The control sequences that stet sends besides what ncurses sends, and how they are undone.
enum TerminalModes {
  static let beginUpdate = Array("\u{1B}[?2026h".utf8)
  static let endUpdate = Array("\u{1B}[?2026l".utf8)

  /// Scrolling moves the whole screen (DECSTBM without limits). It would move the cursor away from where ncurses
  /// believes it is, so the cursor is saved before and put back.
  static let wholeRegion = Array("\u{1B}7\u{1B}[r\u{1B}8".utf8)

  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"

  /// Bracketed paste; focus; keys with modifiers told apart, in kitty's way and in xterm's; the title is kept.
  static func enter(mouse: Bool) -> [UInt8] {
    Array(("\u{1B}[22;0t\u{1B}[?2004h\u{1B}[?1004h\u{1B}[>1u\u{1B}[>4;1m" + (mouse ? mouseOn : "")).utf8)
  }

  /// The reverse, in reverse order. It does no harm where nothing was switched on.
  static let leave = Array(
    (mouseOff + "\u{1B}[>4;0m\u{1B}[<u\u{1B}[?1004l\u{1B}[?2004l\u{1B}[23;0t").utf8)

  /// For crash and exit, when ncurses cannot be asked any more: whatever a frame was in the middle of, all of it.
  /// Ends a torn string, the update, all modes, the colours, the scroll region; shows the cursor; leaves the
  /// alternate screen.
  static let emergency =
    Array("\u{1B}\\\u{1B}[?2026l\u{1B}[r\u{1B}[0m\u{1B}[?7h".utf8) + leave
    + Array("\u{1B}[?25h\u{1B}[?1049l\r".utf8)

  static func mouse(_ isOn: Bool) -> [UInt8] { Array((isOn ? mouseOn : mouseOff).utf8) }

  /// The number of the picture that is asked about, and never sent.
  static let graphicsQuestion = 31

  /// Asks for the background colour and the size of a cell in pixels; the answer to the last question ends the others, and
  /// tells of sixel.
  ///
  /// - Parameter kitty: whether to ask for kitty's graphics: terminals that know no application commands print them.
  static func questions(kitty: Bool) -> [UInt8] {
    let graphics = "\u{1B}_Gi=\(graphicsQuestion),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\"
    return Array(("\u{1B}]11;?\u{1B}\\" + (kitty ? graphics : "") + "\u{1B}[16t\u{1B}[c").utf8)
  }

  static func title(_ text: String) -> [UInt8] { Array("\u{1B}]2;\(text)\u{1B}\\".utf8) }

  /// Without controls: text inside an OSC must not be able to end it.
  static func printable(_ text: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) {
      safe.append(scalar)
    }
    return String(safe)
  }
}
