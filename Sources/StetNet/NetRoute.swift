/// Which way requests to a place take: for the doctor. What really happens is libcurl's to decide.
public struct NetRoute: Hashable, Sendable {
  /// Host and port of the proxy, without user and password; nil for none.
  public let proxy: String?
  /// The file with the certificates that are trusted; nil for the library's own.
  public let certificates: String?

  init(_ url: String, _ settings: NetSettings) {
    let scheme = url.hasPrefix("https://") ? "https" : "http"
    let rest = url.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" }
    let authority = rest.split(separator: "@").last ?? rest
    let host =
      authority.hasPrefix("[")
      ? String(authority.prefix { $0 != "]" }) + "]" : String(authority.prefix { $0 != ":" })
    let address = settings.proxy(for: Origin(scheme: scheme, host: host.lowercased(), port: ""))
    let isDirect = address.isEmpty || Self.excludes(host.lowercased(), settings.noProxy)
    proxy = isDirect ? nil : Self.place(address)
    certificates = scheme == "https" ? settings.certificates : nil
  }

  /// `no_proxy` as libcurl reads it: names and ends of names, or `*`.
  private static func excludes(_ host: String, _ list: String) -> Bool {
    if list == "*" { return true }
    return list.lowercased().split { $0 == "," || $0 == " " }.contains { entry in
      let name = entry.drop { $0 == "." }
      return host == name || host.hasSuffix(".\(name)")
    }
  }

  private static func place(_ proxy: String) -> String {
    let tail = proxy.split(separator: "@").last ?? ""
    return tail.split(separator: "/").last { !$0.isEmpty }.map(String.init) ?? ""
  }
}
