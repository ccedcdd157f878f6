import CMD4C
import Glibc

/// How one scalar counts: libc's wcwidth, and the few scalars that every terminal treats differently.
enum ScalarWidth {
  case columns(Int)
  /// Joins the scalar before it.
  case mark
  /// Shown as nothing: variation selectors 15 and 16, joiners.
  case dropped
  /// Unknown to the terminal or unsafe to print (bidi controls): shown as U+FFFD.
  case replaced

  static func of(_ scalar: UInt32) -> ScalarWidth {
    if scalar == 0xFE0F || scalar == 0xFE0E || scalar == 0x200D { return .dropped }
    if isUnsafe(scalar) { return .replaced }
    _ = locale
    switch stet_wcwidth(scalar) {
    case 0: return .mark
    case 1: return .columns(1)
    case 2: return .columns(2)
    default: return .replaced
    }
  }

  /// Scalars that steer the layout of the text around them, or are invisible and stand alone.
  private static func isUnsafe(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
      0x180E, 0xE0000...0xE007F, 0x1D173...0x1D17A:
      return true
    default: return false
    }
  }

  static func isSkinTone(_ scalar: UInt32) -> Bool { scalar >= 0x1F3FB && scalar <= 0x1F3FF }

  /// Whether a joiner, a selector or a skin tone after it forms one emoji. Digits and ASCII count as no emoji.
  static func isEmojiBase(_ scalar: UInt32) -> Bool {
    guard scalar >= 0xA9, let scalar = Unicode.Scalar(scalar) else { return false }
    return scalar.properties.isEmoji
  }

  /// wcwidth answers from the locale: one with UTF-8 must be set, whatever the environment says. Set once in the
  /// life of the process; all UTF-8 locales of glibc share one table of widths.
  private static let locale: Bool = {
    if setlocale(LC_CTYPE, "") != nil, String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8" {
      return true
    }
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] where setlocale(LC_CTYPE, name) != nil { return true }
    return false
  }()
}
