/// Which variables a command may see (agent-core S8). Pure.
///
/// The model's commands get an allow-list; the client's own get everything. Both lose names that look like a
/// secret, the provider's key, and any variable that holds the same value as one of those.
public struct EnvironmentPolicy: Hashable, Sendable {
  /// Names the user lists: they pass although they are not on the allow-list or look like a secret.
  public var listed: Set<String>
  /// Names that never pass, listed or not: the variables that hold provider keys.
  public var excluded: Set<String>

  /// What the user's configuration says, for commands of the model.
  public var choice = EnvironmentChoice()

  public init(listed: Set<String> = [], excluded: Set<String> = []) {
    self.listed = listed
    self.excluded = excluded
  }

  /// For commands of the model. `extra` is set last and is not filtered, apart from `excluded`.
  public func forModel(
    _ environment: [String: String], extra: [String: String] = [:], terminal: Bool = false
  ) -> [String: String] {
    var result = environment.filter { name, _ in
      // A `cd` that was shown to the user goes where its words say.
      listed.contains(name) || choice.inherits(name) && !choice.excludes(name) && name != "CDPATH"
    }
    result = withoutSecretValues(result, of: environment)
    result.merge(Self.commandDefaults(terminal: terminal)) { $1 }
    if result["LANG"] == nil, result["LC_ALL"] == nil { result["LANG"] = "C.UTF-8" }
    if result["PATH"] == nil { result["PATH"] = Executable.defaultPath }
    result.merge(choice.set) { $1 }
    if !choice.includeOnly.isEmpty { result = result.filter { choice.includes($0.key) } }
    result.merge(extra) { $1 }
    for name in excluded { result[name] = nil }
    return result
  }

  /// For commands of the client itself (`command/exec`, `process/spawn`, `thread/shellCommand`): all variables
  /// less the secret ones. In `extra`, nil unsets.
  public func forClient(
    _ environment: [String: String], extra: [String: String?] = [:]
  ) -> [String: String] {
    var result = environment.filter { name, _ in listed.contains(name) || !Self.looksSecret(name) }
    result = withoutSecretValues(result, of: environment)
    for (name, value) in extra { result[name] = value }
    for name in excluded { result[name] = nil }
    return result
  }

  /// `forModel` in one call: `excluding` are the names of provider keys.
  public static func filtered(
    _ environment: [String: String], extra: [String: String] = [:], excluding: Set<String> = []
  ) -> [String: String] {
    EnvironmentPolicy(excluded: excluding).forModel(environment, extra: extra)
  }

  /// What makes tools behave when nobody sits before them: no pager, no prompt, no colour on pipes.
  public static func commandDefaults(terminal: Bool) -> [String: String] {
    var defaults = ["PAGER": "cat", "GIT_PAGER": "cat", "GH_PAGER": "cat", "GIT_TERMINAL_PROMPT": "0"]
    if terminal {
      defaults["TERM"] = "xterm-256color"
    } else {
      defaults["TERM"] = "dumb"
      defaults["NO_COLOR"] = "1"
    }
    return defaults
  }

  /// Whether a name says that its value is secret: it contains KEY, TOKEN, SECRET, PASS or CREDENTIAL, or is one by which
  /// a package manager is given what it logs in with.
  public static func looksSecret(_ name: String) -> Bool {
    let upper = name.uppercased()
    return secretParts.contains { upper.firstRange(of: $0) != nil } || isLogin(upper)
  }

  /// `npm_config__auth` and `npm_config_//host/:_auth`; of Bundler the credentials of a host, which has dots:
  /// `BUNDLE_GEMS__EXAMPLE__COM`. Its own settings have them only between known words.
  private static func isLogin(_ upper: String) -> Bool {
    if upper.hasPrefix("NPM_CONFIG_") { return upper.hasSuffix("_AUTH") }
    guard upper.hasPrefix("BUNDLE_"), upper.dropFirst(7).firstRange(of: "__") != nil else { return false }
    return !["BUNDLE_BUILD__", "BUNDLE_LOCAL__", "BUNDLE_MIRROR__", "BUNDLE_DISABLE_LOCAL__"]
      .contains { upper.hasPrefix($0) }
  }

  private static let secretParts = ["KEY", "TOKEN", "SECRET", "PASS", "CREDENTIAL"]

  /// Shorter values are words like "1" or "true" that many variables share.
  private static let shortestSecret = 8

  /// A copy of the provider's key under an innocent name is still the key.
  private func withoutSecretValues(
    _ kept: [String: String], of environment: [String: String]
  ) -> [String: String] {
    let secrets = excluded.compactMap { environment[$0] }.filter { $0.utf8.count >= Self.shortestSecret }
    return kept.filter { name, value in
      !excluded.contains(name) && !secrets.contains { value.contains($0) } && !Self.holdsCredentials(value)
    }
  }

  /// `scheme://user:password@host`, as in proxy and package index variables, wherever in the value; for the web also
  /// `https://token@host`. A user alone, as in `ssh://git@host`, is none.
  private static func holdsCredentials(_ value: String) -> Bool {
    var rest = value[...]
    while let scheme = rest.firstRange(of: "://") {
      let isWeb =
        rest[..<scheme.lowerBound].hasSuffix("http") || rest[..<scheme.lowerBound].hasSuffix("https")
      rest = rest[scheme.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && !$0.isWhitespace }
      guard let at = authority.lastIndex(of: "@") else { continue }
      if isWeb || authority[..<at].contains(":") { return true }
    }
    return false
  }
}
