import ArgumentParser
import StetAgent
import StetConfig
import StetText

/// `stet trust`: what a directory may do, and the user's word on it, for those who do not open the interface.
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract:
      "Show whether this directory is trusted and what its own settings ask for; trust it, agree to entries.")

  @OptionGroup var options: CommonOptions

  @Flag(name: .long, help: "Trust this directory: commands may write in it, its documents are read.")
  var yes = false

  @Flag(name: .long, help: "Do not trust this directory.")
  var no = false

  @Option(
    name: .long,
    help: "Agree to the entry with this hash, or the beginning of one. A changed entry is asked about again.")
  var agree: [String] = []

  @Flag(name: .long, help: "Agree to all hooks that are listed here: read them first.")
  var agreeHooks = false

  /// Characters of a hash that tell an entry for sure.
  private static let shortest = 8
  private static let prefix = "sha256:"

  func validate() throws {
    if yes, no { throw ValidationError("--yes and --no exclude each other.") }
    if agree.contains(where: { $0.count < Self.shortest }) {
      throw ValidationError("Give at least \(Self.shortest) characters of a hash.")
    }
  }

  func run() throws {
    let surroundings = try options.surroundings()
    let file = surroundings.home.configFile
    if yes || no {
      try ConfigurationFile.update(path: file) { (file) throws(ConfigurationError) in
        try file.trust(directory: surroundings.directory, yes)
      }
    }
    try agree(surroundings)
    try show(surroundings)
  }

  private func agree(_ surroundings: Surroundings) throws {
    let file = surroundings.home.configFile
    for wanted in agree {
      let hooks = try waiting(surroundings).filter {
        Self.digest($0.hash).hasPrefix(wanted) || $0.hash == wanted
      }
      if let hook = hooks.first, Set(hooks.map(\.hash)).count == 1 {
        try Self.agree(to: [hook], file)
        continue
      }
      let requests = try surroundings.configuration(for: surroundings.directory).consentRequests
      let found = requests.filter { Self.hash($0).hasPrefix(wanted) || $0.hash == wanted }
      guard let request = found.first, found.count == 1 else {
        throw ValidationError("\(wanted) is the hash of no entry that waits here; `stet trust` lists them.")
      }
      try ConfigurationFile.update(path: file) { (file) throws(ConfigurationError) in
        try file.consent(to: request)
      }
    }
    if agreeHooks { try Self.agree(to: try waiting(surroundings), file) }
  }

  private static func agree(to hooks: [HookHandler], _ path: String) throws {
    try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
      for hook in hooks {
        try file.set(["hooks", "state", hook.key, "trusted_hash"], to: .string(hook.hash))
      }
    }
  }

  private func catalog(_ surroundings: Surroundings) throws -> HookCatalog {
    HookCatalog(
      cwd: surroundings.directory, configuration: try surroundings.configuration(for: surroundings.directory),
      home: surroundings.home, environment: surroundings.environment)
  }

  /// Hooks that only lack the user's word.
  private func waiting(_ surroundings: Surroundings) throws -> [HookHandler] {
    let isTrusted =
      try surroundings.configuration(for: surroundings.directory).isTrusted(directory: surroundings.directory)
      == true
    return try catalog(surroundings).handlers.filter {
      $0.isEnabled && $0.trust != .trusted && (isTrusted || $0.source == .user)
    }
  }

  private func show(_ surroundings: Surroundings) throws {
    try showTrust(surroundings)
    for hook in try waiting(surroundings) {
      let state = hook.trust == .modified ? "changed since you agreed" : "new"
      let matcher = hook.matcher.map { " (\(Sanitizer.folded($0)))" } ?? ""
      print(
        "\nhook, does not run (\(state)): \(hook.event.rawValue)\(matcher): \(Sanitizer.folded(hook.shown))")
      print(
        "  in \(Sanitizer.exact(hook.path)); agree with: stet trust --agree \(Self.digest(hook.hash).prefix(16))"
      )
    }
    let catalog = try catalog(surroundings)
    for error in catalog.errors {
      print("\n\(Sanitizer.exact(error.path)): \(Sanitizer.folded(error.message))")
    }
    for warning in catalog.warnings { print("\n\(Sanitizer.folded(warning))") }
  }

  private func showTrust(_ surroundings: Surroundings) throws {
    let configuration = try surroundings.configuration(for: surroundings.directory)
    let directory = Sanitizer.exact(surroundings.directory)
    guard configuration.isTrusted(directory: surroundings.directory) == true else {
      print("\(directory) is not trusted: commands can't write in it, and nothing of its own settings holds.")
      return
    }
    print("\(directory) is trusted.")
    for request in configuration.consentRequests {
      print(
        "\nasked for, does not hold: \(Sanitizer.folded(request.key)) = \(Sanitizer.folded(request.value.text))"
      )
      print(
        "  in \(Sanitizer.exact(request.file)); agree with: stet trust --agree \(Self.hash(request).prefix(16))"
      )
    }
  }

  private static func hash(_ request: ConsentRequest) -> Substring { digest(request.hash) }
  private static func digest(_ hash: String) -> Substring { hash.dropFirst(prefix.count) }
}
