import FoundationEssentials
import StetUI

/// What the environment tells about the terminal and the multiplexer around it.
struct TerminalKind {
  let term: String
  private let isInTmux: Bool
  private let isInScreen: Bool
  private let isKnownForGraphics: Bool

  /// Terminals cut or drop a longer OSC 52; this is tmux's own limit for what it passes on, less the frame.
  static let maxClipboard = 700_000
  /// What fits a notification.
  private static let maxNotice = 200

  init(_ environment: [String: String]) {
    let term = environment["TERM"] ?? "dumb"
    self.term = term
    isInTmux = environment["TMUX"]?.isEmpty == false
    isInScreen = !isInTmux && term.hasPrefix("screen")
    isKnownForGraphics =
      ["kitty", "ghostty", "wezterm"].contains { term.contains($0) }
      || ["KITTY_WINDOW_ID", "KONSOLE_VERSION", "GHOSTTY_RESOURCES_DIR"].contains {
        environment[$0]?.isEmpty == false
      } || ["WezTerm", "ghostty"].contains(environment["TERM_PROGRAM"])
  }

  private var isPlain: Bool { term == "dumb" || term == "linux" || term.hasPrefix("vt") }

  /// A console without strings would print the question.
  var answersQuestions: Bool { !isPlain && !isInScreen }

  /// It is worth to ask whether it has kitty's graphics. tmux takes the question for a title.
  var mayHaveKittyGraphics: Bool { answersQuestions && !isInTmux && isKnownForGraphics }

  var showsLinks: Bool { !isPlain && !isInScreen }

  /// BEL, and the notifications of iTerm2, kitty, foot and Windows Terminal (OSC 9) and of VTE and urxvt (OSC 777).
  func attention(_ text: String, by ways: AttentionWays) -> [UInt8] {
    let bell: [UInt8] = ways.contains(.bell) ? [7] : []
    if isPlain || !ways.contains(.notification) { return bell }
    let safe = String(TerminalModes.printable(text).prefix(Self.maxNotice))
    let fields = safe.split(separator: ";").joined(separator: ",")
    return bell + through("]9;\(safe)") + through("]777;notify;stet;\(fields)")
  }

  /// OSC 52; nil if it is too long or the terminal has none.
  func clipboard(_ text: String) -> [UInt8]? {
    let encoded = Data(text.utf8).base64EncodedString()
    guard !isPlain, encoded.utf8.count <= Self.maxClipboard else { return nil }
    let body = "]52;c;\(encoded)"
    // tmux takes OSC 52 itself (set-clipboard); what it is set not to take may still pass through.
    return isInTmux ? Array("\u{1B}\(body)\u{7}".utf8) + through(body) : through(body)
  }

  /// An operating system command for the terminal around the multiplexer. It ends with BEL, since an ST would end
  /// the wrapping.
  private func through(_ body: String) -> [UInt8] {
    if isInTmux { return Array("\u{1B}Ptmux;\u{1B}\u{1B}\(body)\u{7}\u{1B}\\".utf8) }
    let bytes = Array("\u{1B}\(body)\u{7}".utf8)
    guard isInScreen else { return bytes }
    // screen takes strings of at most 768 bytes, so long ones go in pieces.
    return stride(from: 0, to: bytes.count, by: 512).flatMap { start in
      Array("\u{1B}P".utf8) + bytes[start..<min(start + 512, bytes.count)] + Array("\u{1B}\\".utf8)
    }
  }
}
