import CNcurses
import CPlatform
import Glibc
import StetText
import StetUI
import Synchronization

/// One ncurses screen that writes into a memory file instead of a terminal.
///
/// What ncurses would send is collected by `output`, so a frame can go out in one write. ncurses keeps everything in
/// globals, and taking one screen down breaks others: there is one at a time in a process, and one thread uses it.
final class CursesScreen {
  private static let isTaken = Atomic(false)

  let palette: Palette
  private let screen: OpaquePointer
  private let file: UnsafeMutablePointer<FILE>
  private let descriptor: Int32
  private(set) var size: Size
  /// What is sent is in the words of the built-in entry.
  let isBuiltIn: Bool
  private var pairs: [Pair: Int32] = [:]

  private struct Pair: Hashable {
    var foreground: Int32
    var background: Int32
  }

  /// `term` is looked up only at depth `basic` and `none`; else, and where the system does not know it, the built-in
  /// entry serves.
  init(term: String, depth: ColorDepth, size: Size) throws(TerminalError) {
    guard !Self.isTaken.exchange(true, ordering: .acquiring) else {
      throw TerminalError(.busy, "another screen is open in this process")
    }
    do throws(TerminalError) {
      descriptor = try TerminalError.check(stet_memfd("stet-frame", nil, 0), "no memory file for frames")
      (file, screen, isBuiltIn) = try Self.make(term: term, depth: depth, on: descriptor)
    } catch {
      Self.isTaken.store(false, ordering: .releasing)
      throw error
    }
    palette = Self.prepare(depth)
    self.size = size
    resize(size)
  }

  deinit {
    delscreen(screen)
    fclose(file)
    Self.isTaken.store(false, ordering: .releasing)
  }

  func resize(_ size: Size) {
    self.size = size
    resizeterm(Int32(clamping: max(1, size.rows)), Int32(clamping: max(1, size.columns)))
    clearok(stet_curscr(), true)
  }

  /// The pattern of a cell in that style; only its character is to be replaced.
  func pattern(_ style: ResolvedStyle) -> cchar_t {
    let pair = Pair(
      foreground: palette.number(style.foreground), background: palette.number(style.background))
    var cell = cchar_t()
    stet_cell(&cell, Self.attributes(style.attributes), number(of: pair))
    return cell
  }

  /// Takes the bytes that ncurses has written since the last call.
  func output() -> [UInt8] {
    let count = lseek(descriptor, 0, SEEK_CUR)
    guard count > 0 else { return [] }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let read = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(filled))
        if read <= 0 { break }
        filled += read
      }
    }
    ftruncate(descriptor, 0)
    lseek(descriptor, 0, SEEK_SET)
    return bytes
  }

  private func number(of pair: Pair) -> Int32 {
    if palette.depth == .none || (pair.foreground == -1 && pair.background == -1) { return 0 }
    if let number = pairs[pair] { return number }
    let number = alloc_pair(pair.foreground, pair.background)
    guard number > 0 else { return 0 }
    pairs[pair] = number
    return number
  }

  private static func attributes(_ attributes: Attributes) -> attr_t {
    var bits: attr_t = 0
    if attributes.contains(.bold) { bits |= stet_attr_bold() }
    if attributes.contains(.dim) { bits |= stet_attr_dim() }
    if attributes.contains(.italic) { bits |= stet_attr_italic() }
    if attributes.contains(.underline) { bits |= stet_attr_underline() }
    if attributes.contains(.reverse) { bits |= stet_attr_reverse() }
    return bits
  }

  // MARK: making a screen

  private static func make(
    term: String, depth: ColorDepth, on descriptor: Int32
  ) throws(TerminalError) -> (UnsafeMutablePointer<FILE>, OpaquePointer, isBuiltIn: Bool) {
    guard let file = fdopen(descriptor, "r+") else {
      close(descriptor)
      throw TerminalError(.system, "no stream for frames", errno: errno)
    }
    // Other threads may be measuring text: the locale is set only where it must be.
    if String(cString: nl_langinfo(nl_item(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    let isBuiltIn = depth == .direct || depth == .indexed256
    if !isBuiltIn, let screen = terminal(term, file) { return (file, screen, false) }
    guard let screen = builtIn(file) else {
      fclose(file)
      throw TerminalError(.curses, "ncurses cannot drive a terminal of the kind \(term.debugDescription)")
    }
    return (file, screen, true)
  }

  private static func terminal(_ term: String, _ file: UnsafeMutablePointer<FILE>) -> OpaquePointer? {
    // newterm puts handlers of its own where there are none; signals are not its business here.
    let signals = [SIGINT, SIGTERM, SIGTSTP, SIGWINCH]
    var old = Array(repeating: sigaction(), count: signals.count)
    for (index, signal) in signals.enumerated() { sigaction(signal, nil, &old[index]) }
    defer { for (index, signal) in signals.enumerated() { sigaction(signal, &old[index], nil) } }
    return newterm(term, file, file)
  }

  private static func builtIn(_ file: UnsafeMutablePointer<FILE>) -> OpaquePointer? {
    let old = getenv("TERMINFO").map { String(cString: $0) }
    setenv("TERMINFO", DirectEntry.terminfo, 1)
    defer { if let old { setenv("TERMINFO", old, 1) } else { unsetenv("TERMINFO") } }
    return terminal(DirectEntry.name, file)
  }

  private static func prepare(_ depth: ColorDepth) -> Palette {
    nonl()
    leaveok(stet_stdscr(), false)
    guard depth != .none, has_colors() else { return Palette(depth: .none) }
    start_color()
    use_default_colors()
    let colors = Int(stet_colors())
    if depth == .basic, colors < 8 { return Palette(depth: .none) }
    return Palette(depth: depth, colors: colors)
  }
}
