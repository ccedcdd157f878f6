import CPlatform
import Glibc

/// The folder that a thread's commands see as /tmp: ours alone, whoever made it first (CVE-2026-46406).
enum PrivateDirectory {
  /// Makes it (its parent must exist) or checks that it is a directory of ours with mode 0700; returns its real path.
  static func prepare(_ path: String) throws(SandboxError) -> String {
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      let reason = errno
      throw SandboxError(.badTemporaryDirectory, "\(path): \(errorText(reason))", underlying: reason)
    }
    var status = stet_file_status()
    let result = stet_status(AT_FDCWD, path, &status)
    guard result == 0, mode_t(status.mode) & S_IFMT == S_IFDIR, status.uid == getuid(),
      status.mode & 0o077 == 0
    else {
      throw SandboxError(
        .badTemporaryDirectory, "\(path) is not a directory that belongs to us alone", underlying: -result)
    }
    guard let real = realPath(path) else {
      throw SandboxError(.badTemporaryDirectory, "\(path) can't be resolved", underlying: errno)
    }
    return real
  }
}
