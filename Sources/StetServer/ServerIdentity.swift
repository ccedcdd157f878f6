import Glibc
import StetAgent
import StetProtocol
import Synchronization

/// What the server says of itself: the user agent, the host, the installation.
struct ServerIdentity: Sendable {
  /// The Codex version whose protocol this is. Clients read it from the user agent, as the word after the first `/`,
  /// before they use newer fields.
  static let protocolVersion = "0.163.0"

  let codexHome: String
  let serverVersion: String
  let hostName: String
  let installationId: String
  private let system: String
  private let terminal: String
  private let leading = Leading()

  private final class Leading: Sendable {
    let name = Mutex<String?>(nil)
  }

  init(environment: AgentEnvironment) {
    codexHome = environment.home.codexHome
    serverVersion = environment.serverVersion
    var names = utsname()
    uname(&names)
    hostName = text(names.nodename)
    system = "\(operatingSystem()); \(text(names.machine))"
    let variables = environment.processEnvironment
    terminal = variables["TERM_PROGRAM"] ?? variables["TERM"] ?? "unknown"
    do {
      installationId = try InstallationID.read(in: environment.home.stateDirectory)
    } catch {
      environment.log.warning("the installation id cannot be kept: \(error)")
      installationId = InstallationID.make()
    }
  }

  /// The name that leads every user agent: the first client's.
  func leadingName(_ clientName: String) -> String {
    leading.name.withLock { name in
      let first = name ?? clientName
      name = first
      return first
    }
  }

  /// `<first client>/<protocol version> (<system>) <terminal> (<client>; <version>) stet/<version>`.
  func userAgent(leading: String, client: ClientInfo) -> String {
    "\(leading)/\(Self.protocolVersion) (\(system)) \(terminal) (\(client.name); \(client.version)) "
      + "stet/\(serverVersion)"
  }
}

/// A fixed C array of characters as text.
private func text<Characters>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// "Debian 12.0.0": name and version of `/etc/os-release` (os-release(5)), the version with three parts.
private func operatingSystem() -> String {
  guard let file = fopen("/etc/os-release", "re") else { return "Linux" }
  defer { fclose(file) }
  var fields: [Substring: String] = [:]
  var buffer = [CChar](repeating: 0, count: 1_024)
  while fgets(&buffer, Int32(buffer.count), file) != nil {
    let line = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let parts = line.split(separator: "=", maxSplits: 1)
    guard parts.count == 2 else { continue }
    fields[parts[0]] = parts[1].filter { $0 != "\"" && !$0.isNewline }
  }
  let name = fields["NAME"]?.split(separator: " ").first.map(String.init) ?? "Linux"
  var version = fields["VERSION_ID"]?.split(separator: ".").map(String.init) ?? []
  while version.count < 3 { version.append("0") }
  return "\(name) \(version.joined(separator: "."))"
}
