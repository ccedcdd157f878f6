import CCurl

/// The options of an easy handle that depend only on the request and the settings.
struct ExchangeOptions {
  let library: CurlLibrary
  let easy: CurlLibrary.Handle

  func apply(_ request: HTTPRequest, proxy: String, settings: NetSettings) throws(NetError) {
    try set(CURLOPT_URL, request.url)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    // Redirects are ours (Redirect.swift), streams are HTTP/1.1 (StetNet.swift).
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_NOPROGRESS, 0)
    try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeoutMs)
    // A cancelled request must not wait for a name server.
    try set(CURLOPT_QUICK_EXIT, 1)
    try set(CURLOPT_TCP_NODELAY, 1)
    try set(CURLOPT_TCP_KEEPALIVE, 1)
    // "" (not NULL) keeps libcurl from looking into the environment itself.
    try set(CURLOPT_PROXY, proxy)
    try set(CURLOPT_NOPROXY, settings.noProxy)
    try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    try setCertificates(settings.certificates)
    try setMethod(request)
  }

  /// Debian's default certificate directory switches libcurl's cache of parsed bundles off: 20-24 ms a connection.
  private func setCertificates(_ bundle: String?) throws(NetError) {
    guard let bundle else { return }
    let none = stet_curl_set_string(library.setOption, easy, CURLOPT_CAPATH, nil)
    try library.check(none, "preparing a request")
    try set(CURLOPT_CAINFO, bundle)
  }

  private func setMethod(_ request: HTTPRequest) throws(NetError) {
    switch request.method {
    case "HEAD": return try set(CURLOPT_NOBODY, 1)
    case "GET" where request.body.isEmpty: return try set(CURLOPT_HTTPGET, 1)
    default: break
    }
    try set(CURLOPT_POST, 1)
    let size = curl_off_t(request.body.count)
    try library.check(
      stet_curl_set_offset(library.setOption, easy, CURLOPT_POSTFIELDSIZE_LARGE, size), "preparing a request")
    if request.body.isEmpty {
      try set(CURLOPT_COPYPOSTFIELDS, "")
    } else {
      let copied = request.body.withUnsafeBytes {
        stet_curl_set_pointer(library.setOption, easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
      }
      try library.check(copied, "preparing a request")
    }
    if request.method != "POST" { try set(CURLOPT_CUSTOMREQUEST, request.method) }
  }

  private func set(_ option: CURLoption, _ value: Int) throws(NetError) {
    try library.check(stet_curl_set_long(library.setOption, easy, option, value), "preparing a request")
  }

  private func set(_ option: CURLoption, _ value: String) throws(NetError) {
    try library.check(stet_curl_set_string(library.setOption, easy, option, value), "preparing a request")
  }
}
