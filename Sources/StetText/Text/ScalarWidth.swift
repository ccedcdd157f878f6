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
    if let columns = common(scalar) { return .columns(columns == 1 ? single(scalar) : columns) }
    if scalar == 0xFE0F || scalar == 0xFE0E || scalar == 0x200D { return .dropped }
    if isUnsafe(scalar) { return .replaced }
    _ = locale
    switch stet_wcwidth(scalar) {
    case 0: return .mark
    case 1: return .columns(single(scalar))
    case 2: return .columns(2)
    default: return .replaced
    }
  }

  /// The columns of a scalar to which wcwidth gives one.
  private static func single(_ scalar: UInt32) -> Int {
    AmbiguousWidth.isWide.load(ordering: .relaxed) && AmbiguousWidth.contains(scalar) ? 2 : 1
  }

  /// The columns of U+FFFD.
  static var replacementColumns: Int { single(0xFFFD) }

  /// The columns of the letters that most text is made of, none of which ever joins another scalar. wcwidth says the
  /// same of them (tested) and takes ten times as long.
  @inline(__always)
  static func common(_ scalar: UInt32) -> Int? {
    switch scalar {
    case 0xAE...0x2FF, 0x0410...0x044F, 0x2500...0x257F: 1
    case 0x4E00...0x9FA5, 0xAC00...0xD7A3, 0x3041...0x3096, 0x30A1...0x30FA: 2
    default: nil
    }
  }

  /// Scalars that steer the layout of the text around them, or that nobody sees: bidi controls, separators, fillers,
  /// tags, selectors. ZERO WIDTH NON-JOINER is a mark: Persian is written with it.
  static func isUnsafe(_ scalar: UInt32) -> Bool {
    if scalar < 0xAD { return false }
    switch scalar {
    case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B, 0x200E, 0x200F,
      0x2028...0x202E, 0x2060...0x206F, 0x3164, 0xFE00...0xFE0D, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB,
      0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
      return true
    default: return false
    }
  }

  /// The tag letters that spell a region behind a black flag.
  static func isTag(_ scalar: UInt32) -> Bool { scalar >= 0xE0020 && scalar <= 0xE007F }

  /// Selectors that choose a written form of an ideograph; elsewhere they only hide something.
  static func isIdeographicSelector(_ scalar: UInt32, after base: UInt32) -> Bool {
    guard scalar >= 0xE0100 && scalar <= 0xE01EF || scalar >= 0xFE00 && scalar <= 0xFE0D else { return false }
    return base >= 0x3400 && base <= 0x9FFF || base >= 0x20000 && base <= 0x3FFFF
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
