import StetTestSupport
import StetText
import Testing

@Suite struct HighlightTests {
  private func lines(_ code: String, _ language: Language) -> [Line] {
    var highlighter = Highlighter(language, base: .text)
    return code.split(separator: "\n", omittingEmptySubsequences: false).map {
      Line(highlighter.spans(String($0)))
    }
  }

  @Test("each language looks as recorded", arguments: highlightSamples.map(\.language))
  func golden(name: String) throws {
    let sample = try #require(highlightSamples.first { $0.language == name })
    let language = try #require(Language.all.first { $0.name == name })
    let file = name.lowercased().map { $0 == "+" ? "p" : String($0) }.joined()
    try Golden.check(lines(sample.code, language), "highlight-\(file)")
  }

  @Test func everyLanguageHasASample() {
    #expect(Set(Language.all.map(\.name)) == Set(highlightSamples.map(\.language)))
    #expect(Language.all.count == 25)
  }

  @Test func nothingIsLostInAnyLanguage() {
    let mixed =
      highlightSamples.flatMap { $0.code.split(separator: "\n").map(String.init) }
      + randomTexts(seed: 2, count: 300)
    for language in Language.all {
      var highlighter = Highlighter(language)
      for line in mixed {
        let spans = highlighter.spans(line)
        #expect(spans.map(\.text).joined() == Sanitizer.display(line), "\(language.name)")
      }
    }
  }

  @Test func aPrefixOfALineColoursWhatComesBeforeTheSame() throws {
    // Streaming shows a line while it grows: a finished word before its end keeps its colour.
    let swift = try #require(Language.forFence("swift"))
    var whole = Highlighter(swift)
    var part = Highlighter(swift)
    let full = whole.spans("let x = \"text\" // done")
    let half = part.spans("let x = \"te")
    #expect(half.first == full.first)
  }

  @Test func languagesAreFoundByPath() {
    let expected = [
      "Sources/App.swift": "Swift", "a/b/Makefile": "Makefile", "Dockerfile": "Dockerfile",
      "dockerfile.prod": "Dockerfile",
      "x.TSX": "JSX", "x.ts": "TypeScript", "k.kts": "Kotlin", ".bashrc": "Shell", "Cargo.lock": "TOML",
      "a.h": "C",
      "a.hpp": "C++", "CMake.mk": "Makefile", "Gemfile": "Ruby", "x.patch": "Diff",
    ]
    for (path, name) in expected { #expect(Language.forPath(path)?.name == name, "\(path)") }
    for path in ["", "/", "x", "x.", ".", "a.unknown", "swift"] {
      #expect(Language.forPath(path) == nil, "\(path)")
    }
  }

  @Test func languagesAreFoundByFence() {
    let expected = [
      "swift": "Swift", "Swift title=x": "Swift", "js": "JavaScript", "ts,ignore": "TypeScript", "c++": "C++",
      "sh": "Shell",
      "py": "Python", "rust{1,2}": "Rust", "yml": "YAML", "tsx": "JSX", "golang": "Go",
      "docker": "Dockerfile",
    ]
    for (info, name) in expected { #expect(Language.forFence(info)?.name == name, "\(info)") }
    #expect(Language.forFence("") == nil)
    #expect(Language.forFence("mermaid") == nil)
  }

  @Test func aStringThatIsNotClosedEndsWithItsLine() throws {
    let swift = try #require(Language.forFence("swift"))
    let lines = lines("let a = \"open \\(f(\nlet b = 1", swift)
    #expect(lines[1].spans.first?.style.foreground == "syntax.keyword")
  }

  @Test func deepNestingIsBounded() throws {
    let swift = try #require(Language.forFence("swift"))
    var highlighter = Highlighter(swift)
    for _ in 0..<50 {
      let line = String(repeating: "\"\\(", count: 500) + String(repeating: "/*", count: 500)
      #expect(highlighter.spans(line).map(\.text).joined() == line)
    }
  }

  @Test func aHugeLineIsPlainBehindTheCap() throws {
    let swift = try #require(Language.forFence("swift"))
    var highlighter = Highlighter(swift)
    let line = String(repeating: "let é = 1; ", count: 5000)
    let spans = highlighter.spans(line)
    #expect(spans.map(\.text).joined() == line)
    #expect((spans.last?.text.utf8.count ?? 0) > line.utf8.count - Highlighter.maximumLine - 100)
  }

  @Test("U16: code can't steer the terminal")
  func u16_codeIsSanitised() throws {
    let swift = try #require(Language.forFence("swift"))
    var highlighter = Highlighter(swift)
    #expect(
      highlighter.spans("\tlet a = \"\u{1B}[31m\u{202E}\"").map(\.text).joined()
        == "    let a = \"^[[31m<U+202E>\"")
  }
}
