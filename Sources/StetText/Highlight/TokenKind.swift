/// What a piece of code is; each kind has a scope.
enum TokenKind: UInt8, CaseIterable, Sendable {
  case plain, keyword, string, comment, number, type, function, `operator`, variable, constant, attribute, tag
  case punctuation, escape, heading, strong, emphasis, link, plus, minus, hunk

  /// Nil for plain text, which has the style around it.
  var scope: Scope? { Self.scopes[Int(rawValue)] }

  private static let scopes: [Scope?] = allCases.map { kind in
    switch kind {
    case .plain: nil
    case .escape: "syntax.string.escape"
    case .heading: "heading"
    case .strong: "text.strong"
    case .emphasis: "syntax.emphasis"
    case .link: "text.link"
    case .plus: "diff.plus"
    case .minus: "diff.minus"
    case .hunk: "diff.hunk"
    default: Scope("syntax.\(kind)")
    }
  }
}
