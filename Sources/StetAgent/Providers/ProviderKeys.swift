import StetConfig
import StetProcess
import Synchronization

/// Finds the keys of providers: in the environment, from a program, or in the key file (V10).
///
/// A program's key is kept in memory for as long as the user's table says, shared by all threads, and asked for anew
/// once when the provider refuses it (L8). No text of a program ever gets into an error: it may be the key.
final class ProviderKeys: Sendable {
  /// Bytes that a program may print; tokens of identity services stay below 8 KiB.
  private static let outputLimit = 64 << 10

  private struct Kept {
    let key: String
    let atMs: Int64
  }

  private let variables: [String: String]
  private let file: APIKeyFile
  private let nowMs: @Sendable () -> Int64
  private let kept = Mutex<[KeyCommandConfig: Kept]>([:])

  init(variables: [String: String], file: APIKeyFile, nowMs: @escaping @Sendable () -> Int64) {
    self.variables = variables
    self.file = file
    self.nowMs = nowMs
  }

  /// The variables of the process, with the keys of the file where they have none. Read anew each time: a log-in
  /// counts for the next turn.
  var environment: [String: String] { file.completing(variables) }

  /// Why the key file is not used; nil when nothing is wrong.
  var fileProblem: String? { file.problem }

  /// The key that is there without running anything.
  func standing(_ provider: ProviderConfig) -> ProviderKey? {
    if let name = provider.envKey {
      if let value = variables[name], !value.isEmpty { return ProviderKey(value: value, source: name) }
      if provider.keyCommand == nil, let value = environment[name], !value.isEmpty {
        return ProviderKey(value: value, source: APIKeyFile.name)
      }
    }
    return provider.bearerToken.map { ProviderKey(value: $0, source: "experimental_bearer_token") }
  }

  /// The key to send; nil for a provider without one. Throws with what to do when there should be one.
  func key(_ provider: ProviderConfig) async throws(ModelError) -> ProviderKey? {
    if let name = provider.envKey, let value = variables[name], !value.isEmpty {
      return ProviderKey(value: value, source: name)
    }
    if let command = provider.keyCommand { return try await printed(command, provider) }
    if let key = standing(provider) { return key }
    if let name = provider.envKey, !provider.isLocal {
      let advice = provider.envKeyInstructions ?? "Set it to your key for \(provider.name), then try again."
      let refused = file.problem.map { " \($0)" } ?? ""
      throw ModelError(
        .configuration, message: "The environment variable \(name) is not set. \(advice)\(refused)")
    }
    return nil
  }

  /// The provider refused this key: the program is asked anew next time. False: there is nothing to ask.
  func refused(_ key: String?, by provider: ProviderConfig) -> Bool {
    guard let command = provider.keyCommand else { return false }
    kept.withLock { if $0[command]?.key == key { $0[command] = nil } }
    return true
  }

  // MARK: - Parts

  private func printed(
    _ command: KeyCommandConfig, _ provider: ProviderConfig
  ) async throws(ModelError) -> ProviderKey {
    let source = "the command \(command.command)"
    if let known = kept.withLock({ $0[command] }),
      command.refreshIntervalMs == 0 || nowMs() - known.atMs < Int64(command.refreshIntervalMs)
    {
      return ProviderKey(value: known.key, source: source)
    }
    let key = try await run(command, provider)
    kept.withLock { $0[command] = Kept(key: key, atMs: nowMs()) }
    return ProviderKey(value: key, source: source)
  }

  private func run(_ command: KeyCommandConfig, _ provider: ProviderConfig) async throws(ModelError) -> String
  {
    func failure(_ what: String) -> ModelError {
      ModelError(
        .configuration,
        message:
          "\(command.command), which prints the key for \(provider.name), \(what). Run it by hand to see why."
      )
    }
    let call = Command(
      argv: [command.command] + command.arguments, cwd: command.cwd ?? variables["HOME"] ?? "/",
      environment: variables, errors: .discarded)
    let result: ProcessResult
    do {
      result = try await ProcessSession.run(
        call, outputLimit: Self.outputLimit, timeLimit: .milliseconds(command.timeoutMs), grace: .zero)
    } catch {
      throw failure("can't be started: \(error.message)")
    }
    if result.timedOut { throw failure("took longer than \(command.timeoutMs) ms") }
    guard result.status.code == 0 else {
      throw failure("ended with \(result.status.code.map { "exit status \($0)" } ?? "a signal")")
    }
    let text = result.output.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
    let key = String(decoding: text, as: UTF8.self)
    guard !key.isEmpty, key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw failure("printed no key")
    }
    return key
  }
}
