import StetAgent
import StetConfig
import StetNet
import StetUI

/// Sessions of Codex and of Claude Code: what the picker offers, and how one becomes a thread. Their files are read only.
enum ForeignThreads {
  /// Why a session was not brought over.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  static func importer(_ surroundings: Surroundings, _ http: HTTPClient) -> CodexImport {
    CodexImport(
      environment: AgentEnvironment(
        home: surroundings.home,
        configuration: { directory, session in
          try ConfigurationLoader.load(home: surroundings.home, cwd: directory, session: session)
        },
        processEnvironment: surroundings.environment, http: http, serverVersion: Version.current,
        defaultCwd: surroundings.directory, log: LogFile.logger(home: surroundings.home, label: "import")))
  }

  /// Those of this directory that are no threads yet, and what could not be looked through, in sentences.
  static func find(_ surroundings: Surroundings) -> (sessions: [ForeignSession], faults: [String]) {
    let offers = ForeignOffers(
      directory: surroundings.directory, threadsDirectory: surroundings.home.threadsDirectory)
    let found = offers.find(
      codexHome: home(surroundings, "CODEX_HOME", ".codex"),
      claudeHome: home(surroundings, "CLAUDE_CONFIG_DIR", ".claude"))
    let sessions = found.offers.map {
      ForeignSession(
        path: $0.path, threadId: $0.threadId, program: $0.program, title: $0.title, changedAt: $0.changedAt)
    }
    return (sessions, found.faults)
  }

  /// Makes a session a thread; what it could not do besides, in sentences.
  static func bring(_ session: ForeignSession, _ surroundings: Surroundings) throws -> [String] {
    let http = HTTPClient()
    defer { http.shutdown() }
    let importer = importer(surroundings, http)
    let report = try importer.runClaude(path: session.path) ?? importer.run(path: session.path)
    if let refusal = report.refusal { throw Refusal(description: refusal) }
    return try importer.finish()
  }

  private static func home(_ surroundings: Surroundings, _ variable: String, _ folder: String) -> String? {
    if let named = surroundings.environment[variable], named.hasPrefix("/") { return named }
    return surroundings.environment["HOME"].flatMap { $0.hasPrefix("/") ? "\($0)/\(folder)" : nil }
  }
}
