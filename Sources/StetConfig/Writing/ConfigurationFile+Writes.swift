import StetJSON

/// What the protocol's config/value/write and config/batchWrite need beyond `set`.
extension ConfigurationFile {
  /// The parts of a key path as clients write it: dotted, parts that hold dots in quotes. A path that is no TOML key is
  /// cut at its dots. Nil for an empty part.
  public static func keyPath(_ text: String) -> [String]? {
    var lexer = TOMLLexer(Array(text.utf8))
    if let path = lexer.key(), lexer.index == lexer.bytes.count { return path }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return parts.contains("") ? nil : parts
  }

  /// What the file says.
  public func values() throws(ConfigurationError) -> JSONValue {
    .object(try TOMLDocument(text, file: path).values)
  }

  /// Sets a key; an object is laid over the table that is there, member by member.
  public mutating func upsert(_ keyPath: [String], _ value: JSONValue) throws(ConfigurationError) {
    guard case .object(let members) = value else { return try set(keyPath, to: value) }
    for (name, member) in members { try upsert(keyPath + [name], member) }
  }

  /// Throws what would keep the file from being used: a value of the wrong type or one that its key does not take.
  /// Unknown keys are no fault.
  public func checkValues() throws(ConfigurationError) {
    let document = try TOMLDocument(text, file: path)
    var check = ConfigCheck(file: path, outline: document.outline)
    let values = try check.check(document.values)
    let layer = ConfigLayer(.user(file: path), values, version: version, outline: document.outline)
    _ = try Configuration(
      layers: [layer], trust: ProjectTrust(ValueReader(values: values), home: nil),
      models: ModelTable.load(file: Path.join(Path.parent(path), StetHome.modelsName)), warnings: [])
  }
}
