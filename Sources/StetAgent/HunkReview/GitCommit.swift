import StetProcess
import StetProtocol
import StetWorkspace

/// `git commit` of what is in the index, as the user would type it: hooks run, the commit is signed where the
/// configuration says so, and what they refuse is refused. Only the repository of the directory counts, not GIT_DIR.
///
/// This is the one place where stet lets git run what a repository configures (S12): the user asked for a commit, and
/// one that went around the hooks would not be what they asked for.
struct GitCommit: Sendable {
  let cwd: String
  let environment: [String: String]
  /// Names that hold the keys of providers.
  let secrets: Set<String>

  /// A hook may run the tests of a project.
  private static let timeLimit: Duration = .seconds(600)
  /// What hooks print; the end of it is shown when they refuse.
  private static let outputLimit = 64 << 10
  /// Bytes of a message.
  static let messageLimit = 64 << 10

  /// Answers the new commit.
  func run(_ message: String) async throws -> String {
    guard message.utf8.contains(where: { $0 > 32 }) else {
      throw RPCError.invalidRequest("the message is empty; nothing was committed")
    }
    guard message.utf8.count <= Self.messageLimit, !message.utf8.contains(0) else {
      throw RPCError.invalidRequest("the message is too long or holds a NUL; nothing was committed")
    }
    let old = try await head()
    // An identity that git would guess from the name of the machine is none.
    let result = try await git([
      "-c", "user.useConfigOnly=true", "commit", "--no-edit", "--message=\(message)",
    ])
    guard result.status.isSuccess else { throw refusal(result) }
    guard let sha = try await head(), sha != old else {
      throw RPCError.internalError("git said nothing was wrong, but there is no new commit")
    }
    return sha
  }

  private func head() async throws -> String? {
    let directory = cwd
    return try await WorkspaceThread.shared.run { try GitFacts.read(directory)?.sha }
  }

  private func git(_ arguments: [String]) async throws -> ProcessResult {
    var variables = EnvironmentPolicy(excluded: secrets).forClient(environment)
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
      variables[name] = nil
    }
    variables["GIT_TERMINAL_PROMPT"] = "0"
    variables["GIT_EDITOR"] = "true"
    if variables["PATH"] == nil { variables["PATH"] = "/usr/local/bin:/usr/bin:/bin" }
    let command = Command(argv: ["git"] + arguments, cwd: cwd, environment: variables, errors: .merged)
    do {
      return try await ProcessSession.run(
        command, outputLimit: Self.outputLimit, timeLimit: Self.timeLimit)
    } catch {
      throw RPCError.invalidRequest("git can't be run: \(error); nothing was committed")
    }
  }

  /// Why nothing was committed, in git's words and those of its hooks.
  private func refusal(_ result: ProcessResult) -> RPCError {
    let words = String(decoding: result.output, as: UTF8.self)
    let text = words.split(separator: "\n").suffix(20).joined(separator: "\n")
    if result.timedOut { return .invalidRequest("git commit took too long and was ended.\n\(text)") }
    for sign in ["tell me who you are", "no email was given", "no name was given", "empty ident name"]
    where words.firstRange(of: sign) != nil {
      return .invalidRequest(
        "git knows no name and e-mail for your commits; nothing was committed. "
          + "Set them: git config user.name \"…\" and git config user.email \"…\".",
        data: ["stetError": "noIdentity"])
    }
    return .invalidRequest("git commit refused; nothing was committed.\n\(text)")
  }
}
