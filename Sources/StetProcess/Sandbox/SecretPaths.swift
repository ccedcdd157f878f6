import Glibc

/// What neither commands nor the reading tools may read (agent-core S7): keys, tokens, browser profiles. The one list
/// of them; found anew for each use.
public enum SecretPaths {
  /// Something to hide that exists; `path` has no symbolic links.
  public struct Hidden: Hashable, Sendable {
    public var path: String
    public var isDirectory: Bool
    /// Names of files inside that stay readable.
    public var kept: [String] = []

    /// Whether a real path lies in what is hidden.
    public func covers(_ real: String) -> Bool {
      guard isBeneath(real, path) else { return false }
      return !isDirectory || !kept.contains { "\(path)/\($0)".utf8.elementsEqual(real.utf8) }
    }
  }

  /// `environment` gives HOME and the places that tools let one move; `extra` are absolute paths.
  public static func find(_ environment: [String: String], extra: [String]) -> [Hidden] {
    var candidates = extra + system
    var homes: Set<String> = []
    for home in [environment["HOME"], accountHome()].compactMap({ $0 })
    where home.hasPrefix("/") && home != "/" {
      guard let real = realPath(home), homes.insert(real).inserted else { continue }
      candidates += inHome.map { "\(real)/\($0)" }
    }
    // The same places where the user has moved the directories around them.
    for (name, usual) in [("XDG_CONFIG_HOME", ".config/"), ("XDG_DATA_HOME", ".local/share/")] {
      guard let directory = environment[name], directory.hasPrefix("/") else { continue }
      candidates += inHome.filter { $0.hasPrefix(usual) }.map { "\(directory)/\($0.dropFirst(usual.count))" }
    }
    for (name, files) in movable {
      guard let directory = environment[name], directory.hasPrefix("/") else { continue }
      candidates += files.map { $0.isEmpty ? directory : "\(directory)/\($0)" }
    }
    var found: [String: Hidden] = [:]
    for candidate in candidates {
      for path in expand(candidate) {
        if let hidden = hide(path) { found[hidden.path] = hidden }
      }
    }
    return withoutNested(found.values.sorted { $0.path < $1.path })
  }

  private static let system = [
    "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/sudoers",
  ]

  /// A trailing `*` stands for any rest of the name.
  private static let inHome = [
    ".ssh", ".aws", ".gnupg", ".azure", ".kube", ".config/gcloud", ".config/doctl", ".config/op", ".oci",
    ".netrc", ".npmrc", ".git-credentials", ".config/git/credentials", ".config/gh/hosts.yml", ".config/hub",
    ".docker/config.json", ".pypirc", ".cargo/credentials*", ".gem/credentials", ".vault-token", ".pgpass",
    ".terraform.d/credentials.tfrc.json", ".config/rclone", ".codex/auth*", ".claude/.credentials*",
    ".gemini/oauth_creds*", ".local/share/opencode/auth*", ".config/stet/auth*",
    // Keychains.
    ".local/share/keyrings", ".local/share/kwalletd", ".password-store", ".config/keepassxc", ".pki",
    // Browser and mail profiles.
    ".mozilla", ".librewolf", ".zen", ".thunderbird", ".config/google-chrome*", ".config/chromium*",
    ".config/BraveSoftware", ".config/microsoft-edge*", ".config/vivaldi*", ".config/opera*",
    ".config/mozilla",
    "snap/firefox", "snap/chromium", "snap/brave", ".var/app/org.mozilla*", ".var/app/com.google.Chrome*",
    ".var/app/org.chromium*", ".var/app/com.brave*", ".var/app/com.microsoft.Edge*",
    // Sockets of daemons that act for whoever connects.
    ".docker/run", ".docker/desktop", ".colima", ".lima", ".orbstack", ".rd",
  ]

  private static let movable = [
    "CODEX_HOME": ["auth*"], "GNUPGHOME": [""], "DOCKER_CONFIG": ["config.json"],
    "CARGO_HOME": ["credentials*"],
    "CLOUDSDK_CONFIG": [""], "AZURE_CONFIG_DIR": [""], "KUBECONFIG": [""],
    "AWS_SHARED_CREDENTIALS_FILE": [""],
    "AWS_CONFIG_FILE": [""], "NETRC": [""], "PGPASSFILE": [""], "PASSWORD_STORE_DIR": [""],
    "GH_CONFIG_DIR": ["hosts.yml"],
  ]

  /// What of ~/.ssh is no secret and is needed to know hosts.
  private static func isPublicSSH(_ name: String) -> Bool {
    name.hasSuffix(".pub") || name.hasPrefix("known_hosts") || name == "config" || name == "authorized_keys"
  }

  private static func hide(_ path: String) -> Hidden? {
    guard let real = realPath(path) else { return nil }
    var status = stat()
    guard stat(real, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFDIR else { return Hidden(path: real, isDirectory: false) }
    let kept = path.hasSuffix("/.ssh") ? Directory.names(real).filter(isPublicSSH).sorted() : []
    return Hidden(path: real, isDirectory: true, kept: kept.filter { isRegular("\(real)/\($0)") })
  }

  private static func expand(_ pattern: String) -> [String] {
    guard pattern.hasSuffix("*"), let slash = pattern.lastIndex(of: "/") else { return [pattern] }
    let directory = String(pattern[..<slash])
    let prefix = pattern[pattern.index(after: slash)...].dropLast()
    return Directory.names(directory).filter { $0.hasPrefix(prefix) }.map { "\(directory)/\($0)" }
  }

  /// A place inside a hidden directory is hidden with it. `sorted` by path.
  private static func withoutNested(_ sorted: [Hidden]) -> [Hidden] {
    var result: [Hidden] = []
    for hidden in sorted where !result.contains(where: { $0.isDirectory && isBeneath(hidden.path, $0.path) })
    {
      result.append(hidden)
    }
    return result
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func accountHome() -> String? {
    var entry = passwd()
    var result: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &result) == 0, result != nil else { return nil }
    return entry.pw_dir.map { String(cString: $0) }
  }
}
