import StetProtocol
import StetText

/// A screen that lies over the conversation. They stack; the top one has the keys.
enum Dialog: Sendable {
  case list(ListDialog)
  case page(PageDialog)
  case queue(QueueDialog)
  case undo(UndoState)
  case compact(CompactDialog)
  case permissions(PermissionsState)
  case outside(OutsideState)
  /// The full review of the prompt on the screen; its state is the prompt's, so that leaving keeps it.
  case review

  var context: KeyContext {
    switch self {
    case .list: .list
    case .page: .page
    case .queue: .queue
    case .undo: .undo
    case .compact: .compact
    case .permissions(let state): state.field == nil ? .permissionList : .permissionTest
    case .outside: .outside
    case .review: .review
    }
  }
}

/// A list to choose from; typing filters.
struct ListDialog: Sendable {
  enum Kind: Sendable {
    case threads(generation: Int)
    case models
    case modes
    /// The name of the theme to go back to.
    case themes(before: String)
    case history
  }

  struct Row: Sendable {
    /// What is chosen: a thread id, a model, a theme's name, a message.
    var id: String
    var title: String
    /// Facts on the right.
    var facts: String
    /// Marks the present choice.
    var isCurrent = false
    /// What was found in it, on a line of its own.
    var preview: String?
    /// A thread of this directory.
    var isHere = false
    /// The session of another agent that it stands for.
    var foreign: ForeignSession?
  }

  /// A search of what was said takes the place of the filter.
  struct Hits: Sendable {
    /// What was asked for last.
    var term = ""
    var isAsking = false
  }

  var kind: Kind
  var title: String
  var rows: [Row]
  var filter = TextBuffer()
  var selected = 0
  /// What stands in place of the rows while there are none.
  var placeholder: String
  /// Rows that were visible at the last frame, for paging.
  var pageRows = 10
  /// The thread whose new name is being typed, in place of the filter.
  var renaming: String?
  /// The thread that the next press of the key deletes.
  var deleting: String?
  var hits: Hits?

  init(kind: Kind, title: String, rows: [Row] = [], placeholder: String = "nothing here") {
    self.kind = kind
    self.title = title
    self.rows = rows
    self.placeholder = placeholder
    selected = rows.firstIndex { $0.isCurrent } ?? 0
  }

  /// Rows that contain every word of the filter, in any case.
  var visible: [Row] {
    if let renaming { return rows.filter { $0.id == renaming } }
    if hits != nil { return rows }
    let words = filter.text.lowercased().split(separator: " ")
    if words.isEmpty { return rows }
    return rows.filter { row in
      let text = row.title.lowercased() + " " + row.facts.lowercased()
      return words.allSatisfy { text.contains($0) }
    }
  }

  var chosen: Row? {
    let visible = visible
    return visible.indices.contains(selected) ? visible[selected] : nil
  }

  mutating func move(by step: Int) {
    selected = min(max(0, selected + step), max(0, visible.count - 1))
  }

  /// Takes newer rows; what was chosen stays so wherever it stands now, since the next key is meant for it.
  mutating func replaceRows(with newer: [Row]) {
    let chosen = chosen?.id
    rows = newer
    selected = visible.firstIndex { $0.id == chosen } ?? selected
    move(by: 0)
  }
}

/// A page of lines to read.
struct PageDialog: Sendable {
  enum Kind: Sendable {
    case help
    case status
    case mcp
    /// One entry of the transcript in full.
    case item(id: String)
  }

  var kind: Kind
  var top = 0
  /// Rows that were visible and lines there were at the last frame, for scrolling.
  var pageRows = 10
  var lineCount = 0

  init(_ kind: Kind) { self.kind = kind }

  mutating func scroll(by step: Int) {
    top = min(max(0, top + step), max(0, lineCount - pageRows))
  }
}

/// The queued messages as a list to edit.
struct QueueDialog: Sendable {
  var selected = 0
}
