import FoundationEssentials

/// A random id that this installation keeps, so that clients can tell machines apart. It says nothing about the user.
enum InstallationID {
  static func make() -> String { UUID().uuidString.lowercased() }

  /// Reads the id of the installation, or makes one and keeps it with mode 0600.
  static func read(in stateDirectory: String) throws -> String {
    let path = stateDirectory + "/installation_id"
    if let kept = try kept(at: path) { return kept }
    let id = make()
    try FileManager.default.createDirectory(
      atPath: stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(id.utf8).write(to: URL(filePath: path), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return id
  }

  private static func kept(at path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    return UUID(uuidString: text) == nil ? nil : text
  }
}
