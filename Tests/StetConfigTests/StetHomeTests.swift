import StetConfig
import Testing

@Suite struct StetHomeTests {
  @Test func everythingLiesUnderStetHome() {
    let home = StetHome.locate(environment: [
      "STET_HOME": "/data/stet/", "XDG_CONFIG_HOME": "/xdg", "HOME": "/u",
    ])
    #expect(home.root == "/data/stet")
    #expect(home.codexHome == "/data/stet")
    #expect(home.configFile == "/data/stet/config.toml")
    for path in [
      home.threadsDirectory, home.blobsDirectory, home.locksDirectory, home.snapshotsDirectory,
      home.logsDirectory, home.indexPath, home.themesDirectory, home.rulesDirectory, home.cacheDirectory,
    ] {
      #expect(path.hasPrefix("/data/stet/"))
    }
  }

  @Test func otherwiseTheBaseDirectoriesAreUsed() {
    let set = StetHome.locate(environment: [
      "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k", "HOME": "/u",
    ])
    #expect(set == StetHome(configDirectory: "/c/stet", stateDirectory: "/s/stet", cacheDirectory: "/k/stet"))
    #expect(set.codexHome == "/c/stet")
    #expect(set.threadsDirectory == "/s/stet/threads")
    let plain = StetHome.locate(environment: ["HOME": "/u", "STET_HOME": ""])
    #expect(
      plain
        == StetHome(
          configDirectory: "/u/.config/stet", stateDirectory: "/u/.local/state/stet",
          cacheDirectory: "/u/.cache/stet"))
  }

  @Test func relativeBaseDirectoriesAreIgnoredAsTheirSpecificationAsks() {
    let home = StetHome.locate(environment: ["XDG_STATE_HOME": "state", "HOME": "/u"])
    #expect(home.stateDirectory == "/u/.local/state/stet")
    #expect(StetHome.locate(environment: ["STET_HOME": "here"]).root?.hasSuffix("/here") == true)
    #expect(StetHome.locate(environment: ["STET_HOME": "here"]).root?.hasPrefix("/") == true)
    #expect(StetHome.locate(environment: [:]).configDirectory.hasPrefix("/"))
  }
}
