import StetProtocol

/// What one client negotiated at `initialize`.
struct ClientProfile: Sendable {
  let client: ClientInfo
  let experimentalApi: Bool
  /// Exact names; unknown ones do no harm.
  let optedOut: Set<String>
  /// What of stet's extensions is on; nil for a client that did not ask.
  let stet: StetServerCapabilities?

  /// Notifications that only clients with `experimentalApi` get.
  private static let experimentalNotifications: Set<String> = [
    "thread/readState/changed", "thread/settings/updated",
  ]

  init(
    _ params: InitializeParams, serverVersion: String, epoch: String? = nil, keepsSnapshots: Bool
  ) {
    client = params.clientInfo
    experimentalApi = params.capabilities?.experimentalApi ?? false
    optedOut = Set(params.capabilities?.optOutNotificationMethods ?? [])
    stet = params.capabilities?.stet.map { asked in
      StetServerCapabilities(
        version: StetCapabilities.currentVersion, serverVersion: serverVersion,
        hunkReview: asked.hunkReview ?? false, snapshots: keepsSnapshots && asked.snapshots ?? false,
        events: asked.events ?? false, search: asked.search ?? false, epoch: epoch)
    }
  }

  var hunkReview: Bool { stet?.hunkReview ?? false }
  var snapshots: Bool { stet?.snapshots ?? false }
  /// Whether every message of a thread carries its number.
  var events: Bool { stet?.events ?? false }
  var search: Bool { stet?.search ?? false }

  /// Whether the client is to get a notification at all.
  func wants(_ method: String) -> Bool {
    if optedOut.contains(method) { return false }
    if Self.experimentalNotifications.contains(method) { return experimentalApi }
    if method.hasPrefix("stet/") { return offers(method) }
    return true
  }

  /// Whether a `stet/…` method is on for this client.
  func offers(_ method: String) -> Bool {
    if method.hasPrefix("stet/snapshot/") { return snapshots }
    if method.hasPrefix("stet/review/") { return hunkReview }
    if method.hasPrefix("stet/events/") { return events }
    if method.hasPrefix("stet/thread/search") { return search }
    return stet != nil
  }
}
