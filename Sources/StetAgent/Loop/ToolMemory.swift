import Synchronization

/// Keeps one value per type, made on first use: state of tools that outlives a call. Safe from any thread.
public final class ToolMemory: Sendable {
  private let values = Mutex<[ObjectIdentifier: any AnyObject & Sendable]>([:])

  public init() {}

  /// The value of this type, made by `make` the first time. `make` runs under a lock: it must be quick.
  public func value<Value: AnyObject & Sendable>(_ type: Value.Type = Value.self, make: () -> Value) -> Value
  {
    values.withLock { values in
      if let known = values[ObjectIdentifier(type)] as? Value { return known }
      let made = make()
      values[ObjectIdentifier(type)] = made
      return made
    }
  }
}
