import FoundationEssentials
import Glibc
import StetAgent
import StetConfig
import StetProcess

/// Looks at everything that stet needs, without changing anything but making its own folders.
struct Doctor: Sendable {
  let surroundings: Surroundings

  func examine() async -> [DoctorCheck] {
    var checks = [DoctorCheck.ok("version", "stet \(Version.current), \(Self.system)")]
    checks += folders()
    let (isReadable, configured) = configurationChecks()
    checks += configured
    checks.append(threads())
    checks += TerminalCheck(environment: surroundings.environment).examine()
    checks.append(await sandbox())
    checks.append(ripgrep())
    if isReadable { checks += await ModelCheck(surroundings: surroundings).examine() }
    return checks
  }

  private static var system: String {
    var name = utsname()
    uname(&name)
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
  }

  private func folders() -> [DoctorCheck] {
    let home = surroundings.home
    let named = [
      ("configuration", home.configDirectory), ("state", home.stateDirectory), ("cache", home.cacheDirectory),
    ]
    return named.map { name, path in
      let advice = "Make it writable, or set STET_HOME to a folder that is."
      do {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        return .problem(name, "\(path) can't be made", advice)
      }
      guard access(path, W_OK) == 0 else { return .problem(name, "\(path) is not writable", advice) }
      return .ok(name, path)
    }
  }

  private func configurationChecks() -> (isReadable: Bool, checks: [DoctorCheck]) {
    let file = surroundings.home.configFile
    do {
      let configuration = try surroundings.configuration(for: surroundings.directory)
      let isThere = FileManager.default.fileExists(atPath: file)
      var checks = [DoctorCheck.ok("config.toml", isThere ? file : "\(file) (none yet; the defaults hold)")]
      checks += configuration.warnings.map {
        .note(
          "config.toml", $0.description,
          $0.suggestion.map { "Did you mean \($0)?" } ?? "Remove or correct the key.")
      }
      if configuration.isTrusted(directory: surroundings.directory) == true {
        checks.append(.ok("trust", "\(surroundings.directory) is trusted"))
      } else {
        checks.append(
          .note(
            "trust",
            "\(surroundings.directory) is not trusted: commands can't write and project documents are not read",
            "Run `stet trust --yes` here, or press ctrl-t in the interface."))
      }
      checks += configuration.consentRequests.map {
        .note("trust", "\($0.file) asks for \($0.key); it does not hold", "See it with `stet trust`.")
      }
      return (true, checks)
    } catch {
      return (false, [.problem("config.toml", "\(error)", error.advice)])
    }
  }

  private func threads() -> DoctorCheck {
    let home = surroundings.home
    guard FileManager.default.fileExists(atPath: home.indexPath) else {
      return .ok("threads", "none yet in \(home.threadsDirectory)")
    }
    do {
      let counts = try IndexRebuild.counts(home: home)
      return .ok(
        "threads", "\(counts.threads) with \(counts.texts) searchable texts in \(home.threadsDirectory)")
    } catch {
      return .problem(
        "threads", "\(error)",
        "Run stet doctor --reindex, or move \(home.indexPath) away: it is made anew from the thread logs.")
    }
  }

  private func sandbox() async -> DoctorCheck {
    let sandbox = Sandbox(launcher: Self.program, environment: surroundings.environment)
    let capability = await sandbox.probe()
    if let bubblewrap = capability.bubblewrap {
      if bubblewrap.quickLauncher != nil { return .ok("sandbox", capability.description) }
      return .note(
        "sandbox",
        "\(capability.description), without stet-launcher: each command starts some milliseconds later",
        "Install stet with `make install`, or put stet-launcher beside it.")
    }
    let advice =
      "Install bubblewrap and allow user namespaces; without a sandbox stet asks before each command."
    return capability.isUsable
      ? .note("sandbox", capability.description, advice) : .problem("sandbox", capability.description, advice)
  }

  private static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/proc/self/exe"
  }

  private func ripgrep() -> DoctorCheck {
    let path = surroundings.environment["PATH"] ?? "/usr/bin:/bin"
    let programs = path.split(separator: ":").map { (folder: Substring) -> String in "\(folder)/rg" }
    let found = programs.first { access($0, X_OK) == 0 }
    if let found { return .ok("ripgrep", found) }
    return .note("ripgrep", "not found", "Install ripgrep: searches of large trees are faster with it.")
  }
}
