import StetProcess
import StetProtocol

/// The way to single hosts of one sandboxed command: the proxy in its walls, and who decides for it.
struct CommandNetwork: Sendable {
  let gate: NetworkGate
  private let proxy: SandboxProxy

  /// nil where the walls have no room for one: there is a network, or none of its own, or no walls at all. A proxy that
  /// can't be made is said, and the command runs without any network.
  static func make(
    _ walls: SandboxLaunch?, _ item: CommandExecutionItem, _ context: ToolContext
  ) -> CommandNetwork? {
    guard let walls, walls.canReachHosts else { return nil }
    let gate = NetworkGate(item, context)
    do {
      let proxy = try SandboxProxy(decide: { await gate.decide($0) }, refused: { gate.note($0, $1) })
      return CommandNetwork(gate: gate, proxy: proxy)
    } catch {
      context.items.warn("A command runs without any way to a network: \(error)")
      return nil
    }
  }

  private init(gate: NetworkGate, proxy: SandboxProxy) {
    self.gate = gate
    self.proxy = proxy
  }

  func walls(_ walls: SandboxLaunch?) -> SandboxLaunch? { walls?.reachingHosts(through: proxy) }

  /// The command runs and its item is shown: now it may be asked about.
  func begin(stop: @escaping @Sendable () -> Void) {
    gate.onStop(stop)
    proxy.begin()
  }

  /// The command has ended, or is to end: from here on nothing of it goes out, whatever is answered later.
  func end() {
    gate.close()
    proxy.stop()
  }
}
