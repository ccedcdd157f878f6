/// What happens to a redirect. libcurl follows none by itself: it knows `Authorization`, but not the other headers
/// that carry keys (`x-api-key`, `api-key`), and would take a prompt anywhere.
///
/// - GET and HEAD are followed up to `limit` times; to another place only without the caller's headers.
/// - A request with a body is repeated for 307 and 308 on the same host and port (or from http to https there).
/// - Everything else, and every step from https to http, is refused with an error that names both places.
enum Redirect {
  static let limit = 5

  /// The request to send next.
  static func next(
    after request: HTTPRequest, status: Int, from old: Origin, to new: Origin, url: String
  ) throws(NetError) -> HTTPRequest {
    func refusal(_ why: String) -> NetError {
      NetError(
        .redirectRefused,
        "\(old.text) redirects to \(new.scheme)://\(new.text) (HTTP \(status)), which was not followed: \(why)"
      )
    }
    if old.scheme == "https" && new.scheme == "http" {
      throw refusal("the new address is not encrypted")
    }
    var next = request
    next.url = url
    let samePlace = old.host == new.host && (old == new || (old.scheme == "http" && new.scheme == "https"))
    if request.method == "GET" || request.method == "HEAD" {
      if !samePlace {
        next.headers = request.headers.filter { name, _ in
          HTTPHeaders.same(name, "accept") || HTTPHeaders.same(name, "user-agent")
        }
      }
      return next
    }
    guard samePlace else { throw refusal("the request and its keys are meant for \(old.text) only") }
    guard status == 307 || status == 308 else {
      throw refusal("it would turn a \(request.method) into a GET")
    }
    return next
  }

  static func isRedirect(_ status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }
}
