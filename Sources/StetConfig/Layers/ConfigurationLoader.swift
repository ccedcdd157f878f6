import Glibc
import StetJSON
import Synchronization

/// Reads all layers and makes a `Configuration` of them.
public enum ConfigurationLoader {
  /// Loads what counts for a directory: the user's file, a trusted project's files, the profile, `-c` overrides and
  /// a thread's own values, each over the one before.
  ///
  /// - Parameters:
  ///   - overrides: `key=value`, as after `-c`.
  ///   - session: the `config` of a thread/start, with dotted keys.
  ///   - profile: a name that wins over the `profile` key.
  /// - Throws: the first thing that is broken, with file, line and column. A broken file of a project is only a
  ///   warning: a repository must not be able to stop stet.
  public static func load(
    home: StetHome, cwd: String, overrides: [String] = [], session: JSONObject = JSONObject(),
    profile: String? = nil
  ) throws(ConfigurationError) -> Configuration {
    var warnings: [ConfigWarning] = []
    let user = try userLayer(home, &warnings)
    let command = try commandLayer(overrides, &warnings)
    var early = user?.values.objectValue ?? JSONObject()
    early.merge(command?.values.objectValue ?? JSONObject())
    let base = ValueReader(values: early)
    let trust = ProjectTrust(base, home: getenv("HOME").map { String(cString: $0) })
    var layers = [user].compactMap { $0 }
    var consent = Consent()
    let markers = base.strings("project_root_markers") ?? [".git"]
    for directory in ProjectTrust.directories(cwd: cwd, markers: markers)
    where trust.isTrusted(directory: directory) == true {
      let file = Path.join(directory, ".stet/config.toml")
      if file == Path.real(home.configFile) { continue }
      if let layer = projectLayer(file, directory, trust, &consent, &warnings) { layers.append(layer) }
    }
    if let name = profile ?? base.string("profile") {
      layers.append(try profileLayer(name, user, command, home))
    }
    if let command { layers.append(command) }
    if !session.isEmpty {
      var check = ConfigCheck(file: ConfigLayer.Source.session.name, outline: nil)
      layers.append(ConfigLayer(.session, try check.check(ConfigOverride.tree(session))))
      warnings += check.warnings
    }
    let models = ModelTable.load(file: home.modelsFile)
    return try Configuration(
      layers: layers, trust: trust, models: models, warnings: warnings + models.warnings,
      consent: consent)
  }

  private static func userLayer(
    _ home: StetHome, _ warnings: inout [ConfigWarning]
  ) throws(ConfigurationError) -> ConfigLayer? {
    let file = home.configFile
    guard let bytes = try ConfigFileReader.read(file, followsLinks: true) else { return nil }
    if let kept = kept.withLock({ $0 }), kept.file == file, kept.bytes == bytes {
      warnings += kept.warnings
      return kept.layer
    }
    let document = try TOMLDocument(bytes: bytes, file: file)
    var check = ConfigCheck(file: file, outline: document.outline)
    let values = try check.check(document.values)
    warnings += check.warnings
    let layer = ConfigLayer(
      .user(file: file), values, version: ConfigLayer.version(of: bytes), outline: document.outline)
    kept.withLock { $0 = Kept(file: file, bytes: bytes, layer: layer, warnings: check.warnings) }
    return layer
  }

  /// What the user's file gave when it was read last. A turn reads it several times, and nothing may be parsed in a loop
  /// (`TOMLDocument`).
  private struct Kept {
    let file: String
    let bytes: [UInt8]
    let layer: ConfigLayer
    let warnings: [ConfigWarning]
  }

  private static let kept = Mutex<Kept?>(nil)

  private static func commandLayer(
    _ texts: [String], _ warnings: inout [ConfigWarning]
  ) throws(ConfigurationError) -> ConfigLayer? {
    var overrides: [ConfigOverride] = []
    var values = JSONObject()
    for text in texts {
      let override = try ConfigOverride(parsing: text)
      var check = ConfigCheck(file: "-c \(text)", outline: nil)
      values.merge(try check.check(ConfigOverride.tree([override])))
      warnings += check.warnings
      overrides.append(override)
    }
    return overrides.isEmpty ? nil : ConfigLayer(.commandLine, values)
  }

  private static func projectLayer(
    _ file: String, _ directory: String, _ trust: ProjectTrust, _ consent: inout Consent,
    _ warnings: inout [ConfigWarning]
  ) -> ConfigLayer? {
    do throws(ConfigurationError) {
      guard let bytes = try ConfigFileReader.read(file, followsLinks: false) else { return nil }
      let document = try TOMLDocument(bytes: bytes, file: file)
      var check = ConfigCheck(file: file, outline: document.outline)
      let values = try check.check(document.values)
      warnings += check.warnings
      let project = ProjectLayer(values, directory: directory, file: file, trust: trust)
      consent.requests += project.requests
      consent.given += project.consents
      for key in project.refused {
        warnings.append(
          ConfigWarning(
            "\(key) can't be set by a project; put it into your own config.toml.", key: key, file: file,
            line: document.outline.position(of: [key]).line))
      }
      return ConfigLayer(
        .project(file: file), project.kept, version: ConfigLayer.version(of: bytes), outline: document.outline
      )
    } catch {
      warnings.append(
        ConfigWarning("\(error.message) The whole file is ignored.", key: "", file: file, line: error.line))
      return nil
    }
  }

  private static func profileLayer(
    _ name: String, _ user: ConfigLayer?, _ command: ConfigLayer?, _ home: StetHome
  ) throws(ConfigurationError) -> ConfigLayer {
    for layer in [command, user] {
      guard let layer, let values = layer.values["profiles"]?[name]?.objectValue else { continue }
      return ConfigLayer(
        .profile(name: name, file: layer.source.name), values, outline: layer.outline,
        prefix: ["profiles", name])
    }
    let known = user?.values["profiles"]?.objectValue?.keys ?? []
    let near = NearestKey.find(name, among: known).map { "Did you mean \($0)?" }
    let origin = user ?? ConfigLayer(.user(file: home.configFile), JSONObject())
    throw origin.error(
      at: ["profile"], "There is no profile \(name).",
      advice: near ?? "Add a [profiles.\(name)] table, or choose another.")
  }
}
