import CPlatform
import Glibc

/// The rules of the Landlock fallback, and the form in which the launcher receives them.
///
/// Landlock only grants, and for whole trees: secrets are kept out by granting what lies beside them, but nothing
/// beneath a writable root can be made read-only.
struct LandlockRules: Hashable, Sendable {
  struct Rule: Hashable, Sendable {
    var rights: UInt64
    var path: String
  }

  var abi: Int
  var denyNetwork: Bool
  var rules: [Rule] = []

  /// Devices that programs write; the others are not even read. Not the terminals in /dev/pts: those of the user's other
  /// programs are among them, and what is typed there. A command has its own open, and as /dev/tty.
  private static let devices = [
    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/shm",
  ]
  private static let content = UInt64(STET_LANDLOCK_READ_FILE | STET_LANDLOCK_EXECUTE)
  private static let listing = UInt64(STET_LANDLOCK_READ_DIR)

  init(abi: Int, denyNetwork: Bool) {
    self.abi = abi
    self.denyNetwork = denyNetwork
  }

  init(_ plan: SandboxPlan, abi: Int) {
    self.init(abi: abi, denyNetwork: !plan.network)
    let all = stet_landlock_rights(Int32(clamping: abi))
    let denied = plan.hidden.map(\.path) + ["/dev"]
    // Names may be listed everywhere; contents are granted around what is denied.
    rules.append(Rule(rights: Self.listing, path: "/"))
    grantContent("/", denied)
    for hidden in plan.hidden {
      rules += hidden.kept.map { Rule(rights: Self.content, path: "\(hidden.path)/\($0)") }
    }
    for root in plan.roots {
      let holdsDenied = denied.contains { isBeneath($0, root) }
      rules.append(Rule(rights: holdsDenied ? all & ~Self.content : all, path: root))
    }
    rules.append(Rule(rights: all, path: plan.temporary))
    rules += Self.devices.map { Rule(rights: all, path: $0) }
  }

  private mutating func grantContent(_ path: String, _ denied: [String]) {
    if denied.contains(path) { return }
    guard denied.contains(where: { isBeneath($0, path) }) else {
      rules.append(Rule(rights: Self.content, path: path))
      return
    }
    for name in Directory.names(path).sorted() {
      let child = path == "/" ? "/\(name)" : "\(path)/\(name)"
      var status = stet_file_status()
      // A link grants nothing: what it leads to is granted where it lies.
      guard stet_status(AT_FDCWD, child, &status) == 0, mode_t(status.mode) & S_IFMT != S_IFLNK else {
        continue
      }
      grantContent(child, denied)
    }
  }

  // MARK: On the way to the launcher

  /// NUL-ended fields: version, network, then rights and path of each rule.
  var bytes: [UInt8] {
    let fields = ["\(abi)", denyNetwork ? "1" : "0"] + rules.flatMap { ["\($0.rights)", $0.path] }
    return fields.flatMap { $0.utf8 + [0] }
  }

  /// nil for bytes that `bytes` did not make.
  init?(_ bytes: [UInt8]) {
    guard bytes.last == 0 else { return nil }
    let fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count >= 2, fields.count.isMultiple(of: 2), let abi = Int(fields[0]) else { return nil }
    self.init(abi: abi, denyNetwork: fields[1] != "0")
    for index in stride(from: 2, to: fields.count, by: 2) {
      guard let rights = UInt64(fields[index]) else { return nil }
      rules.append(Rule(rights: rights, path: fields[index + 1]))
    }
  }
}
