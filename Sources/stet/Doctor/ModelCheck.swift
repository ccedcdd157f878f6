import StetAgent
import StetConfig

/// Whether there is a model, and what holds for each provider that could be used.
struct ModelCheck: Sendable {
  let surroundings: Surroundings

  func examine() async -> [DoctorCheck] {
    let backend = Backend(surroundings, log: LogFile.logger(home: surroundings.home, label: "doctor"))
    let resolution = await withCheckedContinuation { continuation in
      backend.agent.modelResolution(cwd: surroundings.directory) { continuation.resume(returning: $0) }
    }
    var checks = [model(resolution)]
    do {
      let configuration = try surroundings.configuration(for: surroundings.directory)
      let reports = await ProviderReport.all(
        configuration, environment: backend.environment, using: resolution.target)
      checks += reports.flatMap(provider)
    } catch {
      checks.append(.problem("config.toml", "\(error)", error.advice))
    }
    await backend.shutdown()
    return checks
  }

  private func model(_ resolution: ModelResolution) -> DoctorCheck {
    if let target = resolution.target {
      return .ok("model", "\(target.model) from \(target.provider?.name ?? target.providerId)")
    }
    let looked = resolution.looks.map { "\($0.place): \($0.detail)" }.joined(separator: "; ")
    return .problem(
      "model", [resolution.problem, looked.isEmpty ? nil : looked].compactMap { $0 }.joined(separator: " "),
      "Set OPENAI_API_KEY, start a local server, or name one in \(surroundings.home.configFile). stet demo needs none."
    )
  }

  private func provider(_ report: ProviderReport) -> [DoctorCheck] {
    report.lines.map { line in
      switch line.state {
      case .good: .ok(report.id, line.text)
      case .note: .note(report.id, line.text, line.advice ?? "")
      case .problem: .problem(report.id, line.text, line.advice ?? "")
      }
    }
  }
}
