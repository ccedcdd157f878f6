/// What several rooms ask of a configuration.
extension Configuration {
  /// The variables that hold the keys of providers: no program that stet starts gets them (V10).
  public var secretNames: Set<String> {
    Set(providers.values.compactMap(\.envKey) + providers.values.flatMap(\.envHTTPHeaders.values))
  }

  /// The directories whose own files may count for `cwd`: from its project's root down to it, real paths; `cwd` alone
  /// where nothing marks a root. Looks at the disk.
  public func projectDirectories(of cwd: String) -> [String] {
    ProjectTrust.directories(cwd: cwd, markers: projectRootMarkers)
  }
}
