import StetProcess
import StetProtocol
import StetWorkspace

/// Whether an edit may be written at once, must be asked about, or may not be made at all.
enum EditApproval {
  enum Need: Hashable, Sendable {
    /// Written without a question, below these directories.
    case none(below: [String])
    /// `isOutside`: it is more than the sandbox policy lets pass, so a yes to the call as such is not enough (S3).
    case ask(reason: String?, isOutside: Bool)
    /// Only an approval would allow it, and the policy lets nobody be asked.
    case refuse(String)
  }

  static func need(for proposals: ProposalSet, _ context: ToolContext) -> Need {
    let settings = context.settings
    let told = concerns(about: proposals.files, context)
    // Accepted for the session, wherever they lie: the question was answered before, with all that is against it now.
    if context.sessionApprovals.accepts(told.map(\.path)) { return .none(below: ["/"]) }
    let concern =
      (told.first { $0.path.concern.contains(.place) } ?? told.first { !$0.path.concern.isEmpty })?.text
    // Who reviews at the end wants edits to land until then, however carefully commands are asked about.
    let asksForAll = settings.approvalPolicy.asksForEveryCommand && settings.editReview != .atEnd
    if settings.editReview == .ask || asksForAll {
      return .ask(reason: concern, isOutside: concern != nil)
    }
    guard let concern else { return .none(below: settings.writableRoots) }
    return settings.approvalPolicy.mayAskForCommands
      ? .ask(reason: concern, isOutside: true) : .refuse(concern)
  }

  /// The paths that files touch, each with what is against it now.
  static func paths(_ files: [Proposal], _ context: ToolContext) -> [SessionApprovals.Path] {
    concerns(about: files, context).map(\.path)
  }

  /// Whether all lie in the workspace, whatever the sandbox says, and none of them grants rights or instructs.
  static func isOrdinary(_ paths: [String], _ context: ToolContext) -> Bool {
    let roots = context.settings.workspaceRoots.map(RealPath.of)
    return !paths.isEmpty && objections(to: paths, below: roots, context).allSatisfy { $0 == nil }
  }

  /// The paths that files touch, each with what is against it now, and that in words; nothing where the sandbox policy
  /// lets it be.
  private static func concerns(
    about files: [Proposal], _ context: ToolContext
  ) -> [(path: SessionApprovals.Path, text: String?)] {
    let paths = files.flatMap(\.touchedPaths)
    let settings = context.settings
    let roots: [String]
    var everywhere: SessionApprovals.Path.Concern = []
    switch settings.sandboxPolicy {
    case .dangerFullAccess, .externalSandbox:
      return paths.map { (SessionApprovals.Path(path: $0, concern: []), nil) }
    case .readOnly, .unknown:
      // What is against a place is said here too: the answer may hold longer than this policy.
      roots = ([settings.cwd] + settings.workspaceRoots).map(RealPath.of)
      everywhere = .readOnly
    case .workspaceWrite: roots = settings.writableRoots
    }
    return zip(paths, objections(to: paths, below: roots, context)).map { path, objection in
      let texts = [everywhere.isEmpty ? nil : "the sandbox is read-only", objection].compactMap { $0 }
      let concern = objection == nil ? everywhere : everywhere.union(.place)
      return (
        SessionApprovals.Path(path: path, concern: concern),
        texts.isEmpty ? nil : texts.joined(separator: ", and ")
      )
    }
  }

  /// What is against each place as such, whatever the policy.
  private static func objections(
    to paths: [String], below roots: [String], _ context: ToolContext
  ) -> [String?] {
    let own = [context.home.configDirectory, context.home.stateDirectory].map(RealPath.of)
    let git = GitPlaces(written: paths)
    return paths.map { path in
      guard let root = roots.first(where: { isInside(path, $0) }) else {
        return "\(path) lies outside of the workspace"
      }
      if own.contains(where: { isInside(path, $0) }) { return "\(path) belongs to stet's own settings" }
      return protected(path, below: root, git)
    }
  }

  /// By bytes: string comparison would take canonically equivalent names for equal.
  private static func isInside(_ path: String, _ directory: String) -> Bool {
    let prefix = directory == "/" ? "/" : directory + "/"
    return path.utf8.starts(with: prefix.utf8) || path.utf8.elementsEqual(directory.utf8)
  }

  /// Places that grant rights or run code: asked about at any depth, also when they are not there yet (S6).
  private static let protectedNames: Set<String> = [
    ".git", ".codex", ".agents", ".stet", ".claude", ".cursor", ".vscode", ".envrc",
  ]

  private static func protected(_ path: String, below root: String, _ git: GitPlaces) -> String? {
    let parts = path.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/"))
      .map { String(Substring($0)) }
    if let name = parts.first(where: protectedNames.contains) { return "\(name) is protected" }
    if let place = git.protected(path, below: root) {
      return "\(place) belongs to a git directory and is protected"
    }
    if let place = redirected(path, below: root) {
      return "\(place) holds hooks or configuration of a repository and is protected"
    }
    guard let name = parts.last, name.hasSuffix(".md") else { return nil }
    let instructs = name.hasPrefix("AGENTS") || name.hasPrefix("CLAUDE") || name.hasPrefix("GEMINI")
    return instructs ? "\(name) instructs later sessions" : nil
  }
}

extension EditApproval {
  /// The place in a work tree that its repository's configuration calls its hooks or includes, where the path lies in
  /// one; a folder that an edit makes for them is one too (S6).
  private static func redirected(_ path: String, below root: String) -> String? {
    var directory = root == "/" ? "" : root
    for part in path.utf8.dropFirst(directory.utf8.count).split(separator: UInt8(ascii: "/")) {
      let places = GitRedirects.places(ofWorkTree: directory.isEmpty ? "/" : directory)
      if let place = places.first(where: { isInside(path, $0) }) { return place }
      directory += "/\(Substring(part))"
    }
    return nil
  }

  /// Of paths that are written with the user's consent, the places that sweeps look at: each from the first protected
  /// name on, since the walls know some of them as a folder (S6).
  static func protectedPlaces(_ paths: [String]) -> [String] {
    let git = GitPlaces(written: paths)
    return paths.flatMap { path -> [String] in
      var places: [String] = []
      var place = ""
      for part in path.utf8.split(separator: UInt8(ascii: "/")) {
        place += "/\(Substring(part))"
        if !places.isEmpty || protected(place, below: "/", git) != nil { places.append(place) }
      }
      return places
    }
  }
}

extension Proposal {
  /// The real paths that it may change: its own and, for a move, the new one.
  var touchedPaths: [String] { movePath.map { [path, $0] } ?? [path] }
}
