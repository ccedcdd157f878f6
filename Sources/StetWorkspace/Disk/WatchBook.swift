import Glibc

/// One watched path.
struct Watch: Sendable {
  let path: String
  let isDirectory: Bool
  /// Where its name stands, and, for a link, where what it leads to stands.
  let places: [(directory: String, name: String)]
  let changed: @Sendable ([String]) -> Void
  var news: Set<String> = []

  init(_ path: String, _ changed: @escaping @Sendable ([String]) -> Void) throws(WorkspaceError) {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    self.path = path
    self.changed = changed
    var info = stat()
    isDirectory = stat(path, &info) == 0 && fileKind(ofMode: info.st_mode) == .directory
    var resolver = PathResolver()
    let own = try resolver.parentResolved(path)
    let target = try resolver.resolved(path)
    places = (own == target ? [own] : [own, target]).compactMap { path in
      let (directory, name) = PathResolver.split(path)
      return name.isEmpty ? nil : (directory, name)
    }
  }

  /// The watched path of an entry of the directory.
  func entry(_ name: String) -> String { PathResolver.join(path, name) }

  mutating func note(_ changed: String) {
    // Too many to list: the path itself says that all of it is to be looked at again.
    if news.count >= DiskWatcher.pathLimit { news = [path] } else if news != [path] { news.insert(changed) }
  }
}

/// Which watches there are, what the kernel calls their directories, and what is to be told. A value without I/O.
struct WatchBook: Sendable {
  private var watches: [DiskWatcher.Token: Watch] = [:]
  private var nextToken: DiskWatcher.Token = 1
  /// Watched directories; two spellings of one directory have the same number.
  var descriptors: [String: Int32] = [:]
  private var returned: Set<String> = []
  var isOver = false

  mutating func add(_ watch: Watch) -> DiskWatcher.Token {
    defer { nextToken += 1 }
    watches[nextToken] = watch
    return nextToken
  }

  /// Forgets a watch; the kernel's watches that nobody needs any more.
  mutating func remove(_ token: DiskWatcher.Token) -> [Int32] {
    watches[token] = nil
    let needed = Set(
      watches.values.flatMap { $0.places.map(\.directory) + ($0.isDirectory ? [$0.path] : []) })
    let gone = descriptors.filter { !needed.contains($0.key) }
    for directory in gone.keys { descriptors[directory] = nil }
    return Set(gone.values).subtracting(descriptors.values).sorted()
  }

  var hasNews: Bool { watches.values.contains { !$0.news.isEmpty } }

  /// Directories that were made again, to be watched again.
  mutating func takeReturned() -> Set<String> {
    defer { returned = [] }
    return returned
  }

  /// One event of the kernel.
  mutating func take(_ descriptor: Int32, _ mask: Int32, _ name: String) {
    if mask & IN_Q_OVERFLOW != 0 {
      for token in watches.keys { noteItself(token) }
      return
    }
    let directories = descriptors.filter { $0.value == descriptor }.keys
    if mask & IN_IGNORED != 0 {
      for directory in directories { descriptors[directory] = nil }
    }
    for directory in directories {
      if name.isEmpty {
        if mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED) != 0 { changedItself(directory) }
      } else {
        changed(name, in: directory, mask)
      }
    }
  }

  private mutating func changed(_ name: String, in directory: String, _ mask: Int32) {
    for (token, watch) in watches {
      if watch.isDirectory, watch.path == directory { watches[token]?.note(watch.entry(name)) }
      guard watch.places.contains(where: { $0.directory == directory && $0.name == name }) else { continue }
      // Of a watched directory only its coming and going is news here; its content is told by its own watch.
      if watch.isDirectory, mask & (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO) == 0 { continue }
      noteItself(token)
      if watch.isDirectory, mask & (IN_CREATE | IN_MOVED_TO) != 0 { returned.insert(watch.path) }
    }
  }

  /// A directory is gone or can't be watched: whoever watches it, or something in it, is told to look.
  mutating func changedItself(_ directory: String) {
    for (token, watch) in watches
    where watch.path == directory || watch.places.contains(where: { $0.directory == directory }) {
      noteItself(token)
    }
  }

  private mutating func noteItself(_ token: DiskWatcher.Token) {
    if let path = watches[token]?.path { watches[token]?.note(path) }
  }

  /// Tells every watch what changed.
  mutating func tell() {
    for (token, watch) in watches where !watch.news.isEmpty {
      watches[token]?.news = []
      watch.changed(watch.news.sorted(by: bytewise))
    }
  }
}
