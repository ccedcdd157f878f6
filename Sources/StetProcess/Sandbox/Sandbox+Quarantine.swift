import CPlatform
import Glibc

/// What commands left at protected paths (agent-core S6).
extension Sandbox {
  /// Moves away what appeared at protected paths since `launch` was made, and says what that was.
  ///
  /// Call it when the command has ended, and for each that still runs before anything else is started. `directory`
  /// (0700, made if absent) is in the state folder, outside all roots. Whoever writes a protected path with the user's
  /// consent, while commands may run, calls `expect` before and `accept` after it.
  public func sweep(_ launch: SandboxLaunch, quarantine directory: String) throws(SandboxError)
    -> [QuarantinedPath]
  {
    guard !launch.roots.isEmpty else { return [] }
    let known = Set(launch.before.paths.map(\.identity))
    var now = scanner.scan(launch.roots)
    if !launch.protectsPaths { now.takeFingerprints() }
    let new = now.paths.filter { path in
      path.kind != .repository && !known.contains(path.identity) && accepted[path.identity] == nil
        && expected[path.path] == nil && !HarmlessGit.isHarmless(path.path)
    }
    let changed = changedPaths(launch, now)
    guard !new.isEmpty else { return changed }
    let quarantine = try Quarantine(directory)
    return changed
      + new.map { path in
        do throws(SandboxError) {
          return QuarantinedPath(
            original: path.path, stored: try quarantine.store(path), kind: path.kind, problem: nil)
        } catch {
          return QuarantinedPath(original: path.path, stored: nil, kind: path.kind, problem: error.message)
        }
      }
  }

  /// Without read-only binds a command may have changed what was there. It stays in its place, since there is nothing
  /// to put there instead; the user is told.
  private func changedPaths(_ launch: SandboxLaunch, _ now: ProtectedSnapshot) -> [QuarantinedPath] {
    guard !launch.protectsPaths else { return [] }
    let before = Dictionary(launch.before.paths.map { ($0.identity, $0.fingerprint) }) { first, _ in first }
    return now.paths.compactMap { path in
      guard let old = before[path.identity], old != path.fingerprint, expected[path.path] == nil,
        accepted[path.identity] != path.fingerprint
      else { return nil }
      return QuarantinedPath(
        original: path.path, stored: nil, kind: path.kind,
        problem: "changed by a command; Landlock can't prevent that")
    }
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
