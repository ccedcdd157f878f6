import StetText
import Testing

@testable import StetUI

@Suite struct ThemeTests {
  @Test("U30: every bundled theme gives every base scope a look", arguments: Theme.bundled)
  func u30_complete(_ theme: Theme) {
    for scope in Theme.baseScopes { #expect(theme.defines(scope), "\(theme.name): \(scope)") }
  }

  @Test("U30: text keeps a contrast of 4.5 to 1", arguments: [Theme.ember, Theme.paper])
  func u30_contrast(_ theme: Theme) throws {
    for scope in Theme.baseScopes where scope != "rule" && scope != "table.border" {
      let look = theme.resolve(scope)
      let ratio = try #require(contrast(look.foreground, look.background))
      #expect(ratio >= 4.5, "\(theme.name): \(scope) has \(ratio)")
    }
    for scope in Theme.baseScopes where scope.name.hasPrefix("syntax.") {
      for ground: Scope in ["diff.plus", "diff.minus", "selection", "code.block"] {
        let look = theme.resolve(Style(scope, on: ground))
        let ratio = try #require(contrast(look.foreground, look.background))
        #expect(ratio >= 4.5, "\(theme.name): \(scope) on \(ground) has \(ratio)")
      }
    }
  }

  private func contrast(_ left: ThemeColor, _ right: ThemeColor) -> Double? {
    guard case .rgb(let r1, let g1, let b1) = left, case .rgb(let r2, let g2, let b2) = right else {
      return nil
    }
    func light(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Double {
      func linear(_ value: UInt8) -> Double {
        let part = Double(value) / 255
        return part <= 0.03928 ? part / 12.92 : power((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
    let (a, b) = (light(r1, g1, b1), light(r2, g2, b2))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// x^2.4 without libm: x² · x^(2/5), the fifth root by Newton's method.
  private func power(_ x: Double, _ exponent: Double) -> Double {
    guard x > 0 else { return 0 }
    var root = 1.0
    let target = x * x
    for _ in 0..<200 { root -= (root * root * root * root * root - target) / (5 * root * root * root * root) }
    return x * x * root
  }

  @Test func scopesFallBackWordByWord() {
    let theme = Theme(
      name: "t", isDark: true,
      styles: ["text": ThemeStyle(.index(7), on: .index(0)), "diff": ThemeStyle(.index(1), on: nil, .bold)])
    #expect(theme.resolve("diff.plus.emphasis").foreground == .index(1))
    #expect(theme.resolve("diff.plus.emphasis").background == .index(0))
    #expect(theme.resolve("diff.plus.emphasis").attributes == .bold)
    #expect(theme.resolve("unknown.scope").foreground == .index(7))
    #expect(theme.resolve(Style("diff", on: "text", .italic)).attributes == [.bold, .italic])
  }

  @Test func coloursAreRead() {
    #expect(ThemeColor(parsing: "#ff8000") == .rgb(red: 255, green: 128, blue: 0))
    #expect(ThemeColor(parsing: "#f80") == .rgb(red: 255, green: 136, blue: 0))
    #expect(ThemeColor(parsing: "214") == .index(214))
    #expect(ThemeColor(parsing: "bright-red") == .index(9))
    #expect(ThemeColor(parsing: "default") == .terminalDefault)
    for bad in ["", "#12", "#ggg", "256", "pink", "#1234567"] { #expect(ThemeColor(parsing: bad) == nil) }
  }

  @Test("U29: /theme previews live, esc goes back, enter keeps and saves")
  func u29_preview() {
    var s = Session.open()
    s.type("/theme")
    s.press(Key(.enter), Key(.down))
    #expect(s.state.theme.name == "paper")
    s.press(Key(.escape))
    #expect(s.state.theme.name == "ember")
    s.type("/theme")
    s.press(Key(.enter), Key(.down), Key(.enter))
    #expect(s.state.theme.name == "paper")
    #expect(s.taken().contains { if case .save(.theme("paper")) = $0 { true } else { false } })
  }

  @Test("U29: the terminal's background decides unless the user did")
  func u29_background() {
    var s = Session.open()
    s.send(.background(isDark: false))
    #expect(s.state.theme.name == "paper")
    var chosen = Session.open()
    chosen.send(.themes([], use: "mono"))
    chosen.send(.background(isDark: false))
    #expect(chosen.state.theme.name == "mono")
  }
}
