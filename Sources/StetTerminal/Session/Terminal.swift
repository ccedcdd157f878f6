import StetText
import StetUI

/// What the run loop needs of a terminal. One thread: the loop's.
public protocol Terminal: AnyObject {
  var size: Size { get }

  /// Waits until there is input, `wakeup` (a descriptor, or -1) is readable, or the time is out (nil: for ever), and
  /// returns what came; nothing when only the descriptor or the time ended the wait. A wait of 0 looks and returns.
  func nextInput(timeoutMs: Int?, wakeup: Int32) -> [TerminalEvent]

  /// Shows a frame; sends nothing when nothing differs.
  func paint(_ frame: Frame, theme: Theme)

  /// Gives the screen back for as long as `body` runs, as for an editor; then takes it again.
  func lend<T>(_ body: () throws -> T) rethrows -> T

  /// Stops the process for the shell (ctrl-z); returns when it was continued.
  func suspend()

  /// Calls the user: BEL and a desktop notification.
  func callAttention(_ text: String, by ways: AttentionWays)

  /// Asks the terminal to put text on the clipboard (OSC 52). False if it is too long to be sent.
  func copy(_ text: String) -> Bool

  /// Writes lines to the normal screen, where they go into its scrollback, and takes the screen again.
  func leaveBehind(_ lines: [String])

  /// Whether clicks and the wheel come to the program; off, the terminal's own selection works.
  func setMouse(_ isOn: Bool)

  /// Gives the terminal back for good.
  func close()
}

/// What a terminal reports besides keys.
public enum TerminalEvent: Sendable {
  case input(InputEvent)
  /// The background colour became known.
  case background(isDark: Bool)
  /// It said that it shows pictures.
  case showsPictures(PictureAbility)
  /// Somebody wants the process stopped (SIGTSTP from outside).
  case suspend
  /// The process was asked to end by a signal.
  case terminate(signal: Int32)
  /// The terminal is gone.
  case hangup
}
