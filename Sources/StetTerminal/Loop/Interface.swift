import StetText
import StetUI

/// What the run loop drives: the interface as a value. `AppState` is one; tests have smaller ones.
public protocol Interface {
  /// Takes in one event and says what is to be done.
  mutating func update(_ event: Event, now: Instant) -> [Effect]
  /// The picture for this moment.
  mutating func frame(size: Size, now: Instant) -> Frame
  /// The theme that the picture is painted with.
  var theme: Theme { get }
  /// When `Event.tick` is wanted, seen from `now`; nil while nothing moves, so that an idle screen wakes nobody
  /// (U11).
  func nextWake(now: Instant) -> Instant?
}

extension AppState: Interface {}
