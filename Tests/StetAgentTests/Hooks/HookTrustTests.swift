import StetConfig
import StetProtocol
import StetTestSupport
import Testing

@testable import StetAgent

/// What the user's word for a project's hook covers (S14), and what its programs get (S8).
@Suite(.timeLimit(.minutes(10)))
struct HookTrustTests {
  private static let settings = ".claude/settings.json"

  @Test(
    "X7, S8: in the sandbox a project's hook runs with what commands get, the user's with what theirs get")
  func s8_environment() async throws {
    let print = "cat > /dev/null; env > "
    let house = try HookHouse(
      [.text("fine")],
      [Self.settings: HookHouse.one("UserPromptSubmit", print + "'@/env'")],
      project: [Self.settings: HookHouse.one("UserPromptSubmit", print + "env.txt")],
      environment: [
        "DEPLOY_TOKEN": "deploy-0123456789", "ORGANIZATION": "org-0123456789", "LANG": "C.UTF-8",
        "EDITOR_OF_CHOICE": "ed",
      ],
      provider: "env_http_headers = { \"x-org\" = \"ORGANIZATION\" }")
    let thread = try await house.start(.onRequest, sandbox: .workspaceWrite)
    #expect(try await house.harness.turn(thread, "go").status == .completed)
    let project = try #require(house.work.text("env.txt"))
    let user = try #require(house.user.text("env"))
    for text in [project, user] {
      #expect(!text.contains("deploy-0123456789") && !text.contains("org-0123456789"))
      #expect(text.contains("CLAUDE_PROJECT_DIR=\(RealPath.of(house.work.path))\n"))
    }
    #expect(!project.contains("EDITOR_OF_CHOICE") && user.contains("EDITOR_OF_CHOICE=ed"))
  }
}
