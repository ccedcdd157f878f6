import Glibc

/// What the sandbox is to look like; the same for bubblewrap and Landlock.
struct SandboxPlan: Sendable {
  /// Writable, existing real paths.
  var roots: [String]
  /// Real paths that stay readable although /tmp, /var/tmp or /run around them are hidden.
  var readable: [String]
  var network: Bool
  var cwd: String
  var temporary: String
  var protected: [ProtectedPath]
  /// More real paths beneath roots that are not to be written.
  var readOnly: [String]
  var hidden: [SecretPaths.Hidden]
}

/// The command line for bubblewrap (platform.md §7). Pure, but for looking at what exists.
enum BubblewrapArguments {
  /// Directories replaced by empty ones: in /run are the sockets of daemons that act for whoever connects.
  static let emptied = ["/run", "/var/run"]
  /// Parts of /run that programs need.
  private static let keptInRun = [
    "/run/current-system", "/run/booted-system", "/run/wrappers", "/run/opengl-driver",
  ]
  /// Kernel settings: root may write most of them without any capability (core_pattern would be a way out).
  private static let kernelSettings = [
    "/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs", "/proc/acpi", "/proc/mtrr",
    "/proc/scsi", "/proc/asound", "/proc/dynamic_debug",
  ]
  /// Replaced by the private directory.
  static let temporaries = ["/tmp", "/var/tmp"]

  static func build(_ plan: SandboxPlan, filterDescriptor: Int) -> [String] {
    var arguments = [
      "--cap-drop", "ALL", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent",
    ]
    if !plan.network { arguments.append("--unshare-net") }
    arguments += [
      plan.roots.contains("/") ? "--bind" : "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
    ]
    for path in kernelSettings where access(path, F_OK) == 0 { arguments += ["--ro-bind", path, path] }
    arguments += emptiedDirectories(plan)
    for directory in temporaries where realPath(directory) == directory {
      arguments += ["--bind", plan.temporary, directory]
    }
    let covered = emptied + temporaries
    for path in plan.readable where covered.contains(where: { isBeneath(path, $0) }) {
      arguments += ["--ro-bind", path, path]
    }
    for root in plan.roots where root != "/" { arguments += ["--bind", root, root] }
    // A directory that is a mount point can't be moved away, so `.git` is bound on itself before its parts.
    for path in plan.protected where path.kind == .repository {
      arguments += ["--bind", path.path, path.path]
    }
    for path in plan.protected where path.kind != .repository {
      arguments += ["--ro-bind", path.path, path.path]
    }
    for path in plan.readOnly { arguments += ["--ro-bind", path, path] }
    arguments += plan.hidden.flatMap(hide)
    return arguments + ["--seccomp", "\(filterDescriptor)", "--chdir", plan.cwd]
  }

  private static func emptiedDirectories(_ plan: SandboxPlan) -> [String] {
    var arguments: [String] = []
    for directory in emptied where realPath(directory) == directory { arguments += ["--tmpfs", directory] }
    for path in keptInRun where realPath(path) != nil { arguments += ["--ro-bind", path, path] }
    // Name resolution needs the file that this often points to.
    if plan.network, let resolver = realPath("/etc/resolv.conf"), resolver.hasPrefix("/run/") {
      arguments += ["--ro-bind", resolver, resolver]
    }
    return arguments
  }

  /// A hidden directory is empty but for what is kept; a hidden file can't be opened (no devices on that mount).
  private static func hide(_ hidden: SecretPaths.Hidden) -> [String] {
    guard hidden.isDirectory else { return ["--ro-bind", "/dev/null", hidden.path] }
    let kept = hidden.kept.flatMap { ["--ro-bind", "\(hidden.path)/\($0)", "\(hidden.path)/\($0)"] }
    return ["--tmpfs", hidden.path] + kept + ["--remount-ro", hidden.path]
  }
}
