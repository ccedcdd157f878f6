import Glibc
import StetConfig
import StetTestSupport
import Testing

@Suite struct TrustTests {
  func bench(_ levels: [(String, String)]) -> ConfigBench {
    let bench = ConfigBench()
    var text = ""
    for (path, level) in levels {
      text +=
        "[projects.\"\(path == "/" ? path : bench.directory.path(path))\"]\ntrust_level = \"\(level)\"\n"
    }
    bench.directory.write("home/config.toml", text)
    return bench
  }

  @Test func aDirectoryInheritsTrustUpToItsRepository() throws {
    let bench = bench([("project", "trusted"), ("project/bad", "untrusted")])
    for path in ["project/src/deep", "project/bad/x", "project/vendor/.git", "project/vendor/src"] {
      bench.directory.makeDirectory(path)
    }
    let configuration = try bench.load()
    func level(_ path: String) -> Bool? { configuration.isTrusted(directory: bench.directory.path(path)) }
    #expect(level("project") == true && level("project/src/deep") == true)
    #expect(level("project/bad") == false && level("project/bad/x") == false)
    // A repository within a trusted one is somebody else's until the user says so.
    #expect(level("project/vendor") == nil && level("project/vendor/src") == nil)
    #expect(level("projectile") == nil && level(".") == nil)
  }

  @Test func trustingTheRootFolderIsNotTrustingEverything() throws {
    let configuration = try bench([("/", "trusted")]).load()
    #expect(configuration.isTrusted(directory: "/") == true)
    #expect(configuration.isTrusted(directory: "/usr") == nil)
  }

  @Test func trustIsByRealPath() throws {
    let bench = bench([("link", "trusted"), ("outer", "trusted")])
    symlink(bench.project, bench.directory.path("link"))
    bench.directory.makeDirectory("outer")
    symlink(bench.directory.path("home"), bench.directory.path("outer/inner"))
    let configuration = try bench.load()
    #expect(configuration.isTrusted(directory: bench.project) == true)
    #expect(configuration.isTrusted(directory: bench.directory.path("link")) == true)
    #expect(configuration.isTrusted(directory: bench.directory.path("outer/inner")) == nil)
  }

  @Test func trustingIsWrittenAndRead() throws {
    let bench = ConfigBench("# mine\nmodel = \"x\" # keep\n")
    #expect(try bench.load().isTrusted(directory: bench.project) == nil)
    for trusted in [true, false, true] {
      try ConfigurationFile.update(path: bench.file) { (file) throws(ConfigurationError) in
        try file.trust(directory: bench.project, trusted)
      }
      #expect(try bench.load().isTrusted(directory: bench.project) == trusted)
    }
    #expect(
      bench.directory.text("home/config.toml")
        == "# mine\nmodel = \"x\" # keep\n\n[projects.\"\(bench.project)\"]\ntrust_level = \"trusted\"\n")
  }
}
