import StetProtocol
import StetText

/// What a turn used, for the picture in `/status`.
struct TurnUse: Equatable, Sendable {
  var turnId: String
  var tokens: Int
  /// Dollars, where the model has a price.
  var cost: Double?

  /// Turns that are kept: more columns than that no pane has for them.
  static let kept = 60
}

/// Numbers as a row of bars.
enum Sparkline {
  private static let bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A bar for each value, as high as its share of the largest; a value above nothing is never without one.
  static func text(_ values: [Double]) -> String {
    guard let most = values.max(), most > 0 else { return values.map { _ in Sign.slim(bars[0]) }.joined() }
    return values.map { value in
      let share = value.isFinite ? max(0, value / most) : 0
      return Sign.slim(bars[min(bars.count - 1, Int((share * Double(bars.count - 1)).rounded()))])
    }.joined()
  }

  /// The rows of `/status`: tokens of each turn, and what they cost.
  static func rows(_ turns: [TurnUse], columns: Int) -> [(String, String)] {
    guard turns.count > 1, let last = turns.last else { return [] }
    let shown = turns.suffix(max(2, min(TurnUse.kept, columns - 24)))
    let tokens = text(shown.map { Double($0.tokens) })
    var rows = [("turns", "\(tokens) \(Words.count(last.tokens)) tokens in the last")]
    if shown.contains(where: { $0.cost ?? 0 > 0 }) {
      let cost = last.cost.map { " \(CostView.dollars($0)) for the last" } ?? ""
      rows.append(("their cost", text(shown.map { $0.cost ?? 0 }) + cost))
    }
    return rows
  }
}
