/// Why a file's diff is folded at first.
public enum Collapse: String, Hashable, Sendable, Codable { case generated, large, minified }

extension Proposal {
  /// More changed lines than this are not read line by line (review.md A5).
  static let largeChange = 10_000
  /// A line longer than this was not written by hand.
  static let longLine = 10_000

  private static let lockNames: Set<String> = [
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
    "Cargo.lock", "Package.resolved", "Podfile.lock", "Gemfile.lock", "composer.lock", "poetry.lock",
    "uv.lock",
    "Pipfile.lock", "go.sum", "flake.lock", "mix.lock", "pubspec.lock", "gradle.lockfile",
  ]
  private static let generatedEndings = [
    ".min.js", ".min.css", ".map", ".pb.go", ".pb.cc", ".pb.h", "_pb2.py", ".pb.swift", ".g.dart",
    ".generated.cs",
  ]

  /// nil for a file that is shown open.
  public var collapsed: Collapse? {
    let name = PathResolver.split(movePath ?? path).name
    if Self.lockNames.contains(name) || Self.generatedEndings.contains(where: name.hasSuffix) {
      return .generated
    }
    let changed = operations.reduce(0) { $0 + $1.baseLines + $1.newLines }
    if changed > Self.largeChange { return .large }
    for change in changes {
      for line in change.new where newLines.line(line).count > Self.longLine { return .minified }
      for line in change.base where baseLines.line(line).count > Self.longLine { return .minified }
    }
    return nil
  }
}
