import CPlatform
import Glibc

/// Finds protected paths beneath writable roots.
///
/// It walks directories breadth first, never through a link, and remembers what it found in each by the directory's
/// change time, which no command can set: a warm scan is one fstat per directory (3 ms for 1 600).
struct ProtectedScanner {
  /// A home directory as root must not cost seconds at each command; what lies nearest is found first.
  static let directoryLimit = 60_000
  /// A directory that changed so shortly before it was read may change again within the same tick of the clock.
  private static let tick: Int64 = 50_000_000

  private struct Entry {
    var changed: Int64
    var children: [String]
    var hits: [Hit]
    var sockets: [String] = []
    var gitFile: Bool
    var isWhole = true
    /// How many of the three names it has by which git takes a directory for a repository without a work tree.
    var gitMarks = 0
  }

  private struct Hit {
    var name: String
    var kind: ProtectedPath.Kind
  }

  /// By identity, not by name: to Swift two names can be equal that are two directories.
  private var cache: [FileIdentity: Entry] = [:]
  /// Devices that this scan has seen, and whether a walk has nothing to find on them.
  private var devices: [UInt64: Bool] = [:]
  /// How many directories the last scan has seen.
  var directories: Int { cache.count }

  /// Everything protected beneath `roots`, which are real paths.
  mutating func scan(_ roots: [String]) -> ProtectedSnapshot {
    var snapshot = ProtectedSnapshot()
    var fresh: [FileIdentity: Entry] = [:]
    devices = [:]
    var queue = roots.sorted { $0.utf8.count < $1.utf8.count }
    var gitDirectories: [String] = []
    var workTrees: [String] = []
    var next = 0
    while next < queue.count {
      guard next < Self.directoryLimit else {
        snapshot.isComplete = false
        break
      }
      let directory = queue[next]
      next += 1
      guard let (identity, entry) = look(directory) else { continue }
      fresh[identity] = entry
      if !entry.isWhole { snapshot.isComplete = false }
      if entry.gitMarks == 3 { gitDirectories.append(directory) }
      let base = directory == "/" ? "" : directory
      queue += entry.children.map { "\(base)/\($0)" }
      snapshot.sockets += entry.sockets.map { "\(base)/\($0)" }
      for hit in entry.hits {
        let path = "\(base)/\(hit.name)"
        guard let identity = Self.identity(path) else { continue }
        snapshot.paths.append(ProtectedPath(path: path, kind: hit.kind, identity: identity))
        if hit.kind == .repository {
          gitDirectories.append(path)
          workTrees.append(directory)
        }
      }
      if entry.gitFile { workTrees.append(directory) }
      if entry.gitFile, let target = GitDirectories.target(ofFile: "\(base)/.git"),
        roots.contains(where: { isBeneath(target, $0) })
      {
        gitDirectories.append(target)
      }
    }
    cache = fresh
    addGitDirectories(gitDirectories, to: &snapshot)
    addRedirects(of: workTrees, below: roots, to: &snapshot)
    return snapshot
  }

  private mutating func look(_ directory: String) -> (FileIdentity, Entry)? {
    var status = stet_file_status()
    guard stet_status(AT_FDCWD, directory, &status) == 0, mode_t(status.mode) & S_IFMT == S_IFDIR,
      !isOfKernel(status.device, directory)
    else { return nil }
    let identity = FileIdentity(device: status.device, inode: status.inode)
    if let known = cache[identity], known.changed == status.changed_ns { return (identity, known) }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let settled = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - status.changed_ns > Self.tick
    return (identity, Self.read(directory, changed: settled ? status.changed_ns : Int64.min))
  }

  /// Whether the kernel makes up what lies there: nobody can put a file between, and /proc alone has as many directories
  /// as processes have threads and descriptors, each of them new at each look.
  private mutating func isOfKernel(_ device: UInt64, _ path: String) -> Bool {
    if let known = devices[device] { return known }
    var facts = stet_file_system()
    guard stet_file_system_of(path, &facts) == 0 else { return false }
    let isOfKernel = Self.kernelSystems.contains(facts.kind)
    devices[device] = isOfKernel
    return isOfKernel
  }

  /// proc, sysfs, both cgroups, debugfs, tracefs, securityfs, devpts, bpf, as statfs(2) names them.
  private static let kernelSystems: Set<UInt32> = [
    0x9FA0, 0x6265_6572, 0x27_E0EB, 0x6367_7270, 0x6462_6720, 0x7472_6163, 0x7363_6673, 0x1CD1, 0xCAFE_4A11,
  ]

  private static func read(_ path: String, changed: Int64) -> Entry {
    var entry = Entry(changed: changed, children: [], hits: [], gitFile: false)
    let fd = stet_open_nofollow(AT_FDCWD, path, O_RDONLY | O_DIRECTORY, 0)
    guard fd >= 0, let directory = fdopendir(fd) else {
      if fd >= 0 { close(fd) }
      // Gone, or closed to us: the second is said, and looked at again.
      entry.isWhole = fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP
      entry.changed = .min
      return entry
    }
    defer { closedir(directory) }
    while let item = readdir(directory) {
      let name = withUnsafePointer(to: &item.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        if Int(item.pointee.d_type) == Int(DT_DIR) { entry.isWhole = false }
        continue
      }
      if name == "." || name == ".." { continue }
      if Int(item.pointee.d_type) == Int(DT_SOCK) { entry.sockets.append(name) }
      add(name, type: kind(item.pointee.d_type, directory: fd, name), to: &entry)
    }
    return entry
  }

  private enum FileKind { case directory, other }

  private static func kind(_ type: UInt8, directory: Int32, _ name: String) -> FileKind {
    if Int(type) != Int(DT_UNKNOWN) { return Int(type) == Int(DT_DIR) ? .directory : .other }
    var status = stet_file_status()
    guard stet_status(directory, name, &status) == 0 else { return .other }
    return mode_t(status.mode) & S_IFMT == S_IFDIR ? .directory : .other
  }

  private static func add(_ name: String, type: FileKind, to entry: inout Entry) {
    if name == "HEAD" && type != .directory || (name == "objects" || name == "refs") && type == .directory {
      entry.gitMarks += 1
    }
    if name == ".git" {
      entry.hits.append(Hit(name: name, kind: type == .directory ? .repository : .settings))
      entry.gitFile = type != .directory
    } else if ProtectedNames.settings.contains(name) {
      entry.hits.append(Hit(name: name, kind: .settings))
    } else if ProtectedNames.isInstructions(name) {
      entry.hits.append(Hit(name: name, kind: .instructions))
    } else if type == .directory {
      entry.children.append(name)
    }
  }

  /// Hooks and settings of repositories, of their submodules and work trees. Few, and looked at each time.
  private func addGitDirectories(_ directories: [String], to snapshot: inout ProtectedSnapshot) {
    var seen = Set(snapshot.paths.map { Array($0.path.utf8) })
    for directory in GitDirectories.withNested(directories) {
      for name in ProtectedNames.inGitDirectory {
        let path = "\(directory)/\(name)"
        guard let identity = Self.identity(path), seen.insert(Array(path.utf8)).inserted else { continue }
        snapshot.paths.append(ProtectedPath(path: path, kind: .settings, identity: identity))
      }
    }
  }

  /// What configurations of repositories call their hooks, or read as configuration too.
  private func addRedirects(
    of workTrees: [String], below roots: [String], to snapshot: inout ProtectedSnapshot
  ) {
    guard !workTrees.isEmpty else { return }
    var seen = Set(snapshot.paths.map { Array($0.path.utf8) })
    for path in workTrees.flatMap(GitRedirects.places)
    where roots.contains(where: { isBeneath(path, $0) && path != $0 }) {
      guard let identity = Self.identity(path), seen.insert(Array(path.utf8)).inserted else { continue }
      snapshot.paths.append(ProtectedPath(path: path, kind: .settings, identity: identity))
    }
  }

  static func identity(_ path: String) -> FileIdentity? {
    var status = stet_file_status()
    guard stet_status(AT_FDCWD, path, &status) == 0 else { return nil }
    return FileIdentity(device: status.device, inode: status.inode)
  }
}
