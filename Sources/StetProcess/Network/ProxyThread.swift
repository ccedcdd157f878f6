import CPlatform
import Glibc

/// A detached thread for work that blocks on sockets, which the cooperative pool must never do.
enum ProxyThread {
  /// The deepest call is getaddrinfo, whose modules want some tens of kilobytes.
  private static let stackSize = 512 << 10

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Without memory for a thread nothing runs, and what `body` holds is let go.
  static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Body(name, body))
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        _ = stet_block_signals()
        _ = stet_thread_name(body.name)
        body.run()
        return nil
      }, argument.toOpaque())
    if result != 0 { argument.release() }
  }
}
