import CPlatform
import Glibc

/// Makes walls for commands: what this machine offers, what a policy asks for, what a command left behind.
///
/// Works on a thread of its own. Walls are never silently thinner than asked: `launch` returns them or fails, and
/// `SandboxLaunch.description` says what they are.
public actor Sandbox {
  /// More would make each start slow, and bubblewrap takes 9 000 arguments.
  static let protectedLimit = 2000
  /// Packs that are kept from being removed, those of the outermost repositories: each costs a tenth of a millisecond.
  static let packLimit = 8

  private let launcher: String
  private let environment: [String: String]
  private var capability: SandboxCapability?
  var scanner = ProtectedScanner()
  /// Protected paths that the user accepted although they are new, with what lay there then.
  var accepted: [FileIdentity: Int] = [:]
  /// Changes that the user was told of, with what lay there then; nobody agreed to them.
  var told: [FileIdentity: Int] = [:]
  /// Paths that are being written with the user's consent: what lies there has no identity yet. Counted, since two
  /// threads may write one.
  var expected: [String: Int] = [:]

  /// All disk work is on one thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    DiskExecutor.shared.asUnownedSerialExecutor()
  }

  /// `launcher` is the path of a program that calls `SandboxExec.run`, our own, beside which `stet-launcher` is looked
  /// for; `environment` is the user's, for
  /// PATH, HOME and where secrets lie. `capability` nil: found at first use.
  public init(launcher: String, environment: [String: String], capability: SandboxCapability? = nil) {
    self.launcher = launcher
    self.environment = environment
    self.capability = capability
  }

  /// What this machine offers; tried once, then remembered.
  public func probe() async -> SandboxCapability {
    if let capability { return capability }
    let found = await SandboxProbe(launcher: launcher, environment: environment).run()
    capability = found
    return found
  }

  /// Walls for one command.
  ///
  /// `cwd` and `readableRoots` stay readable wherever they lie. `temporaryDirectory` is the thread's private /tmp,
  /// made if absent. `protectedPaths` beneath a root are read-only too, `deniedReads` hidden too.
  /// nil only for `dangerFullAccess`. An error is a question to the user, never a reason to run without.
  public func launch(
    _ policy: SandboxPolicyKind, cwd: String, threadTmp temporaryDirectory: String,
    readableRoots: [String] = [],
    protectedPaths: [String] = [], deniedReads: [String] = []
  ) async throws(SandboxError) -> SandboxLaunch? {
    let roots: [String]
    let network: Bool
    switch policy {
    case .dangerFullAccess: return nil
    case .readOnly: (roots, network) = ([], false)
    case .workspaceWrite(let asked, let allowed):
      roots = try realRoots(asked)
      network = allowed
    }
    let capability = await probe()
    let readable = ([cwd] + readableRoots).compactMap(realPath)
    // A socket serves also where nothing can be written, so what is only read is searched too.
    var before = scanner.scan(Self.outermost(roots + readable))
    before.paths.removeAll { protected in !roots.contains { isBeneath(protected.path, $0) } }
    if capability.bubblewrap == nil { before.takeFingerprints() }
    guard before.paths.count <= Self.protectedLimit else {
      throw SandboxError(
        .tooManyPaths,
        "\(before.paths.count) protected paths below the workspace, \(Self.protectedLimit) can be bound")
    }
    var hidden = SecretPaths.find(environment, extra: deniedReads).filter { hidden in
      // Starting inside a secret place is the user's own choice of root.
      !roots.contains { isBeneath($0, hidden.path) }
    }
    if capability.bubblewrap != nil {
      // Landlock's filter denies connecting as such.
      hidden += try sockets(before.sockets.filter { path in !hidden.contains { $0.covers(path) } })
    }
    let readOnly = protectedPaths.compactMap(realPath).filter { path in
      roots.contains { isBeneath(path, $0) }
    }
    if capability.bubblewrap == nil { try Self.refuseOpen(readOnly + hidden.map(\.path), beneath: roots) }
    // Objects, refs and the index stay writable so that a commit works; `rm -rf .git` is not to take all of a history.
    let packs = before.paths.lazy.filter { $0.kind == .repository }.prefix(Self.packLimit)
      .flatMap { GitDirectories.packs(of: $0.path) }.prefix(Self.packLimit)
    let plan = SandboxPlan(
      roots: roots, readable: readable, network: network, cwd: cwd,
      temporary: try PrivateDirectory.prepare(temporaryDirectory), protected: before.paths,
      readOnly: readOnly + packs, hidden: hidden)
    return try build(plan, before, capability)
  }

  /// Landlock grants whole trees: it can't keep a command from writing a place beneath a root.
  private static func refuseOpen(_ places: [String], beneath roots: [String]) throws(SandboxError) {
    guard let open = places.first(where: { place in roots.contains { isBeneath(place, $0) } }) else { return }
    throw SandboxError(
      .badRoot, "\(open) lies in a directory that the command may write, and Landlock can't keep it from that"
    )
  }

  /// What listens in the places that are opened to the command. Elsewhere nothing is covered one by one: a socket that
  /// goes between this look and the mount would end the command at its start.
  private func sockets(_ files: [String]) throws(SandboxError) -> [SecretPaths.Hidden] {
    guard let found = try OutsideSockets.find(among: files) else {
      throw SandboxError(
        .tooManyPaths,
        "programs listen on more than \(OutsideSockets.limit) socket files below the workspace; they can't all be "
          + "covered")
    }
    return found.map { SecretPaths.Hidden(path: $0, isDirectory: false) }
  }

  private func build(
    _ plan: SandboxPlan, _ before: ProtectedSnapshot, _ capability: SandboxCapability
  ) throws(SandboxError) -> SandboxLaunch {
    let text = Self.describe(plan, before, capability)
    if let bubblewrap = capability.bubblewrap {
      let arguments = BubblewrapArguments.build(plan, filterDescriptor: SandboxLaunch.filterDescriptor)
      let filter = try SeccompFilter.program(plan.network ? .allowed : .namespaced)
      return SandboxLaunch(
        mechanism: .bubblewrap, description: text, roots: plan.roots, network: plan.network, before: before,
        walls: .bubblewrap(
          program: bubblewrap.path, launcher: bubblewrap.quickLauncher ?? launcher, arguments: arguments,
          filter: filter))
    }
    if let abi = capability.landlockABI {
      let filter = try SeccompFilter.program(plan.network ? .allowedBesideDaemons : .denied)
      return SandboxLaunch(
        mechanism: .landlock, description: text, roots: plan.roots, network: plan.network, before: before,
        walls: .landlock(
          launcher: launcher, rules: LandlockRules(plan, abi: abi).bytes, filter: filter,
          temporary: plan.temporary))
    }
    throw SandboxError(.unavailable, capability.description)
  }

  private static func describe(
    _ plan: SandboxPlan, _ before: ProtectedSnapshot, _ capability: SandboxCapability
  ) -> String {
    let writable = plan.roots.isEmpty ? "read-only" : "writes in \(plan.roots.joined(separator: ", "))"
    let network = plan.network ? "network open" : "no network"
    let part =
      before.isComplete
      ? "" : "; not all directories were searched for protected paths"
    return "\(capability.description); \(writable), \(network)\(part)"
  }

  /// Roots that exist, without links, the outermost.
  private func realRoots(_ asked: [String]) throws(SandboxError) -> [String] {
    var roots: [String] = []
    for root in asked {
      guard root.hasPrefix("/") else {
        throw SandboxError(.badRoot, "\(root): a writable root must be absolute")
      }
      // A root that is not there can't be written; making it would be our write, not the command's.
      guard let real = realPath(root), isDirectory(real) else { continue }
      for kernel in ["/proc", "/dev", "/sys"] where isBeneath(real, kernel) {
        throw SandboxError(.badRoot, "\(root): \(kernel) can't be a writable root")
      }
      roots.append(real)
    }
    return Self.outermost(roots)
  }

  /// Without those that lie in another.
  static func outermost(_ paths: [String]) -> [String] {
    let sorted = Set(paths).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    return sorted.filter { path in !sorted.contains { $0 != path && isBeneath(path, $0) } }
  }
}
