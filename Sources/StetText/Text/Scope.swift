import Synchronization

/// The name of a role that a piece of text plays (`diff.plus.emphasis`); a theme gives it colours.
///
/// Names are interned, so a scope is two bytes and comparing is comparing integers. Any thread.
public struct Scope: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  let id: UInt16

  public init(_ name: String) { id = ScopeTable.shared.id(of: name) }

  public init(stringLiteral name: String) { self.init(name) }

  /// The name the scope was made with.
  public var name: String { ScopeTable.shared.name(of: id) }

  /// The scope with the last word dropped, which a theme falls back to; nil for a single word.
  public var parent: Scope? {
    let name = name
    guard let dot = name.lastIndex(of: ".") else { return nil }
    return Scope(String(name[..<dot]))
  }

  public var description: String { name }

  /// Ordinary text.
  public static let text: Scope = "text"
}

private final class ScopeTable: Sendable {
  /// Scopes are named by the program and its themes, a few hundred; past this, new names mean `text`, so that no
  /// input can grow the table without end.
  static let capacity = 4096

  static let shared = ScopeTable()

  private struct State {
    var ids: [String: UInt16] = ["text": 0]
    var names: [String] = ["text"]
  }

  private let state = Mutex(State())

  func id(of name: String) -> UInt16 {
    state.withLock { state in
      if let id = state.ids[name] { return id }
      guard state.names.count < Self.capacity else { return 0 }
      let id = UInt16(state.names.count)
      state.ids[name] = id
      state.names.append(name)
      return id
    }
  }

  func name(of id: UInt16) -> String {
    state.withLock { $0.names[Int(id)] }
  }
}
