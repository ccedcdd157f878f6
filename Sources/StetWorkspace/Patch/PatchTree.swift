/// The files that a patch is applied to.
public protocol PatchTree {
  /// What is at a path as the patch spells it. `follow`: a link in the last component leads to its target
  /// (updates, adds); without, the link itself is meant (deletes).
  func look(_ spelled: String, follow: Bool) throws(WorkspaceError) -> (path: String, state: FileState)
  /// The mode of files that did not exist.
  var newFileMode: UInt16 { get }
}

/// The files on disk, relative paths taken from a directory. A patch may name files outside of the workspace, which
/// the caller sees in the changes' paths.
public struct WorkspacePatchTree: PatchTree {
  let workspace: Workspace
  let cwd: String
  private let check: (String) throws(WorkspaceError) -> Void

  /// - Parameter check: throws for a real path that is not to be read: the lines of a file come back in errors.
  public init(
    workspace: Workspace, cwd: String? = nil,
    check: @escaping (String) throws(WorkspaceError) -> Void = { _ throws(WorkspaceError) in }
  ) {
    self.workspace = workspace
    self.cwd = cwd ?? workspace.root
    self.check = check
  }

  public var newFileMode: UInt16 { FileState.newFileMode }

  public func look(_ spelled: String, follow: Bool) throws(WorkspaceError) -> (path: String, state: FileState)
  {
    let place = try workspace.resolve(spelled, from: cwd)
    try check(follow ? place.target : place.path)
    guard follow, place.isLink else { return (place.path, try workspace.read(place.path)) }
    let state = try workspace.read(place.target)
    guard state.kind != .absent else {
      throw WorkspaceError(
        .refused, "\(spelled) is a symbolic link to \(place.target), which does not exist",
        hint: "Name the target itself.", path: place.path)
    }
    return (place.target, state)
  }
}

extension FileState {
  /// What the process's umask leaves of 666.
  public static let newFileMode: UInt16 = {
    // Asking umask() itself would change it for a moment, for every thread.
    let status: FileState
    // Without /proc the usual mode is as good a guess as any.
    do { status = try Workspace.state(at: "/proc/self/status") } catch { return 0o644 }
    for line in status.bytes.split(separator: 10) where line.starts(with: "Umask:".utf8) {
      let text = String(decoding: line.dropFirst(6), as: UTF8.self).filter { "01234567".contains($0) }
      if let mask = UInt16(text, radix: 8) { return 0o666 & ~mask }
    }
    return 0o644
  }()
}
