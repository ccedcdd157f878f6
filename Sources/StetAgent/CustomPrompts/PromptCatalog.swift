import StetConfig
import StetJSON
import StetProtocol
import StetWorkspace

/// The prompts that apply in a directory: the user's own first, then those of a project that the user trusts (S14). A
/// project can't put its words under a name that the user has given. Reads the disk.
struct PromptCatalog: Sendable {
  /// Names of one folder.
  static let fileLimit = 500
  /// Prompts that are listed.
  static let promptLimit = 200

  let home: StetHome
  /// The user's home directory.
  let userDirectory: String?

  /// - Parameter cwd: absolute.
  func list(_ cwd: String, _ configuration: Configuration) -> StetPrompts {
    var answer = StetPrompts(data: [], errors: [])
    var names: Set<String> = []
    var seen: Set<String> = []
    for place in places(cwd, configuration) {
      guard CappedFile.exists(place.directory), seen.insert(RealPath.of(place.directory)).inserted else {
        continue
      }
      guard place.isTrusted else {
        answer.errors.append(
          Self.fault(place.directory, "the project is not trusted: its prompts are not offered"))
        continue
      }
      read(place, &names, &answer)
    }
    return answer
  }

  // MARK: - Parts

  private struct Place {
    let directory: String
    let scope: String
    let isTrusted: Bool
  }

  private func places(_ cwd: String, _ configuration: Configuration) -> [Place] {
    var folders = [home.codexHome]
    if let userDirectory { folders += [".stet", ".codex"].map { PathText.join(userDirectory, $0) } }
    var places = folders.map { Place(directory: $0 + "/prompts", scope: "user", isTrusted: true) }
    for directory in configuration.projectDirectories(of: cwd).reversed() {
      let isTrusted = configuration.isTrusted(directory: directory) ?? false
      places += [".stet", ".codex"].map { folder in
        Place(directory: PathText.join(directory, folder + "/prompts"), scope: "repo", isTrusted: isTrusted)
      }
    }
    return places
  }

  private func read(_ place: Place, _ names: inout Set<String>, _ answer: inout StetPrompts) {
    let entries: [String]
    do throws(WorkspaceError) {
      entries = try Disk.list(place.directory, limit: Self.fileLimit).map(\.name)
    } catch {
      answer.errors.append(Self.fault(place.directory, error.underlying ?? error.message))
      return
    }
    for entry in entries.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let name = PromptFile.name(of: entry), !names.contains(name) else { continue }
      let path = PathText.join(place.directory, entry)
      guard answer.data.count < Self.promptLimit else {
        answer.errors.append(Self.fault(path, "more than \(Self.promptLimit) prompts; the rest is left out"))
        return
      }
      switch CappedFile.read(path, limit: PromptFile.limit + 1) {
      case .missing: continue
      case .unreadable(let reason): answer.errors.append(Self.fault(path, reason))
      case .bytes(let bytes) where bytes.count > PromptFile.limit:
        answer.errors.append(Self.fault(path, "it is longer than \(PromptFile.limit) bytes"))
      case .bytes(let bytes):
        names.insert(name)
        let file = PromptFile(name: name, String(decoding: bytes, as: UTF8.self))
        answer.data.append(file.value(path: path, scope: place.scope))
      }
    }
  }

  private static func fault(_ path: String, _ message: String) -> JSONValue {
    ["path": .string(path), "message": .string(message)]
  }
}

extension Agent {
  /// `stet/prompts/list`.
  public func promptsList(
    _ params: StetPromptsListParams, from peer: ClientPeer, reply: @escaping AgentReply<StetPrompts>
  ) {
    let environment = services.environment
    clientTools.room(peer).disk.post {
      answerFault(reply) {
        let place = try environment.place(params.cwd)
        let catalog = PromptCatalog(
          home: environment.home, userDirectory: environment.processEnvironment["HOME"])
        reply(.success(catalog.list(place.directory, place.configuration)))
      }
    }
  }
}
