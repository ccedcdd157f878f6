import StetJSON
import StetProtocol
import StetRPC

/// A notification on its way to several connections: written once, and once more for those that get less of it.
struct Rendering {
  let method: String
  let itemId: String?
  let notification: ServerNotification
  let emittedAtMs: Int64
  private let whole: Message
  private let hasExtras: Bool

  init(_ notification: ServerNotification, emittedAtMs: Int64) throws {
    self.notification = notification
    self.emittedAtMs = emittedAtMs
    method = notification.method
    itemId = notification.itemId
    hasExtras = notification.hasExtras
    whole = .notification(
      method: method, params: try notification.params(), emittedAtMs: emittedAtMs)
  }

  /// - Parameter seq: its number in the thread; nil where it belongs to none.
  func message(for profile: ClientProfile, seq: Int?) throws -> Message {
    let number = profile.events ? seq.map { JSONValue.sequence($0...$0) } : nil
    guard hasExtras || number != nil, case .notification(_, var params, _, _) = whole else { return whole }
    if hasExtras { params = try notification.rendered(for: profile).params() }
    return .notification(method: method, params: params, emittedAtMs: emittedAtMs, stet: number)
  }

  /// About how many bytes it holds.
  var approximateBytes: Int {
    if case .notification(_, let params?, _, _) = whole { params.approximateBytes + 64 } else { 64 }
  }
}

extension ServerNotification {
  /// Whether the notification carries a `stet` member somewhere.
  var hasExtras: Bool {
    switch self {
    case .itemStarted(let params): params.item.hasExtras
    case .itemCompleted(let params): params.item.hasExtras
    case .turnCompleted(let params): params.stet != nil || params.turn.hasExtras
    case .threadSettingsUpdated(let params): params.threadSettings.stet != nil
    case .error(let params): params.stet != nil
    case .threadTokenUsageUpdated(let params): params.stet != nil || params.tokenUsage.stet != nil
    default: false
    }
  }

  /// The notification without what the client did not ask for.
  func rendered(for profile: ClientProfile) -> ServerNotification {
    switch self {
    case .itemStarted(var params):
      params.item = params.item.rendered(for: profile)
      return .itemStarted(params)
    case .itemCompleted(var params):
      params.item = params.item.rendered(for: profile)
      return .itemCompleted(params)
    case .turnCompleted(var params):
      if !profile.snapshots { params.stet = nil }
      params.turn = params.turn.rendered(for: profile)
      return .turnCompleted(params)
    case .threadSettingsUpdated(var params):
      if profile.stet == nil { params.threadSettings.stet = nil }
      return .threadSettingsUpdated(params)
    case .error(var params):
      if profile.stet == nil { params.stet = nil }
      return .error(params)
    case .threadTokenUsageUpdated(var params):
      if profile.stet == nil {
        params.stet = nil
        params.tokenUsage.stet = nil
      }
      return .threadTokenUsageUpdated(params)
    default: return self
    }
  }
}

extension ServerRequest {
  /// The request without what the client did not ask for.
  func rendered(for profile: ClientProfile) -> ServerRequest {
    switch self {
    case .fileChangeRequestApproval(var params) where !profile.hunkReview:
      params.stet = nil
      return .fileChangeRequestApproval(params)
    case .commandExecutionRequestApproval(var params) where !profile.snapshots && !profile.hunkReview:
      params.stet = nil
      return .commandExecutionRequestApproval(params)
    default: return self
    }
  }
}

extension ThreadItem {
  fileprivate var hasExtras: Bool {
    switch self {
    case .fileChange(let item): item.stet != nil
    case .commandExecution(let item): item.stet != nil
    default: false
    }
  }

  func rendered(for profile: ClientProfile) -> ThreadItem {
    switch self {
    case .fileChange(var item) where item.stet != nil && !profile.hunkReview:
      item.stet = nil
      return .fileChange(item)
    case .commandExecution(var item) where item.stet != nil && profile.stet == nil:
      item.stet = nil
      return .commandExecution(item)
    default: return self
    }
  }
}

extension Turn {
  fileprivate var hasExtras: Bool { items.contains(where: \.hasExtras) }

  func rendered(for profile: ClientProfile) -> Turn {
    guard hasExtras else { return self }
    var turn = self
    turn.items = items.map { $0.rendered(for: profile) }
    return turn
  }
}

extension StetProtocol.Thread {
  func rendered(for profile: ClientProfile) -> StetProtocol.Thread {
    var thread = self
    thread.turns = turns.map { $0.rendered(for: profile) }
    return thread
  }
}
