import FoundationEssentials
import Glibc

/// HTTP over libcurl, for any number of concurrent callers.
///
/// The network thread and libcurl come with the first request (or `warmUp()`). Idle, the thread sleeps without a
/// timer. Proxies are taken from the environment handed in: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`
/// (upper case too, but not `HTTP_PROXY`, which a CGI parent would let a stranger set); loopback hosts never go
/// through a proxy.
public final class HTTPClient: Sendable {
  private let loop: CurlLoop

  /// `clock` gives monotonic milliseconds for the first-byte and idle limits; another one than the system's needs
  /// `wake()` after it was moved.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    clock: @escaping @Sendable () -> Int = HTTPClient.monotonicMs
  ) {
    loop = CurlLoop(settings: NetSettings(environment: environment, clock: clock))
  }

  deinit { loop.stop(wait: false) }

  /// Loads libcurl on the network thread; returns at once. For after the first frame.
  public func warmUp() { wake() }

  /// Opens a connection that the next request to the same place finds ready, and returns at once.
  ///
  /// libcurl never hands on a connection that was only opened, so a HEAD without keys goes over it: it costs nothing
  /// anywhere, and whatever the answer is, nobody looks at it.
  public func connect(_ url: String) {
    _ = begin(HTTPRequest(method: "HEAD", url: url, firstByteTimeoutMs: HTTPRequest.defaultConnectTimeoutMs))
  }

  /// Which way requests to a URL take, for people to read.
  public func route(to url: String) -> NetRoute { NetRoute(url, loop.settings) }

  /// Makes the network thread look at its limits now.
  public func wake() { loop.post(.wake) }

  /// Starts the request now and hands out its events in order: one head, then bytes, then the end.
  ///
  /// Throws `NetError` at the end of what arrived. When the reading task is cancelled the sequence ends (with
  /// `.cancelled` or without an error, as Swift's streams do) and the connection is closed. Who drops the sequence
  /// after the last event it wants leaves the connection to the next request, if the answer ends within half a second.
  /// One reader. Redirects: see `Redirect`. libcurl itself sends a request a second time when a
  /// connection kept from an earlier request ends without one byte of an answer.
  public func stream(_ request: HTTPRequest) -> AsyncThrowingStream<HTTPEvent, any Error> {
    let lease = TransferLease(begin(request), of: self)
    return AsyncThrowingStream(unfolding: { try await lease.transfer.next() })
  }

  /// The whole response, for small answers; `.tooLarge` beyond `maxBytes`.
  public func fetch(_ request: HTTPRequest, maxBytes: Int) async throws(NetError) -> HTTPResponse {
    let lease = TransferLease(begin(request), of: self)
    var response = HTTPResponse(status: 0, headers: HTTPHeaders(), body: [])
    while let event = try await lease.transfer.next() {
      switch event {
      case .head(let status, let headers):
        response.status = status
        response.headers = headers
      case .bytes(let bytes):
        guard bytes.count <= maxBytes - response.body.count else {
          throw NetError(.tooLarge, "the answer is larger than \(maxBytes) bytes")
        }
        response.body.append(contentsOf: bytes)
      }
    }
    return response
  }

  /// Fails what is under way as cancelled and ends the thread; later requests fail as cancelled. Returns when the
  /// thread is gone, so that a process can exit without a race in the TLS library. Not from the network thread.
  public func shutdown() { loop.stop(wait: true) }

  /// CLOCK_MONOTONIC in milliseconds.
  @Sendable public static func monotonicMs() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  private func begin(_ request: HTTPRequest) -> Transfer {
    let transfer = Transfer(request, on: loop)
    do throws(NetError) {
      try request.validated()
      loop.post(.start(transfer))
    } catch {
      transfer.finish(.failure(error))
    }
    return transfer
  }
}
