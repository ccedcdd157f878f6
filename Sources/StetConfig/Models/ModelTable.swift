import Glibc
import StetJSON
import Synchronization

/// What is known of providers and models: the shipped table with the user's over it (V4).
///
/// The shipped providers are read when the first configuration is, the models when the first model is looked up. A
/// project has no say in it: only the user's own `models.toml` is ever read.
public final class ModelTable: Sendable, Hashable {
  /// The table of the binary alone.
  public static let shipped = ModelTable(user: nil, warnings: [])

  private let user: ModelDocument?
  /// What in the user's file is left out of account.
  public let warnings: [ConfigWarning]

  private static let shippedProviders = shippedPart(EmbeddedModels.providers)
  private static let shippedModels = shippedPart(EmbeddedModels.models)

  private init(user: ModelDocument?, warnings: [ConfigWarning]) {
    self.user = user
    self.warnings = warnings
  }

  // MARK: - Providers

  /// Providers in the order of the table, a user's own ones last.
  public var providers: [ProviderConfig] { self === Self.shipped ? Self.shippedList : list }

  private static let shippedList = shipped.list

  private var list: [ProviderConfig] {
    var tables = Self.shippedProviders.providers
    if let user { tables.merge(user.providers) }
    return tables.compactMap { id, values in provider(id, ValueReader(values: values.objectValue ?? [:])) }
  }

  private func provider(_ id: String, _ table: ValueReader) -> ProviderConfig? {
    guard let url = table.string("base_url"), ProviderConfig.isAddress(url) else { return nil }
    var provider = ProviderConfig(
      id: id, name: table.string("name") ?? id, baseURL: ProviderConfig.trimmed(url),
      wireAPI: table.string("wire").flatMap(ProviderConfig.WireAPI.init) ?? .responses,
      envKey: table.string("env_key"))
    provider.envKeyInstructions = table.string("env_key_instructions")
    provider.isLocal = table.bool("local") ?? ProviderConfig.isLoopback(url)
    provider.models = table.strings("models") ?? []
    provider.probe = table.string("probe").flatMap(ProviderConfig.Probe.init)
    provider.table = self
    provider.isListed = true
    return provider
  }

  // MARK: - Models

  /// Everything that is known of a model at a provider: the wire's defaults, what the provider is flagged for, the
  /// entries for any provider, then those for this one. The keys are those of the file.
  public func values(model: String, provider: String?, wire: ProviderConfig.WireAPI) -> JSONObject {
    let documents = [Self.shippedModels, user].compactMap { $0 }
    var values = JSONObject()
    for tables in [Self.shippedProviders, user].compactMap({ $0 }) {
      values.merge(tables.wires[wire.rawValue]?.objectValue ?? JSONObject())
    }
    if let provider {
      for tables in [Self.shippedProviders, user].compactMap({ $0 }) {
        for (key, value) in tables.providers[provider]?.objectValue ?? JSONObject()
        where ModelSchema.flags[key] != nil { values[key] = value }
      }
    }
    let whole = model.lowercased()
    let name = Self.baseName(whole)
    for isOwn in [false, true] {
      for entry in documents.flatMap(\.entries) where entry.providers.isEmpty != isOwn {
        if let wanted = entry.wire, wanted != wire.rawValue { continue }
        if isOwn, !entry.providers.contains(provider ?? "") { continue }
        guard entry.matches(name: name, whole: whole) else { continue }
        for (key, value) in entry.values { values[key] = value }
        // Whether a window is this server's own, or what the maker says of the model.
        if entry.values["window"] != nil { values["window_is_own"] = .bool(isOwn) }
      }
    }
    return values
  }

  /// The providers that a model's name belongs to, in the order of the entries.
  public func homes(of model: String) -> [String] {
    let whole = model.lowercased()
    let name = Self.baseName(whole)
    var homes: [String] = []
    for entry in [Self.shippedModels, user].compactMap({ $0 }).flatMap(\.entries)
    where !entry.providers.isEmpty && entry.matches(name: name, whole: whole) {
      for provider in entry.providers where !homes.contains(provider) { homes.append(provider) }
    }
    return homes
  }

  /// "openai/gpt-5" → "gpt-5".
  static func baseName(_ model: String) -> String {
    model.split(separator: "/").last.map(String.init) ?? model
  }

  // MARK: - The user's file

  /// What one state of the user's file gave; nothing may be parsed in a loop (TOMLDocument).
  private struct Kept {
    let file: String
    let stamp: [Int]
    let table: ModelTable
  }

  private static let kept = Mutex<Kept?>(nil)

  /// The shipped table with the user's file over it; without a file, `shipped`. A file that is broken is a warning
  /// with its line, and what is right in it counts.
  static func load(file: String) -> ModelTable {
    var status = stat()
    guard stat(file, &status) == 0 else { return shipped }
    let stamp = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec,
    ]
    if let known = kept.withLock({ $0 }), known.file == file, known.stamp == stamp { return known.table }
    let table = read(file)
    kept.withLock { $0 = Kept(file: file, stamp: stamp, table: table) }
    return table
  }

  private static func read(_ file: String) -> ModelTable {
    do {
      guard let bytes = try ConfigFileReader.read(file, followsLinks: true) else { return shipped }
      let document = ModelDocument(try TOMLDocument(bytes: bytes, file: file))
      return ModelTable(user: document, warnings: document.warnings)
    } catch {
      let warning = ConfigWarning(
        "\(error.message) The whole file is ignored; the built-in table counts.", key: "", file: file,
        line: error.line)
      return ModelTable(user: nil, warnings: [warning])
    }
  }

  private static func shippedPart(_ text: String) -> ModelDocument {
    do {
      return ModelDocument(try TOMLDocument(text, file: "built-in model table"))
    } catch {
      preconditionFailure("the built-in model table: \(error)")
    }
  }

  public static func == (left: ModelTable, right: ModelTable) -> Bool { left === right }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
