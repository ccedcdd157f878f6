import Glibc

/// One name in a directory.
public struct DirectoryEntry: Hashable, Sendable {
  public let name: String
  public let kind: FileState.Kind
  /// Bytes; 0 for what is no regular file.
  public let size: Int
}

/// The names of one directory, sorted by their bytes.
public struct DirectoryListing: Hashable, Sendable {
  public let entries: [DirectoryEntry]
  /// Whether the limit cut the list.
  public let truncated: Bool
}

extension Workspace {
  /// Lists a resolved absolute directory; at most `limit` names.
  public func listDirectory(
    _ path: String, limit: Int = Workspace.listLimit
  ) throws(WorkspaceError) -> DirectoryListing {
    let handle = try DirectoryHandle.open(path)
    let (names, truncated) = try handle.names(limit: limit)
    var entries: [DirectoryEntry] = []
    for name in names {
      // A name that vanished since is no entry.
      guard let info = try handle.status(name) else { continue }
      let kind = fileKind(ofMode: info.st_mode)
      entries.append(DirectoryEntry(name: name, kind: kind, size: kind == .regular ? Int(info.st_size) : 0))
    }
    return DirectoryListing(entries: entries, truncated: truncated)
  }
}

extension DirectoryHandle {
  /// The names in this directory without `.` and `..`, sorted by bytes. Names that are no UTF-8 are left out:
  /// no path on the wire can say them.
  func names(limit: Int) throws(WorkspaceError) -> (names: [String], truncated: Bool) {
    let found = try allNames(limit: limit)
    return (found.names, found.truncated)
  }

  /// `unnamed`: whether there are names that are no UTF-8.
  func allNames(limit: Int) throws(WorkspaceError) -> (names: [String], truncated: Bool, unnamed: Bool) {
    let copy = try check("Cannot list \(path)", path: path) {
      openat(descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard let stream = fdopendir(copy) else {
      let code = errno
      close(copy)
      throw systemError("Cannot list \(path)", code, path: path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    var unnamed = false
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        unnamed = true
        continue
      }
      guard name != ".", name != ".." else { continue }
      if names.count == limit { return (names.sorted(by: bytewise), true, unnamed) }
      names.append(name)
    }
    return (names.sorted(by: bytewise), false, unnamed)
  }
}

/// The order of bytes, which no locale and no normal form changes.
func bytewise(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
