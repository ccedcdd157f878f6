import StetProtocol

/// A call whose result carries the whole history of a thread, which has pages for that.
enum Hydration {
  case resume, fork, read

  fileprivate var advice: String {
    switch self {
    case .resume, .fork: "use `excludeTurns: true`"
    case .read: "omit `includeTurns` or set it to `false`"
    }
  }
}

extension RequestContext {
  /// Tells the caller, and nobody else, before the result (protocol.md §4). The text is Codex's, for whoever wrote the
  /// client; clients of ours do not show it to their users.
  func adviseAgainst(_ hydration: Hydration) {
    outbox.greet(
      connection,
      .deprecationNotice(
        DeprecationNoticeNotification(
          summary: DeprecationNoticeNotification.hydration + "; \(hydration.advice), then page with "
            + "`thread/turns/list` and `thread/items/list`.")))
  }
}
