import Glibc

/// Puts one file of a broken transaction back to what it was, unless someone else wrote it since.
struct FileRestore {
  let path: String
  let before: FileState
  let after: FileStamp
  /// The new bytes, where they are written in place: the mark of a torn write. nil: the file is replaced.
  let inPlace: [UInt8]?

  @discardableResult
  func run(in directory: DirectoryHandle) throws(WorkspaceError) -> RecoveredWrite.Outcome {
    let name = PathResolver.split(path).name
    let disk = try directory.read(name, limit: Workspace.readLimit)
    if disk == before { return .untouched }
    if let inPlace, disk.kind == .regular, isTorn(disk.bytes, inPlace) {
      try writeInPlace(name, in: directory)
      return .restored
    }
    guard disk.stamp.sameContent(as: after) else {
      return disk.stamp.sameContent(as: before.stamp) ? .untouched : .foreign
    }
    if before.kind == .absent {
      try check("Cannot remove \(path)", path: path) { unlinkat(directory.descriptor.number, name, 0) }
      return .restored
    }
    let temporary = ".stet-\(getpid())-\(randomName())-r.tmp"
    try TemporaryFile.make(before, named: temporary, in: directory, like: disk.kind == .regular ? name : nil)
    do {
      try TemporaryFile.move(temporary, to: name, in: directory, replacing: disk.kind != .absent)
    } catch {
      unlinkat(directory.descriptor.number, temporary, 0)
      throw error
    }
    return .restored
  }

  /// A prefix of the new content (all of it, too) followed by the rest of the old one, as `InPlaceWrite`
  /// leaves it.
  private func isTorn(_ disk: [UInt8], _ after: [UInt8]) -> Bool {
    if disk == after { return true }
    var common = 0
    let shared = min(disk.count, after.count)
    while common < shared, disk[common] == after[common] { common += 1 }
    return disk.dropFirst(common).elementsEqual(before.bytes.dropFirst(common))
  }

  private func writeInPlace(_ name: String, in directory: DirectoryHandle) throws(WorkspaceError) {
    if faccessat(directory.descriptor.number, name, W_OK, AT_EACCESS) != 0 {
      try setMode(mode_t(before.mode) | 0o200, of: name, in: directory)
    }
    let file = Descriptor(
      try check("Cannot write \(path)", path: path) {
        openat(directory.descriptor.number, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      })
    try writeAll(file, before.bytes, path: path)
    try check("Cannot cut \(path)", path: path) { ftruncate(file.number, off_t(before.bytes.count)) }
    try check("Cannot set the mode of \(path)", path: path) { fchmod(file.number, mode_t(before.mode)) }
    try check("Cannot flush \(path)", path: path) { fsync(file.number) }
  }
}
