import CPlatform
import FoundationEssentials
import Glibc

/// The folder for what commands made at protected paths. Files in it are inert; the user is asked about each.
struct Quarantine {
  /// Real path of a directory outside all writable roots.
  let directory: String

  /// Makes the folder; only its last component may be missing.
  init(_ directory: String) throws(SandboxError) {
    self.directory = try PrivateDirectory.prepare(directory)
  }

  /// Moves one path away. Its parent is opened without following links and what lies there is compared first: a
  /// command that still runs must not make us move a file of the user.
  func store(_ path: ProtectedPath) throws(SandboxError) -> String {
    let (parent, name) = try Self.parent(of: path.path)
    var status = stet_file_status()
    guard stet_status(parent.number, name, &status) == 0,
      FileIdentity(device: status.device, inode: status.inode) == path.identity
    else { throw SandboxError(.system, "\(path.path) changed while it was looked at") }
    let place = try newPlace()
    let target = "\(place)/\(name)"
    try parent.withNumber { (fd) throws(SandboxError) in try Self.move("/proc/self/fd/\(fd)/\(name)", target)
    }
    return target
  }

  /// Moves something back where it came from; fails if anything is there now.
  static func restore(_ stored: String, to original: String) throws(SandboxError) {
    let (parent, name) = try Self.parent(of: original)
    var status = stet_file_status()
    guard stet_status(parent.number, name, &status) == -ENOENT else {
      throw SandboxError(.system, "\(original) exists")
    }
    try parent.withNumber { (fd) throws(SandboxError) in try move(stored, "/proc/self/fd/\(fd)/\(name)") }
  }

  private static func parent(of path: String) throws(SandboxError) -> (Descriptor, String) {
    guard let slash = path.lastIndex(of: "/") else { throw SandboxError(.system, "\(path) is not absolute") }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    let fd = stet_open_nofollow(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY, 0)
    guard fd >= 0 else { throw SandboxError(.system, "\(directory): \(errorText(-fd))", underlying: -fd) }
    return (Descriptor(fd), String(path[path.index(after: slash)...]))
  }

  private func newPlace() throws(SandboxError) -> String {
    var template = Array("\(directory)/XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      let reason = errno
      throw SandboxError(.system, "\(directory): \(errorText(reason))", underlying: reason)
    }
    return String(cString: made)
  }

  /// rename, or copy and remove where the two lie on different file systems.
  private static func move(_ from: String, _ to: String) throws(SandboxError) {
    let result = stet_rename_noreplace(AT_FDCWD, from, AT_FDCWD, to)
    if result == 0 { return }
    guard result == -EXDEV || result == -EINVAL else {
      throw SandboxError(.system, "moving to \(to): \(errorText(-result))", underlying: -result)
    }
    do {
      try FileManager.default.moveItem(atPath: from, toPath: to)
    } catch {
      throw SandboxError(.system, "moving to \(to): \(error)")
    }
  }
}
