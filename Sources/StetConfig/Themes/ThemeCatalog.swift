/// Finds themes: in the user's folder, beside the installation, and in the binary itself, in this order.
public struct ThemeCatalog: Hashable, Sendable {
  /// A theme, its parent, and so on: more is a circle or a joke.
  private static let maximumParents = 8

  /// Searched in order; they need not exist.
  public let directories: [String]

  public init(directories: [String]) { self.directories = directories }

  /// All names, sorted. Folders that can't be read have none.
  public func names() -> [String] {
    var names = Set(EmbeddedThemes.all.keys)
    for directory in directories {
      for file in DirectoryListing.names(in: directory) where file.hasSuffix(".toml") {
        let name = String(file.dropLast(5))
        if Self.isName(name) { names.insert(name) }
      }
    }
    return names.sorted()
  }

  /// The theme with all that its parents give it, and its colours resolved.
  /// Throws if there is none of that name or its file, or a parent's, is not TOML.
  public func load(_ name: String) throws(ConfigurationError) -> ThemeFile {
    var read: [String: ThemeFile] = [:]
    return try load(name, &read)
  }

  /// All themes, in the order of their names, and what is wrong with those that can't be read.
  public func loadAll() -> (themes: [ThemeFile], errors: [ConfigurationError]) {
    var (themes, errors): ([ThemeFile], [ConfigurationError]) = ([], [])
    var read: [String: ThemeFile] = [:]
    for name in names() {
      do throws(ConfigurationError) { themes.append(try load(name, &read)) } catch { errors.append(error) }
    }
    return (themes, errors)
  }

  /// - Parameter read: by file, what this very call has read: most themes have the same parent.
  private func load(
    _ name: String, _ read: inout [String: ThemeFile]
  ) throws(ConfigurationError) -> ThemeFile {
    var chain: [ThemeFile] = []
    var next: String? = name
    var file = name
    // A user's "ember" may have the bundled "ember" as its parent: each source is taken once.
    var used: Set<String> = []
    while let wanted = next, chain.count < Self.maximumParents {
      guard let (source, theme) = try source(of: wanted, except: used, &read) else {
        if chain.isEmpty { throw missing(wanted) }
        break
      }
      used.insert(source)
      if chain.isEmpty { file = source }
      chain.append(theme)
      next = theme.parent
    }
    guard var theme = chain.last else { throw missing(name) }
    for child in chain.dropLast().reversed() { theme = child.merged(over: theme) }
    return theme.resolved(file: file)
  }

  private func source(
    of name: String, except used: Set<String>, _ read: inout [String: ThemeFile]
  ) throws(ConfigurationError) -> (file: String, theme: ThemeFile)? {
    guard Self.isName(name) else { return nil }
    for directory in directories {
      let file = Path.join(directory, "\(name).toml")
      if used.contains(file) { continue }
      if let theme = read[file] { return (file, theme) }
      guard let bytes = try ConfigFileReader.read(file, followsLinks: true) else { continue }
      let theme = ThemeFile(try TOMLDocument(bytes: bytes, file: file))
      read[file] = theme
      return (file, theme)
    }
    let file = "built-in theme \(name)"
    guard !used.contains(file), let text = EmbeddedThemes.all[name] else { return nil }
    if let theme = read[file] { return (file, theme) }
    let theme = try ThemeFile(parsing: text, file: file)
    read[file] = theme
    return (file, theme)
  }

  private func missing(_ name: String) -> ConfigurationError {
    let near = NearestKey.find(name, among: names()).map { "Did you mean \($0)?" }
    return ConfigurationError(
      .value, file: "theme", "There is no theme \(name).",
      advice: near ?? "There are \(names().joined(separator: ", ")).")
  }

  /// Names become file names.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64 && name.utf8.allSatisfy(TOMLText.isBareKey)
  }
}
