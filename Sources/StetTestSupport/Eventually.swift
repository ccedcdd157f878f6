/// What another process did not do in time.
public struct NeverHappened: Error, CustomStringConvertible {
  public let description: String
}

/// Looks again and again until `look` finds something, for what another process does and tells nobody. Three minutes without
/// it is a failure.
public func eventually<Value>(_ what: String, _ look: () throws -> Value?) async throws -> Value {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(180)
  while clock.now < end {
    if let found = try look() { return found }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw NeverHappened(description: "waited in vain until \(what)")
}
