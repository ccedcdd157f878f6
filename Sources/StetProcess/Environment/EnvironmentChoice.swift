import Glibc

/// What the user's configuration says of the variables that the model's commands get, beside the rules of
/// `EnvironmentPolicy`. Pure.
public struct EnvironmentChoice: Hashable, Sendable {
  public enum Inherit: Hashable, Sendable {
    /// The allow-list of stet.
    case allowed
    case all
    /// What a shell can't do without.
    case core
    case none
  }

  public var inherit = Inherit.allowed
  /// Names that look like a secret are no reason to leave a variable out.
  public var keepsSecretNames = false
  /// Patterns with `*` and `?`, in any case, of names that are left out.
  public var exclude: [String] = []
  /// If there are any, only names that fit one of these pass. One that is written out passes also if it looks secret.
  public var includeOnly: [String] = []
  public var set: [String: String] = [:]

  public init() {}

  private static let core: Set<String> = [
    "HOME", "LOGNAME", "PATH", "SHELL", "USER", "USERNAME", "TMPDIR", "TEMP", "TMP", "LANG", "TERM", "TZ",
  ]

  func inherits(_ name: String) -> Bool {
    if includeOnly.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { return true }
    let isSecret = EnvironmentPolicy.looksSecret(name)
    if isSecret, !keepsSecretNames { return false }
    return switch inherit {
    case .allowed: isSecret || AllowedNames.contains(name)
    case .all: true
    case .core: Self.core.contains(name)
    case .none: false
    }
  }

  func excludes(_ name: String) -> Bool { Self.fits(name, exclude) }

  func includes(_ name: String) -> Bool { includeOnly.isEmpty || Self.fits(name, includeOnly) }

  /// FNM_CASEFOLD, which the headers show to programs with GNU extensions only.
  private static let anyCase: Int32 = 1 << 4

  private static func fits(_ name: String, _ patterns: [String]) -> Bool {
    patterns.contains { fnmatch($0, name, anyCase) == 0 }
  }
}
