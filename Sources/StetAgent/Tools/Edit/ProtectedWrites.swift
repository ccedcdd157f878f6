import StetProcess

/// Writes at protected places with the user's consent: told to the sandbox, whose sweeps would take what is new there
/// for the work of a command that runs (S6).
struct ProtectedWrites: Sendable {
  private let places: [String]
  private let sandbox: Sandbox

  /// - Parameter paths: real paths, about to be written.
  static func begin(
    _ paths: [String], memory: ToolMemory, environment: [String: String]
  ) async -> ProtectedWrites {
    let writes = ProtectedWrites(
      places: EditApproval.protectedPlaces(paths),
      sandbox: memory.value { SandboxHost(environment: environment) }.sandbox)
    if !writes.places.isEmpty { await writes.sandbox.expect(writes.places) }
    return writes
  }

  /// They are written: what lies there now is wanted.
  func accept() async {
    if !places.isEmpty { await sandbox.accept(places) }
  }

  /// Nothing was written.
  func forget() async {
    if !places.isEmpty { await sandbox.forget(places) }
  }
}
