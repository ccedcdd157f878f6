import CPlatform
import Glibc

/// What commands left at protected paths (agent-core S6).
extension Sandbox {
  /// Moves away what appeared at protected paths since one of `launches` was made, and says what that was.
  ///
  /// Call it when a command has ended, and for those that still run before anything else is started: the disk is looked
  /// through once for all of them. `directory` (0700, made if absent) is in the state folder, outside all roots. Whoever
  /// writes a protected path with the user's consent, while commands may run, calls `expect` before and `accept` after it.
  public func sweep(_ launches: [SandboxLaunch], quarantine directory: String) throws(SandboxError)
    -> [QuarantinedPath]
  {
    let launches = launches.filter { !$0.roots.isEmpty }.map { launch in
      (launch, Dictionary(launch.before.paths.map { ($0.identity, $0.fingerprint) }) { first, _ in first })
    }
    guard !launches.isEmpty else { return [] }
    var new: [ProtectedPath] = []
    let paths = scanner.scan(Self.outermost(launches.flatMap(\.0.roots))).paths
    var changed = removed(now: paths, by: launches.map(\.0))
    for path in paths
    where path.kind != .repository && expected[path.path] == nil {
      let could = launches.filter { launch, _ in launch.roots.contains { isBeneath(path.path, $0) } }
      if could.contains(where: { $0.1[path.identity] == nil }), accepted[path.identity] == nil {
        if !HarmlessGit.isHarmless(path.path) { new.append(path) }
      } else if let problem = change(of: path, by: could) {
        changed.append(QuarantinedPath(original: path.path, stored: nil, kind: path.kind, problem: problem))
      }
    }
    guard !new.isEmpty else { return changed }
    let quarantine = try Quarantine(directory)
    return changed
      + new.map { path in
        do throws(SandboxError) {
          return QuarantinedPath(
            original: path.path, stored: try quarantine.store(path), kind: path.kind, problem: nil)
        } catch {
          return QuarantinedPath(
            original: path.path, stored: nil, kind: path.kind,
            problem: "was made by a command and could not be moved away: \(error.message)")
        }
      }
  }

  /// What lay at protected places before a command for which no read-only bind kept it there; each is told once.
  private func removed(now paths: [ProtectedPath], by launches: [SandboxLaunch]) -> [QuarantinedPath] {
    let open = launches.filter { !$0.protectsPaths }
    guard !open.isEmpty else { return [] }
    let here = Set(paths.map { Array($0.path.utf8) })
    var removed: [QuarantinedPath] = []
    for path in open.flatMap(\.before.paths)
    where path.kind != .repository && expected[path.path] == nil && !here.contains(Array(path.path.utf8)) {
      // No walk finds it that breaks off at its limit.
      guard ProtectedScanner.identity(path.path) == nil, told[path.identity] != Self.goneMark else {
        continue
      }
      told[path.identity] = Self.goneMark
      removed.append(
        QuarantinedPath(
          original: path.path, stored: nil, kind: path.kind,
          problem: "was removed while a command ran; Landlock can't prevent that"))
    }
    return removed
  }

  /// Stands for nothing where a fingerprint is expected.
  private static let goneMark = 0

  /// What a command may have changed that no read-only bind kept from it: all that was there before it under Landlock,
  /// and what the user accepted while it ran. It stays in its place, since there is nothing to put there instead and the
  /// user may have changed it; each change is told once.
  private func change(
    of path: ProtectedPath, by launches: [(SandboxLaunch, [FileIdentity: Int])]
  ) -> String? {
    let agreed = accepted[path.identity]
    let before = launches.compactMap { launch, known -> Int? in
      guard let fingerprint = known[path.identity] else { return agreed }
      return launch.protectsPaths ? nil : fingerprint
    }
    guard !before.isEmpty else { return nil }
    let now = ProtectedSnapshot.fingerprint(path.path)
    guard agreed != now, told[path.identity] != now, before.contains(where: { $0 != now }) else { return nil }
    told[path.identity] = now
    return agreed == nil
      ? "was changed by a command; Landlock can't prevent that"
      : "was changed since you agreed to it, while a command ran that could write it"
  }

  /// The user wants to keep it: back to its place. Fails if something else is there now.
  public func restore(_ path: QuarantinedPath) throws(SandboxError) {
    guard let stored = path.stored else { return accept([path.original]) }
    try Quarantine.restore(stored, to: path.original)
    accept([path.original])
  }

  /// What is about to be written at these real paths is wanted: no sweep moves it until `accept` or `forget`.
  public func expect(_ paths: [String]) {
    for path in paths { expected[path, default: 0] += 1 }
  }

  /// It was not written after all.
  public func forget(_ paths: [String]) {
    for path in paths {
      guard let count = expected[path] else { continue }
      expected[path] = count > 1 ? count - 1 : nil
    }
  }

  /// What lies at these paths now is wanted: no sweep moves it.
  public func accept(_ paths: [String]) {
    forget(paths)
    for path in paths {
      guard let identity = ProtectedScanner.identity(path) else { continue }
      accepted[identity] = ProtectedSnapshot.fingerprint(path)
    }
  }
}
