import FoundationEssentials
import StetConfig
import StetText
import StetUI

/// Theme files as the interface's themes.
enum Themes {
  /// All themes that can be chosen: the user's, the installation's, the binary's. What can't be read is a warning.
  static func load(_ home: StetHome) -> (themes: [Theme], warnings: [String]) {
    let (files, errors) = ThemeCatalog(directories: [home.themesDirectory] + installed).loadAll()
    return (
      files.map(theme), files.flatMap { $0.warnings.map(\.description) } + errors.map { "\($0)" }
    )
  }

  /// Where `make install` puts them, and where they lie in a checkout, seen from the program.
  private static var installed: [String] {
    guard let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
      return []
    }
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
      separator: "/")
    return ["\(folder)/../share/stet/themes", "\(folder)/../../../themes"]
  }

  private static func theme(_ file: ThemeFile) -> Theme {
    var styles: [Scope: ThemeStyle] = [:]
    for (scope, style) in file.scopes {
      styles[Scope(scope)] = ThemeStyle(
        style.fg.flatMap { ThemeColor(parsing: $0) }, on: style.bg.flatMap { ThemeColor(parsing: $0) },
        attributes(style.attributes))
    }
    return Theme(name: file.name, isDark: file.isDark, styles: styles)
  }

  private static func attributes(_ names: [String]) -> Attributes {
    var attributes: Attributes = []
    for name in names {
      switch name {
      case "bold": attributes.insert(.bold)
      case "italic": attributes.insert(.italic)
      case "underline": attributes.insert(.underline)
      case "dim": attributes.insert(.dim)
      case "reverse": attributes.insert(.reverse)
      case "strikethrough": attributes.insert(.strikethrough)
      default: break  // the theme file's own reader has warned of it
      }
    }
    return attributes
  }
}
