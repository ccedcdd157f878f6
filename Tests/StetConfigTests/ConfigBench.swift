import StetConfig
import StetJSON
import StetTestSupport

/// A home and a project in a folder of their own.
final class ConfigBench: Sendable {
  let directory = TempDirectory("stet-config")

  init(_ config: String? = nil) {
    directory.makeDirectory("project")
    if let config { directory.write("home/config.toml", config) }
  }

  var home: StetHome { StetHome(root: directory.path("home")) }
  var file: String { directory.path("home/config.toml") }
  var project: String { directory.path("project") }

  func load(
    _ overrides: [String] = [], session: JSONObject = JSONObject(), profile: String? = nil, cwd: String? = nil
  ) throws(ConfigurationError) -> Configuration {
    try ConfigurationLoader.load(
      home: home, cwd: cwd ?? project, overrides: overrides, session: session, profile: profile)
  }
}
