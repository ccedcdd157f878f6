import StetConfig
import StetTestSupport
import Testing

/// The themes that come with stet, from the repository's folder.
enum BundledThemes {
  static let names = ["ember", "paper", "midnight", "meadow", "high-contrast", "ansi", "mono"]
  static let directory: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/themes"
  }()
  static let catalog = ThemeCatalog(directories: [directory])
}

@Suite struct ThemeTests {
  @Test("U29: the named themes are there") func u29_names() {
    #expect(BundledThemes.catalog.names() == BundledThemes.names.sorted())
    #expect(ThemeCatalog(directories: ["/nowhere"]).names() == ["ansi", "ember", "paper"])
  }

  @Test(
    "U30: a bundled theme gives every base scope a look, without warnings", arguments: BundledThemes.names)
  func u30_complete(name: String) throws {
    let theme = try BundledThemes.catalog.load(name)
    #expect(theme.name == name && theme.isDark == (name != "paper"))
    #expect(theme.warnings == [])
    for scope in ThemeScopes.base {
      let style = try #require(theme.scopes[scope], "\(scope)")
      #expect(style.fg != nil || style.bg != nil || !style.attributes.isEmpty, "\(scope)")
    }
    #expect(Set(theme.scopes.keys).isSubset(of: ThemeScopes.base))
  }

  @Test("U30: every text stands out from its ground by 4.5 to 1", arguments: BundledThemes.names)
  func u30_contrast(name: String) throws {
    let theme = try BundledThemes.catalog.load(name)
    let ground = try #require(theme.scopes["text"]?.bg)
    guard let groundColor = Contrast(ground) else {
      // The terminal's own colours: nothing but names and indexes may be mixed with them.
      let colors = theme.scopes.values.flatMap { [$0.fg, $0.bg] }.compactMap { $0 }
      #expect(["ansi", "mono"].contains(name) && colors.allSatisfy { !$0.hasPrefix("#") })
      return
    }
    let wanted = name == "high-contrast" ? 7.0 : 4.5
    for (scope, style) in theme.scopes {
      guard let text = style.fg else { continue }
      let behind = style.bg.flatMap(Contrast.init) ?? groundColor
      #expect(try #require(Contrast(text)).ratio(to: behind) >= wanted, "\(scope)")
    }
    // A view may put text of any of these scopes on any of those grounds.
    let texts = theme.scopes.filter { $0.key.hasPrefix("syntax.") || $0.key.hasPrefix("text.") }
    for holder in [
      "code.block", "diff.plus", "diff.minus", "diff.plus.emphasis", "diff.minus.emphasis", "selection",
      "popup",
    ] {
      let behind = try #require(theme.scopes[holder]?.bg.flatMap(Contrast.init), "\(holder)")
      for (scope, style) in texts {
        let text = try #require(style.fg.flatMap(Contrast.init), "\(scope)")
        #expect(text.ratio(to: behind) >= wanted, "\(scope) on \(holder)")
      }
    }
  }

  @Test("U30: verdicts and the selection differ by more than colour", arguments: BundledThemes.names)
  func u30_notByColourAlone(name: String) throws {
    let theme = try BundledThemes.catalog.load(name)
    let accepted = try #require(theme.scopes["verdict.accepted"])
    let undecided = try #require(theme.scopes["verdict.undecided"])
    #expect(accepted.attributes != undecided.attributes)
    let selected = try #require(theme.scopes["popup.selected"])
    #expect(selected.attributes != theme.scopes["popup"]?.attributes)
  }

  @Test func theBinaryCarriesThreeThemesByteForByte() throws {
    #expect(EmbeddedThemes.all.keys.sorted() == ["ansi", "ember", "paper"])
    let folder = DirectoryBytes(BundledThemes.directory)
    for (name, text) in EmbeddedThemes.all {
      #expect(folder.text("\(name).toml") == text, "\(name)")
      #expect(try ThemeCatalog(directories: []).load(name).warnings.isEmpty)
    }
  }
}
