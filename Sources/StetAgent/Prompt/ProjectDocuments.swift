import StetHash

/// Finds the files with instructions: the user's own, then from the project's root down to the directory, one a
/// directory (P6-P8, agent-core.md §2).
struct ProjectDocuments: Sendable {
  /// Bytes of all project files together; the user's own file is outside the budget.
  static let budget = 32 * 1024
  /// A file longer than this is not read to its end.
  static let readLimit = 4 << 20
  /// In each directory the first that exists counts (P7).
  static let names = ["AGENTS.override.md", "AGENTS.md", "CLAUDE.md", "GEMINI.md"]

  let found: [ProjectDocument]
  /// One line for each file that was cut or could not be read (`configWarning`).
  let warnings: [String]

  /// - Parameters:
  ///   - userDirectory: where the user's own AGENTS.md lies.
  ///   - trusted: project files are left alone before the user trusts the directory (P8).
  ///   - rootMarkers: names that mark the root of a project.
  ///   - fallbackNames: further names of the user's choice, tried after `names`.
  static func discover(
    userDirectory: String, cwd: String, trusted: Bool, rootMarkers: [String] = [".git"],
    fallbackNames: [String] = [], budget: Int = ProjectDocuments.budget
  ) -> ProjectDocuments {
    var found: [ProjectDocument] = []
    var warnings: [String] = []
    if let own = first(["AGENTS.override.md", "AGENTS.md"], in: userDirectory, &warnings) {
      found.append(document(own.path, own.bytes, keep: own.bytes.count))
    }
    guard trusted else { return ProjectDocuments(found: found, warnings: warnings) }
    var left = budget
    for directory in directories(cwd: cwd, rootMarkers: rootMarkers) where directory != userDirectory {
      guard let file = first(names + fallbackNames, in: directory, &warnings) else { continue }
      let keep = keptBytes(file.bytes, limit: left)
      left -= keep
      let made = document(file.path, file.bytes, keep: keep)
      if made.omittedBytes > 0 {
        warnings.append(
          "\(file.path): \(made.omittedBytes) bytes are left out; project instructions may have \(budget) bytes in all"
        )
      }
      found.append(made)
    }
    return ProjectDocuments(found: found, warnings: warnings)
  }

  // MARK: - Parts

  /// From the project's root down to `cwd`; only `cwd` where no root is marked.
  private static func directories(cwd: String, rootMarkers: [String]) -> [String] {
    let chain = PathText.ancestors(PathText.normalized(cwd))
    let root = chain.firstIndex { directory in
      rootMarkers.contains { CappedFile.exists(PathText.join(directory, $0)) }
    }
    return Array(chain.prefix((root ?? 0) + 1).reversed())
  }

  private static func first(
    _ names: [String], in directory: String, _ warnings: inout [String]
  ) -> (path: String, bytes: [UInt8])? {
    for name in names {
      let path = PathText.join(directory, name)
      switch CappedFile.read(path, limit: readLimit) {
      case .missing: continue
      case .unreadable(let reason): warnings.append("\(path): \(reason)")
      case .bytes(let bytes):
        if bytes.contains(where: { $0 > 0x20 }) { return (path, bytes) }
      }
    }
    return nil
  }

  /// How many bytes fit: all, or up to the last line end within the limit.
  private static func keptBytes(_ bytes: [UInt8], limit: Int) -> Int {
    if bytes.count <= limit { return bytes.count }
    return bytes.prefix(max(0, limit)).lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  }

  private static func document(_ path: String, _ bytes: [UInt8], keep: Int) -> ProjectDocument {
    var text = String(decoding: bytes.prefix(keep), as: UTF8.self)
    let omitted = bytes.count - keep
    if omitted > 0 { text += "[\(omitted) bytes left out: read \(path) for the rest]\n" }
    while text.last?.isNewline == true { text.removeLast() }
    return ProjectDocument(path: path, hash: SHA256.hash(bytes).hex, text: text, omittedBytes: omitted)
  }
}
