import ArgumentParser
import FoundationEssentials
import Glibc
import StetConfig

/// What lies outside of the program, gathered once.
struct Surroundings: Sendable {
  let environment: [String: String]
  let home: StetHome
  /// The real path of the directory to work in.
  let directory: String
  /// `key=value`, as after `-c`.
  let overrides: [String]

  /// Throws a `ValidationError` when the directory named by `-C` can't be entered.
  init(directory named: String = ".", overrides: [String] = []) throws {
    environment = ProcessInfo.processInfo.environment
    home = StetHome.locate(environment: environment)
    self.overrides = overrides
    guard let real = Self.realPath(named) else {
      throw ValidationError("\(named): \(String(cString: strerror(errno)))")
    }
    directory = real
  }

  init(
    environment: [String: String], home: StetHome, directory: String, overrides: [String] = []
  ) {
    self.environment = environment
    self.home = home
    self.directory = directory
    self.overrides = overrides
  }

  /// Configuration as it is now for a directory; read anew each time, so that edits take effect.
  func configuration(for directory: String) throws(ConfigurationError) -> Configuration {
    try ConfigurationLoader.load(home: home, cwd: directory, overrides: overrides)
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
