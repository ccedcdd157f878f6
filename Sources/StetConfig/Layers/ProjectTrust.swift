import StetJSON

/// Which directories the user trusts: `[projects."DIR"] trust_level`.
///
/// Decided by real paths only. Metadata of a repository never widens trust: it can be forged (agent-core.md §5,
/// CVE-2026-40068). The presence of `.git` only ends the search upwards, which narrows it.
public struct ProjectTrust: Hashable, Sendable {
  /// By real path.
  private var levels: [String: Bool] = [:]
  private var consents: [String: Set<String>] = [:]
  private let home: String?

  /// `home` is the user's own directory: trusting it does not trust everything in it.
  init(_ root: ValueReader, home: String?) {
    self.home = home.map(Path.real)
    for (directory, table) in root.tables("projects") {
      let path = Path.real(directory)
      if let level = table.string("trust_level") { levels[path] = level == "trusted" }
      consents[path, default: []].formUnion(table.strings("consents") ?? [])
    }
  }

  /// Whether the user trusts a directory; nil if they were not asked yet.
  ///
  /// The directory's own entry counts, else the nearest one above it up to its repository's root. An entry for `/` or
  /// for the home directory counts for just that directory.
  public func isTrusted(directory: String) -> Bool? {
    nearest(to: directory).flatMap { levels[$0] }
  }

  /// Whether the user agreed to one entry of a project's configuration, by its hash.
  func hasConsent(_ hash: String, directory: String) -> Bool {
    guard let path = nearest(to: directory) else { return false }
    // Kept with the directory of the entry, which may be one inside of the trusted one.
    return [path, Path.real(directory)].contains { consents[$0]?.contains(hash) ?? false }
  }

  private func nearest(to directory: String) -> String? {
    let start = Path.real(directory)
    var path = start
    while true {
      if levels[path] != nil, path == start || (path != "/" && path != home) { return path }
      if path == "/" || Path.exists(Path.join(path, ".git")) { return nil }
      path = Path.parent(path)
    }
  }

  /// The directories whose `.stet/config.toml` may count for `cwd`: from the nearest one that has a marker down to it.
  static func directories(cwd: String, markers: [String]) -> [String] {
    let start = Path.real(cwd)
    var found: [String] = []
    var path = start
    while true {
      found.append(path)
      if markers.contains(where: { Path.exists(Path.join(path, $0)) }) { return found.reversed() }
      if path == "/" { return [start] }
      path = Path.parent(path)
    }
  }
}
