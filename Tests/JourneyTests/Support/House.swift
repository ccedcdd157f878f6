import StetConfig
import StetTestSupport
import StetUI

@testable import stet

/// What lies around one journey: a home, a workspace and a scripted model behind real HTTP. All of it is removed with
/// the house.
final class House: Sendable {
  let home: TempDirectory
  let work: TempDirectory
  let model: FakeModel
  /// What the program is told of its folders and where it works.
  private let directories: (home: StetHome, work: String)

  /// - Parameters:
  ///   - settings: the lines of config.toml before the provider's table; by default every command asks.
  ///   - provider: more lines of the provider's table.
  ///   - state: what is given as the folder for state, if not one below the home.
  ///   - directory: where the program works, if not in the house's workspace.
  init(
    _ script: [FakeModel.Step] = [], settings: String = House.askingSettings, provider: String = "",
    state: String? = nil, directory: String? = nil
  ) {
    let (home, work) = (TempDirectory("journey-home"), TempDirectory("journey-work"))
    (self.home, self.work) = (home, work)
    model = FakeModel(script: script)
    let whole = StetHome(root: home.path)
    let split = state.map {
      StetHome(configDirectory: home.path, stateDirectory: $0, cacheDirectory: home.path("cache"))
    }
    directories = (split ?? whole, directory ?? work.path)
    home.write(
      "config.toml",
      """
      model = "\(FakeModel.modelName)"
      model_provider = "mock"
      model_context_window = 100000
      \(settings)
      [model_providers.mock]
      name = "Mock"
      base_url = "\(model.url)"
      \(provider)
      """)
  }

  deinit { model.stop() }

  static let askingSettings = """
    approval_policy = "untrusted"
    sandbox_mode = "workspace-write"
    """

  var surroundings: Surroundings {
    Surroundings(
      environment: [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": home.path, "STET_HOME": home.path, "SHELL": "/bin/sh",
      ],
      home: directories.home, directory: directories.work)
  }

  /// Opens the program in this house.
  func open(
    _ launch: Launch = .new(prompt: nil), columns: Int = 100, rows: Int = 40,
    on choice: ServerChoice = .embedded
  ) -> App {
    App(self, launch: launch, size: (columns, rows), choice: choice)
  }
}
