import StetText
import StetUI

extension KeyDecoder {
  /// `CSI …`, from its Esc.
  func readCSI(_ buffer: [UInt8], _ at: Int) -> Step {
    var end = at + 2
    while end < buffer.count, (0x20...0x3F).contains(buffer[end]) {
      end += 1
      if end - at > Self.maxSequenceBytes { return .nothing(end - at) }
    }
    guard end < buffer.count else { return .incomplete }
    let final = buffer[end]
    // A control inside a sequence breaks it off.
    guard (0x40...0x7E).contains(final) else { return .nothing(end - at) }
    let length = end - at + 1
    if length == 3, final == UInt8(ascii: "[") {
      guard end + 1 < buffer.count else { return .incomplete }
      return consoleKey(buffer[end + 1])
    }
    if length == 3, final == UInt8(ascii: "M") {
      guard end + 3 < buffer.count else { return .incomplete }
      let column = Int(buffer[end + 2]) - 32
      return mouse(Int(buffer[end + 1]) - 32, column, Int(buffer[end + 3]) - 32, pressed: true, length + 3)
    }
    return meaning(CSISequence(body: buffer[(at + 2)..<end], final: final), length)
  }

  /// `SS3 …`: keypad and function keys, with a modifier number from some terminals.
  func readSS3(_ buffer: [UInt8], _ at: Int) -> Step {
    guard at + 2 < buffer.count else { return .incomplete }
    var end = at + 2
    var modifiers: KeyModifiers = []
    if (0x31...0x38).contains(buffer[end]) {
      guard end + 1 < buffer.count else { return .incomplete }
      modifiers = Self.modifiers(Int(buffer[end]) - 0x30)
      end += 1
    }
    let length = end - at + 1
    let byte = buffer[end]
    if let code = Self.letterKeys[byte] { return .event(.key(Key(code, modifiers)), length) }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "d"):
      return .event(.key(Key(Self.arrows[Int(byte) - 0x61], .ctrl)), length)
    case UInt8(ascii: "M"): return .event(.key(Key(.enter, modifiers)), length)
    case UInt8(ascii: "I"): return .event(.key(Key(.tab, modifiers)), length)
    case UInt8(ascii: "X"): return .event(.key(Key("=")), length)
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      return .event(.key(Key(.character(Character(Unicode.Scalar(byte - 0x40))), modifiers)), length)
    // Not a sequence: alt-O, and then whatever it is.
    default: return .event(.key(alt(UInt8(ascii: "O"))), 2)
    }
  }

  private func meaning(_ csi: CSISequence, _ length: Int) -> Step {
    let nothing = Step.nothing(length)
    switch (csi.prefix, csi.final) {
    case (UInt8(ascii: "<"), UInt8(ascii: "M")), (UInt8(ascii: "<"), UInt8(ascii: "m")):
      guard let button = csi.number(0), let x = csi.number(1), let y = csi.number(2) else { return nothing }
      return mouse(button, x, y, pressed: csi.final == UInt8(ascii: "M"), length)
    case (UInt8(ascii: "?"), UInt8(ascii: "c")):
      // The first number is the kind of the terminal.
      return .reply(.attributes(hasSixel: csi.parameters.dropFirst().contains([4])), length)
    case (nil, UInt8(ascii: "t")) where csi.number(0) == 6:
      guard let height = csi.number(1), let width = csi.number(2), (1...400).contains(height),
        (1...400).contains(width)
      else { return nothing }
      return .reply(.cell(width: width, height: height), length)
    case (nil, UInt8(ascii: "I")) where csi.parameters.isEmpty: return .event(.focus(true), length)
    case (nil, UInt8(ascii: "O")) where csi.parameters.isEmpty: return .event(.focus(false), length)
    case (nil, UInt8(ascii: "u")):
      return Self.unicodeKey(csi).map { .event(.key($0), length) } ?? nothing
    case (nil, UInt8(ascii: "~")):
      if csi.number(0) == 200 { return .pasteBegins(length) }
      return Self.numberedKey(csi).map { .event(.key($0), length) } ?? nothing
    case (nil, UInt8(ascii: "Z")):
      return .event(.key(Key(.tab, Self.modifiers(csi.number(1)).union(.shift))), length)
    case (nil, UInt8(ascii: "a")...UInt8(ascii: "d")) where csi.parameters.isEmpty:
      return .event(.key(Key(Self.arrows[Int(csi.final) - 0x61], .shift)), length)
    case (nil, _):
      guard csi.intermediates.isEmpty, let code = Self.letterKeys[csi.final], !Self.isRelease(csi) else {
        return nothing
      }
      return .event(.key(Key(code, Self.modifiers(csi.number(1)))), length)
    default: return nothing
    }
  }

  /// The Linux console's function keys: `CSI [ A` … `CSI [ E`.
  private func consoleKey(_ byte: UInt8) -> Step {
    guard (0x41...0x45).contains(byte) else { return .nothing(4) }
    return .event(.key(Key(.f(Int(byte) - 0x40))), 4)
  }

  /// A mouse report: the left button and the wheel; everything else is swallowed.
  private func mouse(_ button: Int, _ column: Int, _ row: Int, pressed: Bool, _ length: Int) -> Step {
    guard column >= 1, row >= 1, button >= 0 else { return .nothing(length) }
    let point = Point(x: column - 1, y: row - 1)
    let action: Mouse.Action
    // Without the bits for shift, alt and ctrl.
    switch button & ~28 {
    case 0: action = pressed ? .press : .release
    case 3: action = .release
    case 32: action = .drag
    case 64: action = .wheelUp
    case 65: action = .wheelDown
    default: return .nothing(length)
    }
    return .event(.mouse(Mouse(action, at: point)), length)
  }
}
