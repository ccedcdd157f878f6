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
    "api_key", "Token", "X_SECRET_Y", "PGPASSWORD", "KEYCHAIN", "GOOGLE_APPLICATION_CREDENTIALS",
  ])
  func secretNames(name: String) { #expect(EnvironmentPolicy.looksSecret(name)) }

  @Test(arguments: ["PATH", "HOME", "CC", "EDITOR"])
  func plainNames(name: String) { #expect(!EnvironmentPolicy.looksSecret(name)) }
}
