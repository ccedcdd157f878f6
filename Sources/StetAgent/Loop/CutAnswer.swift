/// An answer that a limit cuts (L14): it goes on once, and further as long as it is shorter than answers of models are.
/// A server of the user's own may cut after a few hundred tokens (`-n`), and an answer then comes in many parts; one
/// that a model's own limit cut twice has no end. Small models fall into saying one part again and again: asking on
/// costs a request each and brings nothing.
struct CutAnswer: Sendable {
  /// Tokens at which an answer has no end: what models are given at least where they have a limit of their own.
  private static let most = 16_384
  /// Tokens that one part counts as at least: so many requests at most for one answer.
  private static let leastPart = 256
  /// Bytes a token, where the server counts nothing.
  private static let ratio = 4

  private var parts: [String] = []
  private var tokens = 0
  /// Why asking on is of no use, where that is seen.
  private var stuck: Stuck?

  private enum Stuck: Sendable {
    case silent
    case repeating
  }

  /// Whether the answer goes on after another part that was cut.
  mutating func goesOn(after part: String, tokens count: Int?) -> Bool {
    let isFirst = parts.isEmpty
    let isSilent = part.allSatisfy(\.isWhitespace)
    stuck = isSilent ? .silent : part == parts.last ? .repeating : nil
    parts.append(part)
    tokens += max(Self.leastPart, count ?? 0, part.utf8.count / Self.ratio)
    return isFirst || (stuck == nil && tokens < Self.most)
  }

  /// The parts so far; the next answer begins anew.
  mutating func take() -> String {
    defer { self = CutAnswer() }
    return parts.joined()
  }

  /// Why it does not go on.
  func fault(_ reason: String) -> String {
    let again = "The model reached its output limit again (\(reason))"
    return switch stuck {
    case .silent?:
      "\(again) without a word of the answer. Raise the limit: model_max_output_tokens, or the server's own (`-n`, "
        + "`max_tokens`)."
    case .repeating?:
      "\(again) with the same words again: it goes round in a circle. The answer so far is kept; ask in another way, "
        + "or with another model."
    case nil: "\(again); the answer so far is kept."
    }
  }
}
