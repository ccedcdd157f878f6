/// The `[tui]` table: how the interface looks and behaves. Never taken from a project.
public struct TUIConfig: Hashable, Sendable {
  public enum Notifications: Hashable, Sendable {
    case off
    case all
    /// Kinds by name, such as "approval-requested" and "agent-turn-complete".
    case only([String])
  }

  /// A theme's name; nil follows the terminal's background.
  public let theme: String?
  public let notifications: Notifications
  /// "auto", "osc9" or "bel".
  public let notificationMethod: String
  /// Also while the pane has the focus.
  public let notifiesWhenFocused: Bool
  public let animations: Bool
  public let showsTips: Bool
  /// "auto", "always" or "never".
  public let alternateScreen: String
  public let vimMode: Bool
  public let mouse: Bool
  public let bell: Bool
  /// Columns of characters whose width is ambiguous: 1 or 2.
  public let ambiguousWidth: Int
  /// Whether the pane's title is set.
  public let setsTitle: Bool

  init(_ table: ValueReader) {
    theme = table.string("theme")
    if let kinds = table.strings("notifications") {
      notifications = .only(kinds)
    } else {
      notifications = table.bool("notifications") ?? true ? .all : .off
    }
    notificationMethod = table.string("notification_method") ?? "auto"
    notifiesWhenFocused = table.string("notification_condition") == "always"
    animations = table.bool("animations") ?? true
    showsTips = table.bool("show_tooltips") ?? true
    alternateScreen = table.string("alternate_screen") ?? "auto"
    vimMode = table.bool("vim_mode_default") ?? false
    mouse = table.bool("mouse") ?? true
    bell = table.bool("bell") ?? true
    ambiguousWidth = table.int("ambiguous_width") ?? 1
    // Codex takes a list of parts here; an empty one means no title.
    setsTitle = table.bool("terminal_title") ?? (table.strings("terminal_title") != [])
  }
}
