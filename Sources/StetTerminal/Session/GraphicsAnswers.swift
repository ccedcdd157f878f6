import StetUI

/// Puts together what a terminal answers about pictures.
struct GraphicsAnswers {
  private var hasKitty = false
  private var cell: (width: Int, height: Int)?

  /// What it can show, once the last answer is there; nil before, and where it can't.
  mutating func take(_ reply: TerminalReply) -> PictureAbility? {
    switch reply {
    case .background: return nil
    case .kittyGraphics: hasKitty = true
    case .cell(let width, let height): cell = (width, height)
    case .attributes(let hasSixel):
      // kitty scales by itself: the usual cell is near enough.
      if hasKitty {
        return PictureAbility(.kitty, cellWidth: cell?.width ?? 10, cellHeight: cell?.height ?? 20)
      }
      if hasSixel, let cell { return PictureAbility(.sixel, cellWidth: cell.width, cellHeight: cell.height) }
    }
    return nil
  }
}
