import CPlatform
import Glibc

/// Where git keeps the directories that a `.git` leads to.
enum GitDirectories {
  /// `gitdir: ` and one path.
  private static let fileLimit = 4096
  /// Submodules of submodules; a bound against a tree made to keep us busy.
  private static let nestedLimit = 1000

  /// The real directory that a `.git` file points to; nil if it is none or points nowhere.
  static func target(ofFile path: String) -> String? {
    let fd = stet_open_nofollow(AT_FDCWD, path, O_RDONLY | O_NONBLOCK, 0)
    guard fd >= 0 else { return nil }
    let file = Descriptor(fd)
    var buffer = [UInt8](repeating: 0, count: fileLimit)
    let count = file.withNumber { read($0, &buffer, buffer.count) }
    guard count > 0 else { return nil }
    let line = String(decoding: buffer[..<count], as: UTF8.self).prefix { !$0.isNewline }
    guard line.hasPrefix("gitdir: ") else { return nil }
    let target = line.dropFirst(8)
    let directory = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    guard let real = realPath(target.hasPrefix("/") ? String(target) : "\(directory)/\(target)") else {
      return nil
    }
    return isDirectory(real) ? real : nil
  }

  /// The packs of a git directory, the largest first: what was cloned or collected, so most of a history. git never
  /// changes one, and does without removing one. Only those that lie in the directory itself.
  static func packs(of directory: String) -> [String] {
    let place = "\(directory)/objects/pack"
    guard realPath(place) == place else { return [] }
    let packs = Directory.names(place).filter { $0.hasSuffix(".pack") }.compactMap { name in
      var status = stet_file_status()
      guard stet_status(AT_FDCWD, "\(place)/\(name)", &status) == 0, mode_t(status.mode) & S_IFMT == S_IFREG
      else {
        return nil as (path: String, size: UInt64)?
      }
      return ("\(place)/\(name)", status.size)
    }
    return packs.sorted { ($1.size, $0.path) < ($0.size, $1.path) }.map(\.path)
  }

  /// The directories and the submodules and work trees kept inside them.
  static func withNested(_ directories: [String]) -> [String] {
    var result = directories
    var next = 0
    while next < result.count, result.count < nestedLimit {
      let directory = result[next]
      next += 1
      result += Directory.names("\(directory)/worktrees").map { "\(directory)/worktrees/\($0)" }
      result += modules("\(directory)/modules")
    }
    return result
  }

  /// A submodule's name may have slashes, so its directory may lie deeper; what has a HEAD is one.
  private static func modules(_ directory: String) -> [String] {
    var found: [String] = []
    var queue = [directory]
    var next = 0
    while next < queue.count, queue.count < nestedLimit {
      for name in Directory.names(queue[next]) {
        let path = "\(queue[next])/\(name)"
        var status = stet_file_status()
        guard stet_status(AT_FDCWD, path, &status) == 0, mode_t(status.mode) & S_IFMT == S_IFDIR else {
          continue
        }
        if access("\(path)/HEAD", F_OK) == 0 { found.append(path) } else { queue.append(path) }
      }
      next += 1
    }
    return found
  }
}
