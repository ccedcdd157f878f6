import Glibc
import StetConfig
import StetProtocol
import StetWorkspace

/// The skills that apply in a directory: folders with a `SKILL.md`, the user's own and those of the project.
///
/// A project's skills are shown before the user trusts it, but not enabled (S14, P8). Reads the disk.
struct SkillCatalog: Sendable {
  /// Folders below the one that holds skills.
  static let depthLimit = 6
  /// Folders looked into of one place: far more than skills there are, and a bound for a link to the root.
  static let folderLimit = 2_000
  /// Names of one folder.
  static let nameLimit = 1_000

  let home: StetHome
  /// The user's home directory.
  let userDirectory: String?

  /// - Parameter cwd: absolute.
  func list(_ cwd: String, _ configuration: Configuration) -> (
    skills: [SkillMetadata], errors: [SkillErrorInfo]
  ) {
    var skills: [SkillMetadata] = []
    var errors: [SkillErrorInfo] = []
    var seen: Set<String> = []
    let switches = SkillSwitches(configuration.raw)
    for place in places(cwd, configuration) {
      for file in files(below: place.directory, &seen, &errors) {
        switch read(file) {
        case .failure(let fault): errors.append(SkillErrorInfo(message: fault.message, path: file))
        case .success(let found):
          skills.append(
            SkillMetadata(
              name: found.name, description: found.description, path: file, scope: place.scope,
              enabled: place.isTrusted && switches.isEnabled(found.name, path: file),
              shortDescription: found.shortDescription))
        }
      }
    }
    return (skills, errors)
  }

  // MARK: - Parts

  private struct Place {
    let directory: String
    let scope: SkillScope
    let isTrusted: Bool
  }

  /// The nearest first: the project's folders from `cwd` up to its root, then the user's own.
  private func places(_ cwd: String, _ configuration: Configuration) -> [Place] {
    var places: [Place] = []
    for directory in configuration.projectDirectories(of: cwd).reversed() {
      let isTrusted = configuration.isTrusted(directory: directory) ?? false
      for folder in [".agents", ".stet", ".codex", ".claude"] {
        let path = PathText.join(directory, folder + "/skills")
        places.append(Place(directory: path, scope: .repo, isTrusted: isTrusted))
      }
    }
    let others = userDirectory.map { user in
      [".agents", ".codex", ".claude"].map { PathText.join(user, $0) }
    }
    for directory in [home.codexHome] + (others ?? []) {
      places.append(Place(directory: PathText.join(directory, "skills"), scope: .user, isTrusted: true))
    }
    return places
  }

  /// The skill files below a folder, each once whatever the links.
  private func files(
    below directory: String, _ seen: inout Set<String>, _ errors: inout [SkillErrorInfo]
  ) -> [String] {
    var files: [String] = []
    var pending = [(path: directory, depth: 0)]
    var looked = 0
    while let (path, depth) = pending.popLast() {
      guard CappedFile.exists(path), seen.insert(RealPath.of(path)).inserted else { continue }
      guard looked < Self.folderLimit else {
        errors.append(
          SkillErrorInfo(
            message: "more than \(Self.folderLimit) folders; the rest is left out", path: directory))
        break
      }
      looked += 1
      do throws(WorkspaceError) {
        let entries = try Disk.list(path, limit: Self.nameLimit)
        if entries.contains(where: { $0.name == "SKILL.md" && $0.isFile }) {
          files.append(PathText.join(path, "SKILL.md"))
          continue
        }
        guard depth < Self.depthLimit else { continue }
        pending += entries.reversed().filter { $0.isDirectory && !$0.name.hasPrefix(".") }
          .map { (path: PathText.join(path, $0.name), depth: depth + 1) }
      } catch {
        errors.append(SkillErrorInfo(message: error.underlying ?? error.message, path: path))
      }
    }
    return files
  }

  private func read(_ file: String) -> Result<SkillFile, SkillFile.Fault> {
    switch CappedFile.read(file, limit: SkillFile.readLimit) {
    case .missing: return .failure(SkillFile.Fault(message: "the file is gone"))
    case .unreadable(let reason): return .failure(SkillFile.Fault(message: reason))
    case .bytes(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      return Result { () throws(SkillFile.Fault) in
        try SkillFile(text, folder: PathText.name(PathText.parent(file)))
      }
    }
  }
}
