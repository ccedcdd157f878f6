import CPlatform
import Glibc

/// Takes what stands under a name away in one step and looks at it after that: whoever saves the file between a look and
/// a rename would lose that unseen.
struct Displacement {
  let name: String
  /// Where it is looked at; a replacement lies there before.
  let temporary: String
  let directory: DirectoryHandle

  enum Outcome: Hashable {
    case done
    /// Something else stood there; it does again.
    case refused(FileState)
    /// The file system can't do it in one step, or nothing stands there: nothing happened.
    case impossible
  }

  private var number: Int32 { directory.descriptor.number }

  /// Lets what is prepared take the place of what `isExpected` allows; that is gone then. `displaced`: called while it
  /// is out of its place.
  func replace(
    isExpected: (FileState) -> Bool, displaced: () throws -> Void
  ) throws -> Outcome {
    let ours = try inode(temporary)
    guard stet_rename_exchange(number, temporary, name) == 0 else { return .impossible }
    try displaced()
    let found = try look(or: { try exchangeBack(ours) })
    if isExpected(found) {
      unlinkat(number, temporary, 0)
      return .done
    }
    try exchangeBack(ours)
    return .refused(found)
  }

  /// Deletes what `isExpected` allows.
  func remove(isExpected: (FileState) -> Bool, displaced: () throws -> Void) throws -> Outcome {
    guard stet_rename_new(number, name, temporary) == 0 else { return .impossible }
    try displaced()
    let found = try look(or: { try giveBack() })
    if isExpected(found) {
      unlinkat(number, temporary, 0)
      return .done
    }
    try giveBack()
    return .refused(found)
  }

  /// What a process that was killed in the middle of it took away and nobody looked at: back to its place, unless
  /// something newer than `ours` (nil: nothing) has it. Answers whether it was so.
  static func giveBack(
    _ temporary: String, to name: String, in directory: DirectoryHandle, ours: FileStamp, before: FileStamp
  ) throws(WorkspaceError) -> Bool {
    let left = try directory.read(temporary, limit: Workspace.readLimit)
    if left.kind == .absent || left.stamp.sameContent(as: ours) || left.stamp.sameContent(as: before) {
      return false
    }
    let disk = try directory.read(name, limit: Workspace.readLimit)
    // Prepared in part, and not in its place yet.
    if disk.stamp.sameContent(as: before) { return false }
    guard disk.stamp.sameContent(as: ours) else { return false }
    let number = directory.descriptor.number
    let code =
      disk.kind == .absent
      ? -stet_rename_new(number, temporary, name) : -stet_rename_exchange(number, temporary, name)
    guard code == 0 else { throw systemError("Cannot put \(directory.full(name)) back", code) }
    if disk.kind != .absent { unlinkat(number, temporary, 0) }
    return true
  }

  /// What was displaced; one that can't be looked at goes back at once.
  private func look(or back: () throws -> Void) throws -> FileState {
    do { return try directory.read(temporary, limit: Workspace.readLimit) } catch {
      try back()
      throw error
    }
  }

  private func exchangeBack(_ ours: ino_t?) throws {
    try exchange()
    // Saved once more meanwhile: the newest has the name.
    if try inode(temporary) != ours { try exchange() }
  }

  private func exchange() throws {
    let code = -stet_rename_exchange(number, temporary, name)
    // The name was taken away meanwhile: what stood there has it again.
    if code == ENOENT { return try giveBack() }
    if code != 0 { throw lost(code) }
  }

  private func giveBack() throws {
    let code = -stet_rename_new(number, temporary, name)
    // Saved anew meanwhile: the newer one has the name.
    if code != 0, code != EEXIST { throw lost(code) }
  }

  private func lost(_ code: Int32) -> any Error {
    Lost(
      error: systemError(
        "\(directory.full(name)) changed on disk; what it was lies beside it as \(temporary)", code,
        path: directory.full(name)))
  }

  /// What was displaced could not be put back: nobody may take it for a remainder.
  struct Lost: Error { let error: WorkspaceError }

  private func inode(_ name: String) throws(WorkspaceError) -> ino_t? { try directory.status(name)?.st_ino }
}
