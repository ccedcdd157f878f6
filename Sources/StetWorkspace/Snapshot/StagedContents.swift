import CPlatform
import Glibc
import StetHash

/// Large contents as files of their own, each named by its git blob id. To pack them would take longer than all else of
/// a first look; so they are copied as they are, or shared with the user's file where the file system can (a reflink).
struct StagedContents {
  /// Smaller ones are kept many in a pack.
  static let minimum = 1 << 20

  /// One that has no name yet.
  struct Content {
    let id: String
    let bytes: Int
    let temporary: String

    func discard() { unlink(temporary) }
  }

  private static let prefix = "staged-"
  /// What a crash left without a name; younger ones may be another process's.
  private static let remainsAge = 3_600

  let directory: String
  /// Shares the bytes of one open file with another, empty one; false where that can't be.
  let shares: @Sendable (_ from: Int32, _ to: Int32) -> Bool

  init(directory: String, shares: @escaping @Sendable (Int32, Int32) -> Bool) throws(WorkspaceError) {
    self.directory = directory
    self.shares = shares
    try makePrivateDirectory(directory)
  }

  /// The name under which journals know where a content is, as they know packs.
  static func place(of id: String) -> String { prefix + id }

  static func isPlace(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Takes in a regular file as it is now; nil where there is none (any more) that may be read or is within `limit`.
  func take(_ path: String, limit: Int) throws(WorkspaceError) -> Content? {
    let (parent, name) = PathResolver.split(path)
    let source: Descriptor
    do throws(WorkspaceError) {
      let directory = try DirectoryHandle.open(parent)
      let number = withExtendedLifetime(directory) {
        openat(directory.descriptor.number, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      }
      guard number >= 0 else { return nil }
      source = Descriptor(number)
    } catch {
      // Closed, or gone since it was seen: then there is nothing to keep.
      return nil
    }
    var info = stat()
    guard fstat(source.number, &info) == 0, fileKind(ofMode: info.st_mode) == .regular,
      info.st_size <= limit
    else { return nil }
    let temporary = PathResolver.join(directory, ".tmp-\(getpid())-\(randomName())")
    let file = Descriptor(
      try check("Cannot make \(temporary)", path: temporary) {
        open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      })
    do throws(WorkspaceError) {
      let isShared = shares(source.number, file.number)
      // The file may be written meanwhile: the id is that of the bytes that are kept.
      let bytes: [UInt8]
      do throws(WorkspaceError) {
        bytes = try readAll(
          isShared ? file : source, sizeHint: Int(info.st_size), limit: limit, path: path)
      } catch  where error.code == .tooLarge {
        unlink(temporary)
        return nil
      }
      if !isShared { try writeAll(file, bytes, path: temporary) }
      return Content(id: SHA1.blobID(bytes), bytes: bytes.count, temporary: temporary)
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Gives a content its name, which stands for all of it also after a power loss.
  func keep(_ content: Content) throws(WorkspaceError) {
    let path = path(content.id)
    let file = Descriptor(
      try check("Cannot open \(content.temporary)", path: path) {
        open(content.temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      })
    try check("Cannot flush \(content.temporary)", path: path) { fsync(file.number) }
    try check("Cannot make \(path)", path: path) { rename(content.temporary, path) }
  }

  func has(_ id: String) -> Bool { access(path(id), F_OK) == 0 }

  /// Nil where it is not one of these; `.expired` where it is damaged.
  func get(_ id: String) throws(WorkspaceError) -> [UInt8]? {
    guard has(id) else { return nil }
    let state = try Workspace.state(at: path(id))
    guard state.kind == .regular, SHA1.blobID(state.bytes) == id else {
      throw WorkspaceError(.expired, "The content \(id) is damaged")
    }
    return state.bytes
  }

  /// Deletes what stands under a name of `place(of:)`.
  func delete(place: String) { unlink(path(String(place.dropFirst(Self.prefix.count)))) }

  func size() throws(WorkspaceError) -> Int {
    let handle = try DirectoryHandle.open(directory)
    var total = 0
    for name in try handle.names(limit: .max).names { total += Int(try handle.status(name)?.st_size ?? 0) }
    return total
  }

  /// Deletes what nothing names: only while no other process keeps any.
  func sweep(_ isNamed: (String) throws(WorkspaceError) -> Bool) throws(WorkspaceError) {
    let handle = try DirectoryHandle.open(directory)
    for name in try handle.names(limit: .max).names {
      if name.hasPrefix(".") {
        guard let info = try handle.status(name), time(nil) - info.st_mtim.tv_sec > Self.remainsAge else {
          continue
        }
      } else if try isNamed(Self.place(of: name)) {
        continue
      }
      unlinkat(handle.descriptor.number, name, 0)
    }
  }

  private func path(_ id: String) -> String { PathResolver.join(directory, id) }
}
