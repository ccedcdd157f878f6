import Glibc
import StetNet
import StetTestSupport
import Testing

/// Against a real TLS server with a certificate made for the test.
@Suite struct TLSTests {
  @Test func certificatesAreChecked() async throws {
    let server = try TLSServer()
    defer { server.stop() }
    let trusting = HTTPClient(environment: ["SSL_CERT_FILE": server.certificate])
    for _ in 0..<2 {
      let answer = try await trusting.fetch(HTTPRequest(url: server.url), maxBytes: 1 << 20)
      #expect(answer.status == 200)
    }
    let doubting = HTTPClient(environment: [:])
    let error = await #expect(throws: NetError.self) {
      try await doubting.fetch(HTTPRequest(url: server.url), maxBytes: 1 << 20)
    }
    #expect(error?.code == .tls)
    #expect(error?.message.contains("certificate") == true)
  }
}

/// `openssl s_server` with a self-signed certificate for 127.0.0.1.
struct TLSServer {
  let url: String
  let certificate: String
  private let pid: pid_t
  private let folder: String

  init() throws {
    var template = Array("/tmp/stet-tls-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LoopbackError(call: "mkdtemp", errno: errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    certificate = folder + "/cert.pem"
    let key = folder + "/key.pem"
    let made = try Self.spawn([
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2",
      "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ])
    var status: Int32 = 0
    waitpid(made.pid, &status, 0)
    close(made.output)
    let server = try Self.spawn([
      "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate, "-key", key,
    ])
    pid = server.pid
    // s_server says "ACCEPT 127.0.0.1:PORT" once it listens.
    var text = ""
    var part = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\n") || !text.contains("ACCEPT ") {
      let count = read(server.output, &part, part.count)
      guard count > 0 else { throw LoopbackError(call: "openssl s_server: \(text)", errno: errno) }
      text += String(decoding: part[..<count], as: UTF8.self)
    }
    let place = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }?.dropFirst(7) ?? ""
    url = "https://\(place)"
  }

  func stop() {
    kill(pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    for name in ["/cert.pem", "/key.pem"] { unlink(folder + name) }
    rmdir(folder)
  }

  private static func spawn(_ arguments: [String]) throws -> (pid: pid_t, output: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw LoopbackError(call: "pipe", errno: errno) }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var pid: pid_t = 0
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let code = posix_spawnp(&pid, arguments[0], &actions, nil, words, environ)
    close(ends[1])
    guard code == 0 else { throw LoopbackError(call: arguments[0], errno: code) }
    return (pid, ends[0])
  }
}
