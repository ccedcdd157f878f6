import CCurl

/// One easy handle with what its callbacks collect. Lives on the network thread.
final class Exchange {
  /// Header blocks of real servers stay under 64 KiB; a peer that sends more is not one we can read.
  static let maxHeaderBytes = 256 << 10
  /// How long an answer that nobody reads any more may take to end: the last bytes of a stream come within one trip,
  /// and a model must not go on writing for nobody.
  static let lingerMs = 500
  /// How long the body of an error may take from its head on: it is a few lines that explain a status, and who waits for
  /// them waits with an answer in hand.
  static let errorBodyMs = 10_000

  let library: CurlLibrary
  let easy: CurlLibrary.Handle
  let transfer: Transfer
  let request: HTTPRequest
  let origin: Origin
  /// Where the connection really goes, for error texts; "" without a proxy.
  let proxy: String
  let redirects: Int

  var status = 0
  var headers = HTTPHeaders()
  var headerBytes = 0
  var hasHead = false
  /// Set by a callback that stops the transfer: the reason, which libcurl does not know.
  var stopped: NetError?

  private var sendList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  private let clock: @Sendable () -> Int
  private var lastActivityMs: Int
  private var sentBytes: curl_off_t = 0
  private var hasBody = false
  private var isPaused = false
  private var releasedAtMs: Int?
  /// When the head of an error came.
  private var failedAtMs: Int?

  enum Outcome {
    case end(Result<Void, NetError>)
    case again(HTTPRequest)
  }

  /// A handle ready for the multi handle.
  init(
    library: CurlLibrary, transfer: Transfer, request: HTTPRequest, settings: NetSettings, redirects: Int
  ) throws(NetError) {
    let origin = try Origin.parse(request.url, with: library).origin
    guard let easy = library.easyInit() else { throw NetError(.other, "libcurl: out of memory") }
    (self.library, self.easy, self.transfer, self.request) = (library, easy, transfer, request)
    (self.origin, self.proxy, self.redirects) = (origin, settings.proxy(for: origin), redirects)
    (clock, lastActivityMs) = (settings.clock, settings.clock())
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    try configure(settings)
  }

  deinit {
    library.easyCleanup(easy)
    library.listFree(sendList)
    errorText.deallocate()
  }

  // MARK: limits

  /// The limit that counts now, and the error it would be. None while the reader is the one who is slow, nor while
  /// the connection is being made, which libcurl limits itself.
  func limit(now: Int) -> (dueMs: Int, error: NetError)? {
    if let releasedAtMs { return (releasedAtMs + Self.lingerMs, .cancelled) }
    if isPaused { return nil }
    let usual = silence
    guard let failedAtMs, failedAtMs + Self.errorBodyMs < usual.dueMs else { return usual }
    let error = NetError(
      .timeoutIdle, "\(origin.text) did not end its error \(status) within \(Self.seconds(Self.errorBodyMs))")
    return (failedAtMs + Self.errorBodyMs, error)
  }

  private var silence: (dueMs: Int, error: NetError) {
    if hasBody {
      let error = NetError(
        .timeoutIdle, "\(origin.text) sent nothing for \(Self.seconds(request.idleTimeoutMs))")
      return (lastActivityMs + request.idleTimeoutMs, error)
    }
    let error = NetError(
      .timeoutFirstByte,
      "\(origin.text) did not begin to answer within \(Self.seconds(request.firstByteTimeoutMs))")
    return (lastActivityMs + request.firstByteTimeoutMs, error)
  }

  static func seconds(_ ms: Int) -> String { ms % 1000 == 0 ? "\(ms / 1000) s" : "\(ms) ms" }

  func release() {
    releasedAtMs = clock()
    resume()
  }

  func resume() {
    guard isPaused else { return }
    isPaused = false
    lastActivityMs = clock()
    _ = library.easyPause(easy, 0)  // CURLPAUSE_CONT
  }

  // MARK: callbacks

  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    lastActivityMs = clock()
    hasBody = true
    if Redirect.isRedirect(status) && headers["location"] != nil { return bytes.count }
    if transfer.deliver(bytes) { return bytes.count }
    isPaused = true
    return stet_curl_writefunc_pause()
  }

  /// One header line with its line end; the blank one ends a block. A new status line begins a new block: what an
  /// informational answer or a proxy's CONNECT said before it does not count.
  func receive(header bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    if headerBytes > Self.maxHeaderBytes {
      stopped = NetError(.tooLarge, "\(origin.text) sent more than \(Self.maxHeaderBytes) bytes of headers")
      return 0
    }
    let line = bytes.prefix { $0 != 13 && $0 != 10 }
    if line.starts(with: "HTTP/".utf8) {
      (status, headers) = (0, HTTPHeaders())
    } else if let colon = line.firstIndex(of: 58), !line.isEmpty {
      let value = line[line.index(after: colon)...].drop { $0 == 32 || $0 == 9 }
      let end = value.lastIndex { $0 != 32 && $0 != 9 }.map { value.index(after: $0) } ?? value.startIndex
      headers.append(
        String(decoding: line[..<colon], as: UTF8.self),
        String(decoding: value[value.startIndex..<end], as: UTF8.self))
    } else if line.isEmpty {
      endOfHeaders()
    }
    return bytes.count
  }

  private func endOfHeaders() {
    var code = 0
    if stet_curl_get_long(library.getInfo, easy, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK { status = code }
    guard status >= 200, !hasHead else { return }
    hasHead = true
    if Redirect.isRedirect(status) && headers["location"] != nil { return }
    if status >= 400 { failedAtMs = clock() }
    transfer.deliver(head: .head(status: status, headers: headers))
  }

  func progress(sent: curl_off_t) {
    guard sent != sentBytes else { return }
    sentBytes = sent
    lastActivityMs = clock()
  }

  // MARK: the end

  func outcome(_ code: CURLcode) -> Outcome {
    if let stopped { return .end(.failure(stopped)) }
    guard code == CURLE_OK else { return .end(.failure(failure(code))) }
    guard Redirect.isRedirect(status), let location = headers["location"] else { return .end(.success(())) }
    guard redirects < Redirect.limit else {
      let text = "\(origin.text) redirects more than \(Redirect.limit) times"
      return .end(.failure(NetError(.redirectRefused, text)))
    }
    do throws(NetError) {
      let target = try Origin.parse(request.url, reference: location, with: library)
      return .again(
        try Redirect.next(after: request, status: status, from: origin, to: target.origin, url: target.url))
    } catch {
      return .end(.failure(error))
    }
  }

  private func failure(_ code: CURLcode) -> NetError {
    var errno = 0
    _ = stet_curl_get_long(library.getInfo, easy, CURLINFO_OS_ERRNO, &errno)
    let detail = String(cString: errorText)
    return CurlFailure(
      code: code, errno: Int32(truncatingIfNeeded: errno),
      detail: detail.isEmpty ? library.text(code) : detail,
      origin: origin, proxy: proxy, hasHead: hasHead, connectTimeoutMs: request.connectTimeoutMs
    ).error
  }

  // MARK: options

  private func configure(_ settings: NetSettings) throws(NetError) {
    let this = Unmanaged.passUnretained(self).toOpaque()
    let write: curl_write_callback = { bytes, size, count, context in
      guard let context, let bytes else { return 0 }
      let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().receive(buffer)
    }
    let header: curl_write_callback = { bytes, size, count, context in
      guard let context, let bytes else { return 0 }
      let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().receive(header: buffer)
    }
    let progress: curl_xferinfo_callback = { context, _, _, _, sent in
      guard let context else { return 1 }
      Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue().progress(sent: sent)
      return 0
    }
    let function = library.setOption
    func check(_ code: CURLcode) throws(NetError) { try library.check(code, "preparing a request") }
    try check(stet_curl_set_pointer(function, easy, CURLOPT_ERRORBUFFER, errorText))
    try check(stet_curl_set_write(function, easy, CURLOPT_WRITEFUNCTION, write))
    try check(stet_curl_set_pointer(function, easy, CURLOPT_WRITEDATA, this))
    try check(stet_curl_set_write(function, easy, CURLOPT_HEADERFUNCTION, header))
    try check(stet_curl_set_pointer(function, easy, CURLOPT_HEADERDATA, this))
    try check(stet_curl_set_progress(function, easy, progress))
    try check(stet_curl_set_pointer(function, easy, CURLOPT_XFERINFODATA, this))
    try ExchangeOptions(library: library, easy: easy).apply(request, proxy: proxy, settings: settings)
    for (name, value) in request.headers {
      try append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    // A large prompt would otherwise wait up to a second for a "100 Continue" that few servers send.
    try append("Expect:")
    try check(stet_curl_set_pointer(function, easy, CURLOPT_HTTPHEADER, sendList))
  }

  private func append(_ line: String) throws(NetError) {
    guard let longer = library.listAppend(sendList, line) else {
      throw NetError(.other, "libcurl: out of memory")
    }
    sendList = longer
  }
}
