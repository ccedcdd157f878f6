/// Speaks to a model: one call is one response.
///
/// Implementations: the wire codecs of this folder, and the scripted model of the demo.
public protocol ModelClient: Sendable {
  /// Starts a response and yields its events in order.
  ///
  /// The stream ends normally only after `.completed` or `.incomplete`; everything else is thrown as a `ModelError`.
  /// Ending the iteration (a cancelled task) cancels the request within a millisecond.
  func stream(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error>
}
