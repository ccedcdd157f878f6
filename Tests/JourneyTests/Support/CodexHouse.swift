import FoundationEssentials
import StetConfig
import StetTestSupport
import StetUI

@testable import stet

/// What lies around a journey on Codex's own app-server: its home with a scripted model, and ours beside it.
final class CodexHouse: Sendable {
  /// Codex's program, as `make test-codex` brings it; nil without.
  static let program = ProcessInfo.processInfo.environment["STET_CODEX"].flatMap { $0.isEmpty ? nil : $0 }

  let home = TempDirectory("codex-journey-home")
  let work: TempRepository
  let model: FakeModel

  init(_ script: [FakeModel.Step]) throws {
    work = try TempRepository("codex-journey-work")
    model = FakeModel(script: script)
    home.write(
      "codex/config.toml",
      """
      model = "\(FakeModel.modelName)"
      model_provider = "mock"
      [model_providers.mock]
      name = "mock"
      base_url = "\(model.url)"
      wire_api = "responses"
      env_key = "MOCK_KEY"
      request_max_retries = 1
      stream_max_retries = 2
      [analytics]
      enabled = false
      [projects."\(work.path)"]
      trust_level = "trusted"
      """)
    home.makeDirectory("stet")
  }

  deinit { model.stop() }

  /// Opens the interface on a Codex of its own.
  func open(_ program: String, _ launch: Launch = .new(prompt: nil)) -> App {
    let surroundings = Surroundings(
      environment: [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home.path, "SHELL": "/bin/bash", "MOCK_KEY": "x",
        "CODEX_HOME": home.path("codex"),
      ], home: StetHome(root: home.path("stet")), directory: work.path)
    return App(
      surroundings, of: self, launch: launch, size: (100, 40), choice: .command("'\(program)' app-server"))
  }
}
