import FoundationEssentials
import Glibc
import StetProcess
import StetTestSupport
import Testing

/// `stet app-server --listen` as a program: what it prints, makes and removes, and how it ends.
@Suite("A10: stet app-server --listen", .fewAtOnce) struct ListeningProgramTests {
  private let home = TempDirectory("listen-home")

  private func start(_ arguments: String...) throws -> ProcessSession {
    try ProcessSession.start(
      Command(
        argv: ["\(Program.folder)/stet", "app-server"] + arguments, cwd: home.path,
        environment: Program.environment(home: home)))
  }

  /// What is printed up to the bare address.
  private func announced(_ session: ProcessSession) async -> String {
    var text = ""
    for await event in session.events {
      if case .output(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
      if text.split(separator: "\n").contains(where: { $0.hasPrefix("unix://") || $0.hasPrefix("ws://") }) {
        break
      }
    }
    return text
  }

  /// What is printed to the end.
  private func finished(_ session: ProcessSession) async -> (status: StetProcess.ExitStatus, text: String) {
    var text = ""
    for await event in session.events {
      if case .output(let bytes) = event { text += String(decoding: bytes, as: UTF8.self) }
    }
    return (await session.waitForExit(), text)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test(
    "the default socket is private, and every signal that ends it leaves nothing",
    arguments: [SIGTERM, SIGINT])
  func unix(signal: Int32) async throws {
    let session = try start("--listen", "unix://")
    let path = home.path("app-server/app-server.sock")
    #expect(await announced(session).contains("stet: listening on unix://\(path)\n"))
    #expect(mode(path) == 0o600)
    #expect(mode(home.path("app-server")) == 0o700)
    let second = try start("--listen", "unix://")
    let refused = await finished(second)
    #expect(refused.status.code == 1)
    #expect(refused.text.contains("a server already listens there (process \(session.pid))"))
    session.signal(signal)
    #expect(await finished(session).status.code == 0)
    #expect(home.names("app-server") == [])
  }

  @Test("a port's token is made for the run, readable by its user alone, and goes with the run")
  func port() async throws {
    let session = try start("--listen", "ws://127.0.0.1:0")
    let text = await announced(session)
    let token = try #require(home.names("app-server").first { $0.hasSuffix(".token") })
    let path = home.path("app-server/\(token)")
    #expect(text.contains("stet: the bearer token is in \(path)\n"))
    #expect(mode(path) == 0o600)
    let secret = try #require(home.text("app-server/\(token)"))
    #expect(secret.utf8.count == 65 && !text.contains(secret.prefix(64)))
    session.signal(SIGINT)
    #expect(await finished(session).status.code == 0)
    #expect(home.names("app-server") == [])
  }

  @Test("a token file of the user's own is kept; one that others can read is refused")
  func ownToken() async throws {
    let path = home.path("token")
    let session = try start("--listen", "ws://127.0.0.1:0", "--token-file", path)
    #expect(await announced(session).contains("the bearer token is in \(path)\n"))
    session.signal(SIGTERM)
    #expect(await finished(session).status.code == 0)
    #expect(mode(path) == 0o600)
    chmod(path, 0o640)
    let refused = await finished(try start("--listen", "ws://127.0.0.1:0", "--token-file", path))
    #expect(refused.status.code == 1)
    #expect(refused.text.contains("others can read the token"))
  }

  @Test(
    "what can't be listened on is said, with a reason",
    arguments: [
      ("ws://0.0.0.0:4500", "this machine's own addresses"), ("tcp://x", "an address is unix://PATH"),
      ("unix:///proc/no/x.sock", "/proc/no"), ("ws://127.0.0.1", "a port is needed"),
    ])
  func refused(address: String, words: String) async throws {
    let end = await finished(try start("--listen", address))
    #expect(!end.status.isSuccess)
    #expect(end.text.contains(words))
  }
}
