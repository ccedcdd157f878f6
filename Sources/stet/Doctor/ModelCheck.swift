import StetAgent
import StetConfig
import StetNet

/// Whether there is a model, and whether its endpoint answers.
struct ModelCheck: Sendable {
  /// An endpoint that needs longer to say anything is a problem of its own.
  private static let timeoutMs = 5_000
  /// A list of models; more is no answer to this question.
  private static let answerLimit = 4 << 20

  let surroundings: Surroundings

  func examine() async -> [DoctorCheck] {
    let backend = Backend(surroundings, log: LogFile.logger(home: surroundings.home, label: "doctor"))
    let resolution = await withCheckedContinuation { continuation in
      backend.agent.modelResolution(cwd: surroundings.directory) { continuation.resume(returning: $0) }
    }
    await backend.shutdown()
    guard let target = resolution.target else {
      let looked = resolution.looks.map { "\($0.place): \($0.detail)" }.joined(separator: "; ")
      return [
        .problem(
          "model",
          [resolution.problem, looked.isEmpty ? nil : looked].compactMap { $0 }.joined(separator: " "),
          "Set OPENAI_API_KEY, start a local server, or name one in \(surroundings.home.configFile). stet demo needs none."
        )
      ]
    }
    var checks = [
      DoctorCheck.ok("model", "\(target.model) from \(target.provider?.name ?? target.providerId)")
    ]
    if let provider = target.provider { checks.append(await endpoint(provider, key: target.apiKey)) }
    return checks
  }

  private func endpoint(_ provider: ProviderConfig, key: String?) async -> DoctorCheck {
    let url = provider.baseURL + "/models"
    let http = HTTPClient()
    defer { http.shutdown() }
    var headers = provider.headers(environment: surroundings.environment).map { ($0.name, $0.value) }
    if let key { headers.append(("Authorization", "Bearer \(key)")) }
    let request = HTTPRequest(
      url: url, headers: headers, connectTimeoutMs: Self.timeoutMs, firstByteTimeoutMs: Self.timeoutMs,
      idleTimeoutMs: Self.timeoutMs)
    do {
      let status = try await http.fetch(request, maxBytes: Self.answerLimit).status
      switch status {
      case 401, 403:
        return .problem(
          "endpoint", "\(url) refuses the key (HTTP \(status))",
          "Check \(provider.envKey ?? "the provider's headers").")
      case 200..<300, 404, 405: return .ok("endpoint", "\(url) answers (HTTP \(status))")
      default:
        return .note(
          "endpoint", "\(url) answers HTTP \(status)", "If turns fail too, look at the server's log.")
      }
    } catch {
      return .problem("endpoint", error.message, "Start the server, or check base_url and the network.")
    }
  }
}
