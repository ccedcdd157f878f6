import StetTestSupport
import Testing

@testable import StetProcess

@Suite struct EnvironmentPolicyTests {
  private let environment = [
    "PATH": "/usr/bin", "HOME": "/home/u", "LANG": "de_DE.UTF-8", "LC_TIME": "C", "CC": "clang",
    "CARGO_HOME": "/c",
    "AWS_SECRET_ACCESS_KEY": "abc", "GITHUB_TOKEN": "def", "DB_PASSWORD": "ghi",
    "OPENAI_API_KEY": "sk-0123456789",
    "CARGO_REGISTRY_TOKEN": "jkl", "EDITOR": "sk-0123456789", "MY_SETTING": "1", "npm_config_color": "true",
    "SSH_AUTH_SOCK": "/run/agent", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/bus",
    "XDG_RUNTIME_DIR": "/run/user/1",
    "https_proxy": "http://user:pass@proxy:3128/", "http_proxy": "http://proxy:3128/", "TERM": "xterm-kitty",
    "COLORTERM": "truecolor",
  ]

  @Test("S8: the model's commands get an allow-list without secrets; `env` prints it")
  func s8_model() async throws {
    let policy = EnvironmentPolicy(excluded: ["OPENAI_API_KEY"])
    let filtered = policy.forModel(environment, extra: ["STET": "1"])
    let command = Command(argv: ["/usr/bin/env"], cwd: "/", environment: filtered)
    let printed = try await Shell.output(command).split(separator: "\n").map { $0.split(separator: "=")[0] }
    #expect(
      Set(printed.map(String.init)) == [
        "PATH", "HOME", "LANG", "LC_TIME", "CC", "CARGO_HOME", "npm_config_color", "http_proxy", "COLORTERM",
        "STET",
        "TERM", "NO_COLOR", "PAGER", "GIT_PAGER", "GH_PAGER", "GIT_TERMINAL_PROMPT",
      ])
    #expect(filtered["TERM"] == "dumb")
    #expect(policy.forModel(environment, terminal: true)["NO_COLOR"] == nil)
    #expect(EnvironmentPolicy.filtered(environment, excluding: ["OPENAI_API_KEY"])["EDITOR"] == nil)
  }

  @Test("S8: what the user lists passes, the provider's key never does")
  func s8_listed() {
    let policy = EnvironmentPolicy(
      listed: ["GITHUB_TOKEN", "MY_SETTING", "OPENAI_API_KEY"], excluded: ["OPENAI_API_KEY"])
    let filtered = policy.forModel(environment, extra: ["OPENAI_API_KEY": "sk"])
    #expect(filtered["GITHUB_TOKEN"] == "def")
    #expect(filtered["MY_SETTING"] == "1")
    #expect(filtered["OPENAI_API_KEY"] == nil)
  }

  @Test("S8: the configuration narrows and widens the list; a secret passes only where the user says so")
  func s8_choice() {
    func names(_ change: (inout EnvironmentChoice) -> Void) -> [String] {
      var policy = EnvironmentPolicy(excluded: ["PROVIDER_KEY"])
      change(&policy.choice)
      let made = policy.forModel([
        "PATH": "/bin", "MINE": "1", "MY_TOKEN": "secret-12", "PROVIDER_KEY": "sk-12345678",
      ])
      #expect(!made.values.contains { $0.contains("sk-12345678") })
      // A command without any path still finds its programs.
      let asked: Set = ["MINE", "MY_TOKEN", "PATH", "PROVIDER_KEY"]
      return made.filter { asked.contains($0.key) && !($0.key == "PATH" && $0.value != "/bin") }.keys.sorted()
    }
    #expect(names { _ in } == ["PATH"])
    #expect(names { $0.inherit = .all } == ["MINE", "PATH"])
    #expect(names { $0.inherit = .core } == ["PATH"])
    #expect(names { $0.inherit = .none } == [])
    #expect(names { $0.keepsSecretNames = true } == ["MY_TOKEN", "PATH"])
    #expect(names { ($0.inherit, $0.keepsSecretNames) = (.all, true) } == ["MINE", "MY_TOKEN", "PATH"])
    #expect(names { ($0.inherit, $0.exclude) = (.all, ["mi*"]) } == ["PATH"])
    #expect(names { $0.includeOnly = ["MY_TOKEN", "P?TH"] } == ["MY_TOKEN", "PATH"])
    #expect(names { ($0.inherit, $0.includeOnly) = (.all, ["M*"]) } == ["MINE"])
    #expect(names { $0.includeOnly = ["PROVIDER_KEY"] } == [])
    #expect(names { $0.set = ["MINE": "2", "PROVIDER_KEY": "x"] } == ["MINE", "PATH"])
  }

  @Test("S8: the client's own commands inherit all but secrets")
  func s8_client() {
    let policy = EnvironmentPolicy(excluded: ["OPENAI_API_KEY"])
    let filtered = policy.forClient(environment, extra: ["HOME": nil, "MY_TOKEN": "given"])
    #expect(filtered["MY_SETTING"] == "1")
    #expect(filtered["SSH_AUTH_SOCK"] == "/run/agent")
    #expect(filtered["MY_TOKEN"] == "given")
    for name in ["HOME", "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "OPENAI_API_KEY", "EDITOR"] {
      #expect(filtered[name] == nil)
    }
  }

  @Test func thereIsAlwaysAPathAndALanguage() {
    let filtered = EnvironmentPolicy().forModel([:])
    #expect(filtered["PATH"] == Executable.defaultPath)
    #expect(filtered["LANG"] == "C.UTF-8")
    #expect(EnvironmentPolicy().forModel(["LC_ALL": "C"])["LANG"] == nil)
  }

  @Test(arguments: [
    "BUNDLE_GITHUB__COM", "BUNDLE_GEMS__EXAMPLE__ORG", "npm_config__auth", "NPM_CONFIG__AUTH",
    "npm_config_//registry.example.org/:_auth", "api_key", "Token", "X_SECRET_Y", "PGPASSWORD", "KEYCHAIN",
    "GOOGLE_APPLICATION_CREDENTIALS",
  ])
  func secretNames(name: String) { #expect(EnvironmentPolicy.looksSecret(name)) }

  @Test(arguments: [
    "PATH", "HOME", "CC", "EDITOR", "BUNDLE_WITHOUT", "BUNDLE_BUILD__NOKOGIRI", "npm_config_registry",
    "npm_config_author",
  ])
  func plainNames(name: String) { #expect(!EnvironmentPolicy.looksSecret(name)) }

  @Test("S8: an address with what one logs in with is dropped, a user's name alone is none")
  func s8_addresses() {
    let made = EnvironmentPolicy().forModel([
      "PIP_INDEX_URL": "https://token@pypi.example.org/simple",
      "PIP_EXTRA_INDEX_URL": "https://plain.example.org/a https://me:word@pypi.example.org/simple",
      "CARGO_NET": "ssh://git@example.org/index", "UV_INDEX_URL": "https://pypi.example.org/a@b",
    ])
    #expect(made["PIP_INDEX_URL"] == nil && made["PIP_EXTRA_INDEX_URL"] == nil)
    #expect(made["CARGO_NET"] != nil && made["UV_INDEX_URL"] != nil)
  }
}
