import Glibc
import StetConfig
import StetTestSupport
import Testing

@Suite struct ConfigurationFileWritingTests {
  let directory = TempDirectory("stet-config")
  var path: String { directory.path("home/stet/config.toml") }

  @Test func theFileIsMadeForItsOwnerOnly() throws {
    directory.write("home/stet/config.toml", "a = 1\n", mode: 0o644)
    unlink(path)
    rmdir(directory.path("home/stet"))
    try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
      try file.set(["model"], to: "x")
    }
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(directory.path("home/stet"), &status) == 0 && status.st_mode & 0o777 == 0o700)
    chmod(path, 0o644)
    try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
      try file.set(["model"], to: "y")
    }
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(directory.names("home/stet") == ["config.toml"])
  }

  @Test func aLinkStaysALink() throws {
    directory.write("dotfiles/stet.toml", "a = 1\n")
    directory.makeDirectory("home/stet")
    symlink(directory.path("dotfiles/stet.toml"), path)
    try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
      try file.set(["model"], to: "x")
    }
    #expect(directory.text("dotfiles/stet.toml") == "a = 1\nmodel = \"x\"\n")
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func anUpdateThatExpectsAnotherVersionIsRefused() throws {
    directory.write("home/stet/config.toml", "a = 1\n")
    let version = try ConfigurationFile(path: path).version
    #expect(version.hasPrefix("sha256:") && version.utf8.count == 71)
    let next = try ConfigurationFile.update(path: path, expectedVersion: version) {
      (file) throws(ConfigurationError) in try file.set(["a"], to: 2)
    }
    #expect(next != version)
    #expect {
      try ConfigurationFile.update(path: path, expectedVersion: version) {
        (file) throws(ConfigurationError) in
        try file.set(["a"], to: 3)
      }
    } throws: { ($0 as? ConfigurationError)?.code == .versionConflict }
    #expect(directory.text("home/stet/config.toml") == "a = 2\n")
  }

  @Test func updatesFromManySidesAreAllKept() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for number in 0..<5 {
            try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
              try file.set(["keys\(writer)", "k\(number)"], to: .init(number))
            }
          }
        }
      }
      try await group.waitForAll()
    }
    var file = try ConfigurationFile(path: path)
    for writer in 0..<8 {
      for number in 0..<5 {
        let before = file.text
        try file.set(["keys\(writer)", "k\(number)"], to: .init(number))
        #expect(file.text == before)
      }
    }
  }

  @Test func aFolderThatCanNotBeMadeIsAClearError() {
    directory.write("file", "")
    let path = directory.path("file/config.toml")
    #expect {
      try ConfigurationFile.update(path: path) { (file) throws(ConfigurationError) in
        try file.set(["a"], to: 1)
      }
    } throws: { error in
      (error as? ConfigurationError)?.code == .file && "\(error)".contains(path)
    }
  }
}
