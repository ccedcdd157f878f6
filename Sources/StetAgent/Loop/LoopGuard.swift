/// Notices a model that makes the same call with the same result again and again (L12).
struct LoopGuard: Sendable {
  private struct Sight: Sendable, Hashable {
    let name: String
    let raw: String
    let output: ToolOutput
  }

  private var last: Sight?
  private var count = 0

  /// True when this is the `TurnMachine.loopLimit`th equal call in a row; the count then begins anew.
  mutating func note(_ item: CallItem, _ output: ToolOutput) -> Bool {
    let sight = Sight(name: item.name, raw: item.raw, output: output)
    count = sight == last ? count + 1 : 1
    last = sight
    guard count >= TurnMachine.loopLimit else { return false }
    count = 0
    return true
  }
}
