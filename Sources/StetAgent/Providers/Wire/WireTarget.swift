import StetConfig

/// Whom a request is for, as far as the bytes of its history depend on it.
struct WireTarget: Hashable, Sendable {
  var wire: ProviderConfig.WireAPI
  /// The `ModelTarget.origin` that its items are marked with (P10).
  var origin: String
  var flags: WireFlags
  /// Whether the model sees images.
  var images: Bool

  init(wire: ProviderConfig.WireAPI, origin: String, flags: WireFlags = WireFlags(), images: Bool = true) {
    self.wire = wire
    self.origin = origin
    self.flags = flags
    self.images = images
  }
}
