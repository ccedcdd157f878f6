import Glibc

/// A file descriptor that is closed when its last owner lets go.
///
/// A local whose last use is `number` may be released, and closed, before the number is used: `withNumber` then.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// The number, open until `body` returns.
  func withNumber<Result, Failure: Error>(_ body: (Int32) throws(Failure) -> Result) throws(Failure) -> Result
  {
    let result = try body(number)
    withExtendedLifetime(self) {}
    return result
  }
}
