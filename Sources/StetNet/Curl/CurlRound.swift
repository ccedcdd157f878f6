import CCurl

/// The multi handle and the exchanges on it; all of it belongs to the network thread.
final class CurlRound {
  private let library: CurlLibrary
  private let multi: CurlLibrary.Handle
  private let settings: NetSettings
  private var exchanges: [ObjectIdentifier: Exchange] = [:]

  init(library: CurlLibrary, multi: CurlLibrary.Handle, settings: NetSettings) {
    self.library = library
    self.multi = multi
    self.settings = settings
  }

  func apply(_ command: CurlLoop.Command) {
    switch command {
    case .wake: break
    case .start(let transfer):
      if exchanges.count >= CurlLoop.maxTransfers {
        let text = "\(CurlLoop.maxTransfers) requests are under way already"
        transfer.finish(.failure(NetError(.tooLarge, text)))
      } else {
        start(transfer, transfer.request, redirects: 0)
      }
    case .cancel(let transfer):
      if let exchange = exchanges.removeValue(forKey: ObjectIdentifier(transfer)) { drop(exchange) }
    case .release(let transfer):
      exchanges[ObjectIdentifier(transfer)]?.release()
    case .resume(let transfer):
      exchanges[ObjectIdentifier(transfer)]?.resume()
    }
  }

  /// Moves bytes, reports ends, applies limits. Returns in how many milliseconds the next limit is due.
  func turn() -> Int? {
    var running: Int32 = 0
    do throws(NetError) {
      try library.check(library.multiPerform(multi, &running), "moving data")
    } catch {
      for exchange in exchanges.values { end(exchange, .failure(error)) }
      return nil
    }
    var left: Int32 = 0
    while let message = library.multiMessage(multi, &left) {
      // The message dies with the removal of its handle.
      let (kind, easy, code) = (message.pointee.msg, message.pointee.easy_handle, message.pointee.data.result)
      guard kind == CURLMSG_DONE, let exchange = exchanges.values.first(where: { $0.easy == easy }) else {
        continue
      }
      finish(exchange, code)
    }
    let now = settings.clock()
    var due: Int?
    for exchange in exchanges.values {
      guard let limit = exchange.limit(now: now) else { continue }
      if limit.dueMs <= now {
        end(exchange, .failure(limit.error))
      } else {
        due = min(due ?? Int.max, limit.dueMs - now)
      }
    }
    return due
  }

  func poll(timeoutMs: Int) {
    let code = library.multiPoll(multi, nil, 0, Int32(clamping: timeoutMs), nil)
    if code != CURLM_OK {
      // Out of memory or descriptors: fail what runs rather than spin.
      for exchange in exchanges.values {
        end(
          exchange,
          .failure(NetError(.other, "the network thread cannot wait", underlying: "\(code.rawValue)")))
      }
    }
  }

  func end() {
    for exchange in exchanges.values { end(exchange, .failure(.cancelled)) }
    _ = library.multiCleanup(multi)
  }

  private func start(_ transfer: Transfer, _ request: HTTPRequest, redirects: Int) {
    do throws(NetError) {
      let exchange = try Exchange(
        library: library, transfer: transfer, request: request, settings: settings, redirects: redirects)
      try library.check(library.multiAdd(multi, exchange.easy), "starting a request")
      exchanges[ObjectIdentifier(transfer)] = exchange
    } catch {
      transfer.finish(.failure(error))
    }
  }

  private func finish(_ exchange: Exchange, _ code: CURLcode) {
    switch exchange.outcome(code) {
    case .end(let result): end(exchange, result)
    case .again(let request):
      drop(exchange)
      start(exchange.transfer, request, redirects: exchange.redirects + 1)
    }
  }

  private func end(_ exchange: Exchange, _ result: Result<Void, NetError>) {
    drop(exchange)
    exchange.transfer.finish(result)
  }

  /// Takes the exchange off the wire. One that is not complete has its connection closed by libcurl (HTTP/1.1).
  private func drop(_ exchange: Exchange) {
    exchanges[ObjectIdentifier(exchange.transfer)] = nil
    _ = library.multiRemove(multi, exchange.easy)
  }
}
