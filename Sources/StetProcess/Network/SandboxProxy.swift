import CLaunch
import CPlatform
import Glibc
import Synchronization

/// The way out of a network namespace, one host at a time (agent-core S13).
///
/// The namespace has nothing but its own loopback. `SandboxExec` listens there before it becomes the command and sends
/// the listener out over a channel; connections are accepted here, outside, so nothing of ours runs beside the command.
/// Each names its host in HTTP/1 (CONNECT, or a plain request). A name is resolved after it was allowed, never before:
/// a question to a resolver is a message too. What it resolves to is looked at, and connected to as it was looked at.
///
/// Threads of its own; safe from any thread. Ends with `stop`, or when its last owner lets go.
public final class SandboxProxy: Sendable {
  public enum Verdict: Hashable, Sendable {
    case allow
    /// Why not, in one line for the command.
    case refuse(String)
  }

  /// Asked for each connection, also where the same host was allowed before. It may wait for the user.
  public typealias Decide = @Sendable (NetworkTarget) async -> Verdict
  /// Told of what was allowed, or never asked about, and refused all the same, with the reason.
  public typealias Refused = @Sendable (NetworkTarget, String) -> Void

  static let port = UInt16(STET_PROXY_PORT)
  /// Connections of one command at a time; package managers open some tens.
  static let connectionLimit = 64

  private let core: ProxyCore
  private let far: Mutex<Descriptor?>

  public convenience init(decide: @escaping Decide, refused: @escaping Refused) throws(SandboxError) {
    try self.init(resolver: HostResolver.system, decide: decide, refused: refused)
  }

  /// - Parameter resolver: finds the addresses of names; tests have no names of their own in the world.
  init(
    resolver: HostResolver, decide: @escaping Decide, refused: @escaping Refused
  ) throws(SandboxError) {
    var ends: (near: Int32, far: Int32) = (-1, -1)
    let made = stet_socket_pair(&ends.near, &ends.far)
    guard made >= 0 else {
      throw SandboxError(.system, "socketpair: \(errorText(-made))", underlying: -made)
    }
    let (near, far) = (Descriptor(ends.near), Descriptor(ends.far))
    let stop = stet_eventfd()
    guard stop >= 0 else { throw SandboxError(.system, "eventfd: \(errorText(-stop))", underlying: -stop) }
    core = ProxyCore(
      channel: near, stop: Descriptor(stop), resolver: resolver, decide: decide, refused: refused)
    self.far = Mutex(far)
  }

  deinit { core.end() }

  /// What the child gets; nil once the proxy has begun.
  var channel: Descriptor? { far.withLock { $0 } }

  /// Serves the command that was started with it. What it asked for before waits. Call it once.
  public func begin() {
    guard far.withLock({ $0.take() }) != nil else { return }
    ProxyThread.start(name: "stet-proxy") { [core] in core.serve() }
  }

  /// Ends all connections; there will be no more.
  public func stop() { core.end() }

  /// The variables by which programs find it. What is on loopback inside is reached without.
  static var environment: [String: String] {
    let address = "http://127.0.0.1:\(port)"
    let direct = "localhost,127.0.0.1,::1"
    var variables: [String: String] = ["NO_PROXY": direct, "no_proxy": direct, "NODE_USE_ENV_PROXY": "1"]
    // What programs look up for themselves is no reason to ask the user: newer versions, and counting who runs them.
    variables["NO_UPDATE_NOTIFIER"] = "1"
    variables["npm_config_update_notifier"] = "false"
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    variables["DO_NOT_TRACK"] = "1"
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
      variables[name] = address
    }
    return variables
  }
}

/// What the threads of a proxy share.
final class ProxyCore: Sendable {
  let resolver: HostResolver
  let decide: SandboxProxy.Decide
  let refused: SandboxProxy.Refused
  /// Readable when all is over; nobody drains it.
  let stop: Descriptor
  private let channel: Mutex<Descriptor?>
  private let connections = Mutex(0)

  init(
    channel: Descriptor, stop: Descriptor, resolver: HostResolver, decide: @escaping SandboxProxy.Decide,
    refused: @escaping SandboxProxy.Refused
  ) {
    self.channel = Mutex(channel)
    self.stop = stop
    self.resolver = resolver
    self.decide = decide
    self.refused = refused
  }

  func end() {
    // It fails only where the counter is full, and then it is readable.
    _ = stop.withNumber { stet_eventfd_signal($0) }
  }

  func serve() {
    guard let channel = channel.withLock({ $0.take() }), wait(channel) else { return }
    let number = channel.withNumber { stet_take_listener($0) }
    guard number >= 0 else { return }
    let listener = Descriptor(number)
    // Only one at a time is taken from the queue, so that a refusal does not block.
    _ = stet_set_nonblocking(number)
    while wait(listener) {
      let accepted = listener.withNumber { stet_accept($0) }
      if accepted >= 0 {
        take(Descriptor(accepted))
      } else if accepted == -EMFILE || accepted == -ENFILE || accepted == -EINVAL || accepted == -EBADF {
        // No more descriptors would be a busy loop; the command sees its connections time out.
        return
      }
    }
  }

  private func take(_ client: Descriptor) {
    guard let slot = ProxySlot(of: self) else { return }
    ProxyThread.start(name: "stet-proxy-link") { [self] in
      ProxyConnection(client: client, core: self, slot: slot).run()
    }
  }

  fileprivate func count(_ change: Int) -> Bool {
    connections.withLock { count in
      guard change < 0 || count < SandboxProxy.connectionLimit else { return false }
      count += change
      return true
    }
  }

  /// Waits until something comes; false when all is over.
  private func wait(_ descriptor: Descriptor) -> Bool {
    withExtendedLifetime((descriptor, stop)) {
      var watched = [
        pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stop.number, events: Int16(POLLIN), revents: 0),
      ]
      while poll(&watched, 2, -1) < 0 { if errno != EINTR { return false } }
      return watched[1].revents == 0
    }
  }
}

/// The place of one connection among those that a command may have, free again when nobody holds it.
final class ProxySlot: Sendable {
  private let core: ProxyCore

  /// nil where all are taken.
  init?(of core: ProxyCore) {
    guard core.count(1) else { return nil }
    self.core = core
  }

  deinit { _ = core.count(-1) }
}
