import StetText

/// What the terminal's decoder delivers, in the order it was read.
public enum InputEvent: Sendable {
  case key(Key)
  /// A bracketed paste, whole. Line ends are as the terminal sent them.
  case paste(String)
  case mouse(Mouse)
  /// The terminal (pane) gained or lost the focus.
  case focus(Bool)
  /// The terminal has a new size; the next frame is asked for with it.
  case resize(Size)
}
