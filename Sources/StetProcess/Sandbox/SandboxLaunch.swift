/// How a command is run behind walls.
public struct SandboxLaunch: Sendable {
  func apply(to plan: inout SpawnPlan) {}
}
