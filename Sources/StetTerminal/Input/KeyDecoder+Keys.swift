import StetUI

extension KeyDecoder {
  static let arrows: [KeyCode] = [.up, .down, .right, .left]

  /// Final letters of `CSI` and `SS3` keys.
  static let letterKeys: [UInt8: KeyCode] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
    UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .f(1), UInt8(ascii: "Q"): .f(2), UInt8(ascii: "R"): .f(3), UInt8(ascii: "S"): .f(4),
  ]

  /// First numbers of `CSI … ~` keys (VT220, xterm, rxvt, tmux).
  private static let numberKeys: [Int: KeyCode] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .f(1), 12: .f(2), 13: .f(3), 14: .f(4), 15: .f(5), 17: .f(6), 18: .f(7), 19: .f(8), 20: .f(9),
    21: .f(10), 23: .f(11), 24: .f(12), 25: .f(13), 26: .f(14), 28: .f(15), 29: .f(16), 31: .f(17),
    32: .f(18), 33: .f(19), 34: .f(20),
  ]

  /// Code points that the kitty protocol gives to keys without a character.
  private static let kittyKeys: [Int: KeyCode] = [
    57344: .escape, 57345: .enter, 57346: .tab, 57347: .backspace, 57348: .insert, 57349: .delete,
    57350: .left, 57351: .right, 57352: .up, 57353: .down, 57354: .pageUp, 57355: .pageDown,
    57356: .home, 57357: .end, 57414: .enter, 57417: .left, 57418: .right, 57419: .up, 57420: .down,
    57421: .pageUp, 57422: .pageDown, 57423: .home, 57424: .end, 57425: .insert, 57426: .delete,
  ]

  /// Keypad characters of the kitty protocol, from 57399.
  private static let kittyKeypad = Array("0123456789./*-+")

  /// A modifier parameter is one more than the bits: shift, alt, ctrl, super, hyper, meta, caps lock, num lock.
  static func modifiers(_ parameter: Int?) -> KeyModifiers {
    guard let parameter, parameter > 1 else { return [] }
    let bits = parameter - 1
    var modifiers: KeyModifiers = []
    if bits & 1 != 0 { modifiers.insert(.shift) }
    if bits & (2 | 32) != 0 { modifiers.insert(.alt) }
    if bits & 4 != 0 { modifiers.insert(.ctrl) }
    return modifiers
  }

  /// The kitty protocol's third event type, sent only when asked for; a key let go is not a key.
  static func isRelease(_ csi: CSISequence) -> Bool { csi.number(1, part: 1) == 3 }

  /// `CSI code ; modifiers u`.
  static func unicodeKey(_ csi: CSISequence) -> Key? {
    guard csi.intermediates.isEmpty, let code = csi.number(0), !isRelease(csi) else { return nil }
    return key(code: code, modifiers(csi.number(1)), shifted: csi.number(0, part: 1))
  }

  /// `CSI number ; modifiers ~` and modifyOtherKeys' `CSI 27 ; modifiers ; code ~`.
  static func numberedKey(_ csi: CSISequence) -> Key? {
    guard csi.intermediates.isEmpty, let number = csi.number(0), !isRelease(csi) else { return nil }
    let modifiers = modifiers(csi.number(1))
    if number == 27 { return csi.number(2).flatMap { key(code: $0, modifiers) } }
    return numberKeys[number].map { Key($0, modifiers) }
  }

  /// A key by its code point, in the form that `Key` promises: control letters in lower case, no shift where the
  /// character tells it.
  private static func key(code: Int, _ modifiers: KeyModifiers, shifted: Int? = nil) -> Key? {
    switch code {
    case 9: return Key(.tab, modifiers)
    case 10, 13: return Key(.enter, modifiers)
    case 27: return Key(.escape, modifiers)
    case 8, 127: return Key(.backspace, modifiers)
    case 57376...57398: return Key(.f(code - 57363), modifiers)
    case 57399..<57399 + kittyKeypad.count:
      return Key(.character(kittyKeypad[code - 57399]), modifiers.subtracting(.shift))
    default: break
    }
    if let special = kittyKeys[code] { return Key(special, modifiers) }
    // The rest of the private area is lock, media and modifier keys.
    guard code >= 32, !(57344...63743).contains(code), !(127..<160).contains(code) else { return nil }
    guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else { return nil }
    if modifiers.contains(.shift), !modifiers.contains(.ctrl) {
      let upper = shifted.flatMap { UInt32(exactly: $0) }.flatMap(Unicode.Scalar.init).map { Character($0) }
      let typed = upper ?? single(scalar.properties.uppercaseMapping) ?? Character(scalar)
      return Key(.character(typed), modifiers.subtracting(.shift))
    }
    if modifiers.contains(.ctrl), let lower = single(scalar.properties.lowercaseMapping) {
      return Key(.character(lower), modifiers)
    }
    return Key(.character(Character(scalar)), modifiers)
  }

  private static func single(_ mapped: String) -> Character? { mapped.count == 1 ? mapped.first : nil }
}
