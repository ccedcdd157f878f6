import StetJSON

/// The variables by which the Codex SDKs give `exec` a key and an endpoint.
enum CodexVariables {
  /// CODEX_API_KEY stands for OPENAI_API_KEY, OPENAI_BASE_URL for `openai_base_url`; what was said by `-c` wins.
  static func applied(to outside: Surroundings) -> Surroundings {
    var environment = outside.environment
    var overrides = outside.overrides
    if let key = environment["CODEX_API_KEY"], !key.isEmpty { environment["OPENAI_API_KEY"] = key }
    if let url = environment["OPENAI_BASE_URL"], !url.isEmpty {
      // A JSON string is a TOML string, too.
      overrides.insert("openai_base_url=\(JSONValue.string(url).text)", at: 0)
    }
    return Surroundings(
      environment: environment, home: outside.home, directory: outside.directory, overrides: overrides)
  }
}
