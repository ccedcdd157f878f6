import ArgumentParser
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
    for wanted in agree {
      let requests = try surroundings.configuration(for: surroundings.directory).consentRequests
      let found = requests.filter { Self.hash($0).hasPrefix(wanted) || $0.hash == wanted }
      guard let request = found.first, found.count == 1 else {
        throw ValidationError("\(wanted) is the hash of no entry that waits here; `stet trust` lists them.")
      }
      try ConfigurationFile.update(path: file) { (file) throws(ConfigurationError) in
        try file.consent(to: request)
      }
    }
    try show(surroundings)
  }

  private func show(_ surroundings: Surroundings) throws {
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

  private static func hash(_ request: ConsentRequest) -> Substring { request.hash.dropFirst(prefix.count) }
}
