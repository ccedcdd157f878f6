import StetProtocol

/// `stet.remember` of an answer to a question: `{offer, scope, days~}`, where `offer` counts the offered rules from 0.
struct RememberWish: Hashable, Sendable {
  /// How far a rule holds.
  enum Scope: String { case thread, project, user }

  /// Why it can't be granted.
  struct Refusal: Error {
    let reason: String
  }

  let offer: Int
  let scope: Scope
  /// The last day on which it holds; nil: for good.
  let lastDay: String?

  /// Ten years: beyond that a rule is meant for good.
  private static let mostDays = 3_650

  /// - Parameter offers: how many rules were on offer.
  init(_ wish: JSONValue, offers: Int) throws(Refusal) {
    guard let index = wish["offer"]?.intValue, (0..<offers).contains(index),
      let scope = wish["scope"]?.stringValue.flatMap(Scope.init(rawValue:))
    else { throw Refusal(reason: "the rule to remember was not among those offered") }
    offer = index
    self.scope = scope
    guard let days = wish["days"], !days.isNull else {
      lastDay = nil
      return
    }
    guard let days = days.intValue, (1...Self.mostDays).contains(days) else {
      throw Refusal(reason: "the time for which the rule was to hold is none")
    }
    lastDay = CalendarDay.today(plus: days)
  }
}
