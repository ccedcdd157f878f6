import CCurl
import Glibc

/// Turns libcurl's result into an error that says what happened and where.
struct CurlFailure {
  let code: CURLcode
  let errno: Int32
  /// libcurl's own text.
  let detail: String
  let origin: Origin
  let proxy: String
  let hasHead: Bool
  let connectTimeoutMs: Int

  var error: NetError {
    let (kind, text) = reading
    return NetError(kind, text, underlying: detail)
  }

  private var reading: (NetErrorCode, String) {
    switch code {
    case CURLE_COULDNT_CONNECT: return connecting
    case CURLE_COULDNT_RESOLVE_HOST: return (.resolve, "the host name \(origin.host) has no address")
    case CURLE_COULDNT_RESOLVE_PROXY: return (.resolve, "the proxy's host name has no address: \(proxyText)")
    case CURLE_OPERATION_TIMEDOUT:
      return (.timeoutConnect, "no connection to \(peer) within \(Exchange.seconds(connectTimeoutMs))")
    case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_PEER_FAILED_VERIFICATION,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      return (.tls, "TLS with \(origin.text) failed: \(detail)")
    case CURLE_GOT_NOTHING: return (.cut, "\(origin.text) closed the connection without an answer")
    case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
      let what = hasHead ? "before the answer was complete" : "without an answer"
      let how = errno == ECONNRESET ? "reset" : "closed"
      return (.cut, "\(peer) \(how) the connection \(what)")
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      return (.badResponse, "\(origin.text) does not answer in HTTP/1.1: \(detail)")
    case CURLE_URL_MALFORMAT: return (.invalidRequest, "not a URL that can be asked: \(detail)")
    default: return (.other, "the request to \(origin.text) failed: \(detail)")
    }
  }

  private var connecting: (NetErrorCode, String) {
    switch errno {
    case ECONNREFUSED: (.connectionRefused, "connection refused by \(peer)")
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN:
      (.unreachable, "no route to \(peer): \(String(cString: strerror(errno)))")
    case ETIMEDOUT: (.timeoutConnect, "no connection to \(peer): it does not answer")
    default: (.unreachable, "no connection to \(peer): \(detail)")
    }
  }

  private var peer: String { proxy.isEmpty ? origin.text : "the proxy \(proxyText) for \(origin.text)" }

  /// Without scheme, user and password.
  private var proxyText: String {
    let tail = proxy.split(separator: "@").last ?? ""
    return tail.split(separator: "/").last { !$0.isEmpty }.map(String.init) ?? proxy
  }
}
