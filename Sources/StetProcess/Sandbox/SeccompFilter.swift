import CPlatform
import CSeccomp
import Glibc

/// The system calls that no command behind our walls may make, as a compiled BPF program.
enum SeccompFilter {
  enum Network: Hashable, Sendable {
    /// A network namespace keeps it in (or the policy lets it out): only sockets that no namespace holds are denied.
    case namespaced
    /// Nothing but the filter keeps it in.
    case denied
    /// Nothing keeps it in, as the policy says.
    case allowed
    /// The same, where no mount hides the sockets of daemons: only the filter keeps a command from them.
    case allowedBesideDaemons
  }

  /// The filter for a kind of network; compiled once each.
  static func program(_ network: Network) throws(SandboxError) -> [UInt8] {
    switch network {
    case .namespaced: try namespaced.get()
    case .denied: try denied.get()
    case .allowed: try allowed.get()
    case .allowedBesideDaemons: try allowedBesideDaemons.get()
    }
  }

  private static let namespaced = Result { () throws(SandboxError) in try compile(.namespaced) }
  private static let denied = Result { () throws(SandboxError) in try compile(.denied) }
  private static let allowed = Result { () throws(SandboxError) in try compile(.allowed) }
  private static let allowedBesideDaemons = Result { () throws(SandboxError) in
    try compile(.allowedBesideDaemons)
  }

  /// Calls that would leave or undo the walls, reach into other processes, or reach the kernel's soft places. Not ptrace:
  /// debuggers and LeakSanitizer live by it, and the process namespace, or Landlock, keeps it to the command's own.
  private static let forbidden = [
    "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount",
    "fspick", "mount_setattr", "unshare", "setns",
    "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp",
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "keyctl", "add_key", "request_key",
    "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon",
    "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday", "clock_settime",
    "open_by_handle_at",
  ]

  private static let newUserNamespace: UInt64 = 0x1000_0000
  /// ioctls that type into a terminal: TIOCSTI, and TIOCLINUX with its paste.
  private static let typingRequests: [UInt64] = [0x5412, 0x541C]
  /// The kernel looks at the low half of an ioctl's number only.
  private static let lowHalf: UInt64 = 0xFFFF_FFFF
  private static let unix: UInt64 = 1
  /// The kind of a socket, without its flags.
  private static let socketTypes: UInt64 = 0xF
  private static let datagrams: UInt64 = 2
  /// IPv4 is 2, IPv6 10, netlink 16; the others up to there are not for us, and above are vsock and friends.
  private static let lastFamily: UInt64 = 16
  private static let strangeFamilies: [UInt64] = [3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15]

  private static func compile(_ network: Network) throws(SandboxError) -> [UInt8] {
    guard let filter = stet_seccomp_new() else { throw SandboxError(.system, "libseccomp: no memory") }
    defer { stet_seccomp_free(filter) }
    let refusal = UInt16(EPERM)
    for name in forbidden {
      let result = stet_seccomp_deny(filter, name, refusal)
      // A library older than the call can't name it. Kernels of its age do not have it either, or the walls hold.
      if result != -ENOSYS { try checkFilter(result, name) }
    }
    try checkFilter(
      stet_seccomp_deny_masked(filter, "clone", refusal, 0, newUserNamespace, newUserNamespace), "clone")
    // Its flags lie in memory, which a filter can't read; libc falls back to clone.
    try checkFilter(stet_seccomp_deny(filter, "clone3", UInt16(ENOSYS)), "clone3")
    for request in typingRequests {
      try checkFilter(stet_seccomp_deny_masked(filter, "ioctl", refusal, 1, lowHalf, request), "ioctl")
    }
    switch network {
    case .denied:
      try checkFilter(stet_seccomp_deny_unless(filter, "socket", refusal, 0, unix), "socket")
      // A daemon behind a socket file would act for the command outside the walls.
      try checkFilter(stet_seccomp_deny(filter, "connect", refusal), "connect")
      // A datagram needs no connection; its address lies in memory, which a filter can't read. Pairs are still made.
      try checkFilter(
        stet_seccomp_deny_masked(filter, "socket", refusal, 1, socketTypes, datagrams), "socket")
    case .namespaced, .allowed, .allowedBesideDaemons:
      if network == .allowedBesideDaemons {
        try checkFilter(stet_seccomp_deny_masked(filter, "socket", refusal, 0, lowHalf, unix), "socket")
      }
      try checkFilter(stet_seccomp_deny_above(filter, "socket", refusal, 0, lastFamily), "socket")
      for family in strangeFamilies {
        try checkFilter(stet_seccomp_deny_masked(filter, "socket", refusal, 0, lowHalf, family), "socket")
      }
    }
    return try export(filter)
  }

  private static func export(_ filter: scmp_filter_ctx) throws(SandboxError) -> [UInt8] {
    let number = stet_memfd("stet-filter", nil, 0)
    guard number >= 0 else { throw SandboxError(.system, "memfd_create", underlying: -number) }
    let file = Descriptor(number)
    try checkFilter(stet_seccomp_export(filter, file.number), "export")
    var status = stet_file_status()
    try checkFilter(stet_status(file.number, "", &status), "fstat")
    var bytes = [UInt8](repeating: 0, count: Int(status.size))
    let count = file.withNumber { pread($0, &bytes, bytes.count, 0) }
    guard count == bytes.count, count > 0 else { throw SandboxError(.system, "libseccomp: an empty filter") }
    return bytes
  }

  private static func checkFilter(_ result: Int32, _ what: String) throws(SandboxError) {
    guard result < 0 else { return }
    throw SandboxError(.system, "seccomp \(what): \(errorText(-result))", underlying: -result)
  }
}
