import Glibc
import StetJSON

/// The user's `config.toml`, edited in place: comments, order and spacing of what is not edited stay byte for byte.
///
/// Each edit is checked by reading the result: if it would say anything but the old values with this one change,
/// the edit throws `unsupportedEdit` and the text stays as it was.
public struct ConfigurationFile: Sendable {
  public let path: String
  public private(set) var text: String

  /// Reads the file; an absent one is empty. Throws if it is not valid TOML: then nobody can edit it safely.
  public init(path: String) throws(ConfigurationError) {
    let bytes = try ConfigFileReader.read(path, followsLinks: true) ?? []
    text = try TOMLDocument(bytes: bytes, file: path).text
    self.path = path
  }

  init(text: String, path: String) {
    self.text = text
    self.path = path
  }

  /// Changes with every byte; what config/read calls the version.
  public var version: String { ConfigLayer.version(of: Array(text.utf8)) }

  /// Sets a key, making its table if needed. An object replaces the whole table; null takes the key away.
  public mutating func set(_ keyPath: [String], to value: JSONValue) throws(ConfigurationError) {
    try edit(keyPath, value) { (editor) throws(ConfigurationError) in try editor.set(keyPath, value) }
  }

  /// Takes a key or a whole table away; nothing happens if it is not there.
  public mutating func remove(_ keyPath: [String]) throws(ConfigurationError) { try set(keyPath, to: .null) }

  /// Remembers that the user trusts a directory, or does not. Stored by its real path.
  public mutating func trust(directory: String, _ trusted: Bool = true) throws(ConfigurationError) {
    try set(
      ["projects", Path.real(directory), "trust_level"], to: .string(trusted ? "trusted" : "untrusted"))
  }

  /// Remembers that the user agreed to one entry of a project's configuration.
  public mutating func consent(to request: ConsentRequest) throws(ConfigurationError) {
    let key = ["projects", request.directory, "consents"]
    let values = try TOMLDocument(text, file: path).values
    var hashes = ConfigLayer.value(.object(values), key)?.arrayValue ?? []
    if hashes.contains(.string(request.hash)) { return }
    hashes.append(.string(request.hash))
    try set(key, to: .array(hashes))
  }

  /// Takes the user's word on one entry back; nothing changes if it was not given.
  public mutating func revoke(_ consent: ConsentRequest) throws(ConfigurationError) {
    let values = try TOMLDocument(text, file: path).values
    // Under the directory of the entry, or under the trusted one that it lies in.
    for (directory, table) in values["projects"]?.objectValue ?? JSONObject() {
      guard let hashes = table["consents"]?.arrayValue, hashes.contains(.string(consent.hash)) else {
        continue
      }
      try set(["projects", directory, "consents"], to: .array(hashes.filter { $0 != .string(consent.hash) }))
    }
  }

  /// Writes the text, whole or not at all, 0600, and durable when it returns. A link stays a link.
  public func write() throws(ConfigurationError) { try ConfigFileWriter.write(Array(text.utf8), to: path) }

  /// Reads, edits and writes while no other stet does; returns the new version.
  ///
  /// - Parameter expectedVersion: throws `versionConflict` if the file has another; nil takes any.
  @discardableResult
  public static func update(
    path: String, expectedVersion: String? = nil,
    _ body: (inout ConfigurationFile) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) -> String {
    let lock = try ConfigFileWriter.lock(folderOf: path)
    defer { close(lock) }
    var file = try ConfigurationFile(path: path)
    let before = file.version
    if let expectedVersion, expectedVersion != before {
      throw ConfigurationError(
        .versionConflict, file: path, "The file was changed since it was read.", advice: "Read it again.")
    }
    try body(&file)
    if file.version != before { try file.write() }
    return file.version
  }

  private mutating func edit(
    _ keyPath: [String], _ value: JSONValue, _ change: (inout TOMLEditor) throws(ConfigurationError) -> Void
  ) throws(ConfigurationError) {
    guard let name = keyPath.last else { return }
    let key = TOMLText.key(keyPath)
    guard value.isNull || value.objectValue != nil || TOMLText.value(value) != nil else {
      throw ConfigurationError(.value, file: path, "The value of \(key) can't be written as TOML.")
    }
    let before = try TOMLDocument(text, file: path)
    var editor = TOMLEditor(text: text, file: path)
    try change(&editor)
    var expected = before.values
    expected.set(keyPath[...], value)
    let after = Result { () throws(ConfigurationError) in try TOMLDocument(editor.text, file: path) }
    guard case .success(let document) = after, Self.same(document.values, expected) else {
      let line = before.outline.position(of: keyPath).line
      throw ConfigurationError(
        .unsupportedEdit, file: path, line: line, column: line > 0 ? 1 : 0,
        "\(name) can't be set here without rewriting what is around it.",
        advice: "Set \(key) by hand in an editor.")
    }
    text = editor.text
  }

  /// Equal but for tables without members and for the order of members.
  private static func same(_ left: JSONObject, _ right: JSONObject) -> Bool {
    pruned(.object(left)).sortedKeys() == pruned(.object(right)).sortedKeys()
  }

  private static func pruned(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    var kept = JSONObject()
    for (key, member) in members {
      let inner = pruned(member)
      if !inner.isNull, inner.objectValue?.isEmpty != true { kept[key] = inner }
    }
    return .object(kept)
  }
}
