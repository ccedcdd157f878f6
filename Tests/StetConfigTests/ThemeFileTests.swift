import StetConfig
import StetTestSupport
import Testing

@Suite struct ThemeFileTests {
  let directory = TempDirectory("stet-themes")
  var catalog: ThemeCatalog { ThemeCatalog(directories: [directory.path("user"), directory.path("shared")]) }

  @Test func aPaletteRecoloursWhatTheParentDraws() throws {
    directory.write(
      "user/mine.toml",
      """
      parent = "ember"
      background = "light"
      [palette]
      red = "#123456"
      soft = 240
      [scopes]
      quote = "soft"
      "diff.hunk" = { fg = "brightcyan", bg = "default", attributes = ["bold", "underline"] }
      """)
    let theme = try catalog.load("mine")
    let ember = try catalog.load("ember")
    #expect(theme.name == "mine" && !theme.isDark && theme.warnings.isEmpty)
    #expect(theme.scopes["text.error"]?.fg == "#123456")
    #expect(theme.scopes["quote"] == ThemeFile.Style(fg: "240"))
    #expect(
      theme.scopes["diff.hunk"]
        == ThemeFile.Style(fg: "brightcyan", bg: "default", attributes: ["bold", "underline"]))
    #expect(theme.scopes["heading"] == ember.scopes["heading"])
  }

  @Test func theUsersThemeOfTheSameNameWinsAndMayBuildOnTheOther() throws {
    directory.write("user/ember.toml", "parent = \"ember\"\n[palette]\ntext = \"#ffffff\"\n")
    directory.write(
      "shared/ember.toml", "parent = \"ember\"\n[palette]\ndim = \"#eeeeee\"\ntext = \"#000000\"\n")
    let theme = try catalog.load("ember")
    #expect(theme.scopes["text"]?.fg == "#ffffff" && theme.scopes["text.dim"]?.fg == "#eeeeee")
    #expect(theme.scopes["heading"] != nil)
  }

  @Test func circlesEnd() throws {
    directory.write("user/a.toml", "parent = \"b\"\n[scopes]\ntext = \"red\"\n")
    directory.write("user/b.toml", "parent = \"a\"\n[scopes]\nquote = \"blue\"\n")
    #expect(try catalog.load("a").scopes.count == 2)
  }

  @Test func badEntriesAreLeftOutWithTheirLine() throws {
    directory.write(
      "user/bad.toml",
      """
      backgroud = "dark"
      background = "grey"
      [palette]
      red = "#12345"
      [scopes]
      quote = "nosuch"
      headng = "red"
      rule = 3.5
      code = { fg = "blue", attributes = ["blink"], colour = "red" }
      text = "green"
      """)
    let theme = try catalog.load("bad")
    #expect(theme.scopes["text"]?.fg == "green" && theme.scopes["code"]?.fg == "blue")
    #expect(theme.scopes["rule"] == nil && theme.scopes["quote"]?.fg == nil)
    #expect(Set(theme.warnings.map(\.line)) == [0, 1, 2, 4, 7, 8, 9])
    #expect(theme.warnings.contains { $0.message.contains("did you mean heading?") })
    #expect(theme.warnings.contains { $0.message.contains("did you mean background?") })
  }

  @Test func whatIsNotThereIsNamedWithTheNearest() throws {
    #expect { try catalog.load("embr") } throws: { "\($0)".contains("Did you mean ember?") }
    #expect { try catalog.load("../ember") } throws: { "\($0)".contains("There is no theme ../ember") }
    directory.write("user/broken.toml", "name = ")
    #expect { try catalog.load("broken") } throws: { error in
      (error as? ConfigurationError)?.line == 1 && "\(error)".contains(directory.path("user/broken.toml"))
    }
  }
}
