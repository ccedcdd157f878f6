import FoundationEssentials

/// What the environment says about the network, read once at start: no `getenv` on the network thread.
struct NetSettings: Sendable {
  var proxyForHTTP: String?
  var proxyForHTTPS: String?
  /// Hosts that are asked directly, in curl's syntax.
  var noProxy: String
  /// A bundle file. libcurl caches the parsed bundle only without a certificate directory: 24 ms once instead of
  /// 24 ms for each connection.
  var certificates: String?
  let clock: @Sendable () -> Int

  private static let bundles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ]

  init(environment: [String: String], clock: @escaping @Sendable () -> Int) {
    self.clock = clock
    func first(_ names: String...) -> String? {
      names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    let all = first("all_proxy", "ALL_PROXY")
    proxyForHTTP = first("http_proxy") ?? all
    proxyForHTTPS = first("https_proxy", "HTTPS_PROXY") ?? all
    noProxy = first("no_proxy", "NO_PROXY") ?? ""
    certificates =
      first("STET_CA_CERTIFICATE", "CODEX_CA_CERTIFICATE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
      ?? Self.bundles.first { FileManager.default.isReadableFile(atPath: $0) }
  }

  /// The proxy for a place, "" for none. A model on this machine is never asked through a proxy.
  func proxy(for origin: Origin) -> String {
    if origin.isLoopback { return "" }
    return (origin.scheme == "https" ? proxyForHTTPS : proxyForHTTP) ?? ""
  }
}
