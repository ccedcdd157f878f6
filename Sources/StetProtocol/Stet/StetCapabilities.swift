import StetJSON

/// stet: what a client asks for at `initialize` beyond Codex's protocol (protocol.md §7).
public struct StetCapabilities: Codable, Hashable, Sendable {
  public var version: Int
  public var hunkReview: Bool?
  public var snapshots: Bool?
  public var events: Bool?
  public var search: Bool?

  /// The only version there is.
  public static let currentVersion = 1

  public init(
    version: Int = currentVersion, hunkReview: Bool? = nil, snapshots: Bool? = nil, events: Bool? = nil,
    search: Bool? = nil
  ) {
    self.version = version
    self.hunkReview = hunkReview
    self.snapshots = snapshots
    self.events = events
    self.search = search
  }
}

/// stet: what is on for the connection. Absent from the result of a plain Codex server.
public struct StetServerCapabilities: Codable, Hashable, Sendable {
  public var version: Int
  public var serverVersion: String
  public var hunkReview: Bool
  public var snapshots: Bool
  public var events: Bool
  public var search: Bool
  /// Names this life of the server: another after each start. Sequence numbers mean nothing beyond it.
  @OmitIfNil public var epoch: String?

  public init(
    version: Int, serverVersion: String, hunkReview: Bool, snapshots: Bool, events: Bool, search: Bool,
    epoch: String? = nil
  ) {
    self.epoch = epoch
    self.version = version
    self.serverVersion = serverVersion
    self.hunkReview = hunkReview
    self.snapshots = snapshots
    self.events = events
    self.search = search
  }
}
