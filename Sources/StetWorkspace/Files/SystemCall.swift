import Glibc

/// Turns a failed system call into an error with the system's own words.
@discardableResult
func check<Result: SignedInteger>(
  _ what: @autoclosure () -> String, path: String? = nil, _ body: () -> Result
) throws(WorkspaceError) -> Result {
  while true {
    let result = body()
    if result >= 0 { return result }
    let code = errno
    if code == EINTR { continue }
    throw systemError(what(), code, path: path)
  }
}

func systemError(_ what: String, _ code: Int32, path: String? = nil) -> WorkspaceError {
  let kind: WorkspaceError.Code =
    switch code {
    case ENOENT: .notFound
    case ENOTDIR, EISDIR, ELOOP: .wrongKind
    case ENAMETOOLONG, EINVAL: .badPath
    default: .io
    }
  return WorkspaceError(
    kind, what, path: path, underlying: String(cString: strerror(code)), systemCode: code)
}

/// A file descriptor that closes itself.
final class Descriptor: @unchecked Sendable {
  // Sendable by use: the number never changes and the descriptor is closed once, by the last owner.
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }
}

/// The file types of `st_mode`, which the C macros test.
func fileKind(ofMode mode: mode_t) -> FileState.Kind {
  switch mode & S_IFMT {
  case S_IFREG: .regular
  case S_IFLNK: .symlink
  case S_IFDIR: .directory
  default: .other
  }
}
