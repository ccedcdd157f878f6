import CCurl

/// Scheme, host and port of a URL, as libcurl itself reads it: two parsers that disagree would send a key elsewhere.
struct Origin: Hashable, Sendable {
  var scheme: String
  var host: String
  var port: String

  /// How error texts name it.
  var text: String { "\(host):\(port)" }

  var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" || host.hasSuffix(".localhost") { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Reads an absolute URL; `reference` is resolved against it when given. Returns the URL that results as well.
  static func parse(
    _ url: String, reference: String? = nil, with library: CurlLibrary
  ) throws(NetError) -> (origin: Origin, url: String) {
    guard let handle = library.urlInit() else { throw NetError(.other, "libcurl: out of memory") }
    defer { library.urlFree(handle) }
    guard library.urlSet(handle, CURLUPART_URL, url, 0) == CURLUE_OK else {
      throw NetError(.invalidRequest, "\(url.debugDescription) is not a URL with http:// or https://")
    }
    if let reference, library.urlSet(handle, CURLUPART_URL, reference, 0) != CURLUE_OK {
      throw NetError(.badResponse, "the redirect to \(reference.debugDescription) leads nowhere")
    }
    func part(_ part: CURLUPart) -> String {
      var text: UnsafeMutablePointer<CChar>?
      let code = library.urlGet(handle, part, &text, UInt32(CURLU_DEFAULT_PORT))
      guard code == CURLUE_OK, let text else { return "" }
      defer { library.free(text) }
      return String(cString: text)
    }
    let origin = Origin(
      scheme: part(CURLUPART_SCHEME).lowercased(), host: part(CURLUPART_HOST).lowercased(),
      port: part(CURLUPART_PORT))
    guard origin.scheme == "http" || origin.scheme == "https" else {
      throw NetError(.invalidRequest, "\(url.debugDescription) is not a URL with http:// or https://")
    }
    return (origin, part(CURLUPART_URL))
  }
}
