import StetText
import StetUI

/// Turns a terminal's bytes into input events, wherever reads happen to cut them.
///
/// Reads UTF-8, the keys of xterm, tmux, rxvt, the Linux console, `CSI u` (kitty), modifyOtherKeys, SS3, bracketed
/// paste (one event, whatever is in it), focus and the mouse. Answers to our questions go to `takeReplies`; every
/// other sequence is swallowed. Time is passed in: a lone Esc is a key after `escapeDelayMs`.
public struct KeyDecoder: Sendable {
  /// How long Esc may be the beginning of something else.
  public static let escapeDelayMs = 25
  /// How long a sequence that has begun may take to arrive; a slow line cuts them anywhere.
  static let sequenceDelayMs = 250
  /// How long an answer of the terminal may take once it has begun.
  static let replyDelayMs = 1000
  /// A paste longer than this comes as several; far more than anybody means to send to a model.
  static let maxPasteBytes = 32 << 20
  /// No key or report is longer; what is, is noise.
  static let maxSequenceBytes = 64
  static let maxReplyBytes = 4096

  /// Bytes of a sequence or scalar that is not complete.
  private var pending: [UInt8] = []
  private var pendingSince = Instant(milliseconds: 0)
  private var paste: [UInt8]?
  private var replies: [TerminalReply] = []

  public init() {}

  /// When `flush` has something to say; nil while nothing is open.
  public var deadline: Instant? {
    if pending.isEmpty || paste != nil { return nil }
    return pendingSince.advanced(by: delay)
  }

  /// Takes the next bytes, in the order they were read.
  public mutating func feed(_ bytes: [UInt8], now: Instant) -> [InputEvent] {
    let wasOpen = !pending.isEmpty
    let buffer = wasOpen ? pending + bytes : bytes
    pending = []
    var events: [InputEvent] = []
    let end = consume(buffer, into: &events)
    if end < buffer.count {
      pending = Array(buffer[end...])
      if !wasOpen || end > 0 { pendingSince = now }
    }
    return events
  }

  /// Decides about what has been open for too long: a lone Esc is the key.
  public mutating func flush(now: Instant) -> [InputEvent] {
    guard let deadline, deadline <= now else { return [] }
    let open = pending
    pending = []
    if open == [Self.escape] { return [.key(Key(.escape))] }
    // Alt and a key that could have begun a sequence.
    if open.count == 2, open[0] == Self.escape, open[1] < 0x80 { return [.key(alt(open[1]))] }
    // A scalar that never ended. What is left is a torn sequence or reply: nothing anybody typed.
    return open[0] == Self.escape ? [] : [.key(Key("\u{FFFD}"))]
  }

  /// The terminal's answers since the last call.
  public mutating func takeReplies() -> [TerminalReply] {
    defer { replies = [] }
    return replies
  }

  static let escape: UInt8 = 0x1B

  private var delay: Int {
    if pending.count == 1, pending[0] == Self.escape { return Self.escapeDelayMs }
    if pending.count > 2, pending[0] == Self.escape, [0x5D, 0x50, 0x5F].contains(pending[1]) {
      return Self.replyDelayMs
    }
    return Self.sequenceDelayMs
  }

  /// How far it got; the rest is incomplete.
  private mutating func consume(_ buffer: [UInt8], into events: inout [InputEvent]) -> Int {
    var at = 0
    while at < buffer.count {
      let step = paste == nil ? read(buffer, at) : readPaste(buffer, at)
      switch step {
      case .incomplete: return at
      case .keep(let count, let next):
        paste?.append(contentsOf: buffer[at..<at + count])
        at += count
        if next { return at }
      case .nothing(let count): at += count
      case .event(let event, let count):
        events.append(event)
        at += count
      case .reply(let reply, let count):
        replies.append(reply)
        at += count
      case .pasteBegins(let count):
        paste = []
        at += count
      case .pasteEnds(let count):
        events.append(.paste(String(decoding: paste ?? [], as: UTF8.self)))
        paste = nil
        at += count
      case .pasteIsFull:
        events.append(.paste(String(decoding: paste ?? [], as: UTF8.self)))
        paste = []
      }
    }
    return at
  }

  enum Step {
    case incomplete
    case nothing(Int)
    case event(InputEvent, Int)
    case reply(TerminalReply, Int)
    case pasteBegins(Int)
    /// Bytes of the paste; `wait` when what follows may be the beginning of its end.
    case keep(Int, wait: Bool)
    case pasteEnds(Int)
    case pasteIsFull
  }

  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)

  private func readPaste(_ buffer: [UInt8], _ at: Int) -> Step {
    let room = Self.maxPasteBytes - (paste?.count ?? 0)
    if room <= 0 { return .pasteIsFull }
    let limit = min(buffer.count, at + room)
    var search = at
    while let found = buffer[search..<limit].firstIndex(of: Self.escape) {
      let rest = buffer[found...].prefix(Self.pasteEnd.count)
      if rest.elementsEqual(Self.pasteEnd) {
        return found == at ? .pasteEnds(Self.pasteEnd.count) : .keep(found - at, wait: false)
      }
      if rest.count < Self.pasteEnd.count, Self.pasteEnd.starts(with: rest) {
        return .keep(found - at, wait: true)
      }
      search = found + 1
    }
    return .keep(limit - at, wait: false)
  }
}
