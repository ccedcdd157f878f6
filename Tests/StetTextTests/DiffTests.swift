import StetText
import Testing

@Suite struct DiffTests {
  @Test func readsAGitDiff() throws {
    let files = FileDiff.parse(
      unified: """
        diff --git a/Sources/Date.swift b/Sources/Date.swift
        index 123..456 100644
        --- a/Sources/Date.swift
        +++ b/Sources/Date.swift
        @@ -12,3 +12,4 @@ struct Formatter {
           let f = DateFormatter()
        -  f.timeZone = .current
        +  f.timeZone = .gmt
        +  f.locale = .posix
           return f
        @@ -40 +41,0 @@
        -gone
        """)
    #expect(files.count == 1)
    let file = try #require(files.first)
    #expect(file.path == "Sources/Date.swift" && file.oldPath == "Sources/Date.swift")
    #expect(file.added == 2 && file.removed == 2)
    #expect(file.hunks.map(\.heading) == ["struct Formatter {", ""])
    #expect(file.hunks[0].lines.map(\.oldNumber) == [12, 13, nil, nil, 14])
    #expect(file.hunks[0].lines.map(\.newNumber) == [12, nil, 13, 14, 15])
    #expect(file.hunks[0].lines[1].text == "  f.timeZone = .current")
    #expect(file.hunks[1].newCount == 0 && file.hunks[1].oldCount == 1)
  }

  @Test func countsDecideWhatIsContent() {
    let files = FileDiff.parse(
      unified:
        "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- a comment\n+++ b comment\n same\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-1\n+2\n"
    )
    #expect(files.map(\.path) == ["x.sql", "y"])
    #expect(files.first?.hunks.first?.lines.map(\.text) == ["-- a comment", "++ b comment", "same"])
  }

  @Test func readsHunksWithoutHeaders() {
    let file = FileDiff.parse(hunks: "@@ -1,2 +1,2 @@\n context\n-old\n+new\n\nMoved to: /tmp/x")
    #expect(file.hunks.count == 1)
    #expect(file.hunks.first?.lines.map(\.kind) == [.context, .minus, .plus])
    #expect(file.path == nil)
  }

  @Test func aBareHeaderTakesWhatFollows() {
    let file = FileDiff.parse(hunks: "@@ func f()\n a\n-b\n+c\n@@\n+d")
    #expect(file.hunks.map(\.lines.count) == [3, 1])
    #expect(file.hunks.first?.heading == "func f()")
    #expect(file.hunks.first?.oldCount == 2 && file.hunks.first?.newCount == 2)
  }

  @Test func newDeletedRenamedAndBinaryFiles() {
    let files = FileDiff.parse(
      unified: """
        diff --git a/new b/new
        new file mode 100644
        --- /dev/null
        +++ b/new
        @@ -0,0 +1 @@
        +x
        \\ No newline at end of file
        diff --git a/old b/old
        deleted file mode 100644
        --- a/old
        +++ /dev/null
        @@ -1 +0,0 @@
        -x
        diff --git a/from here b/to there
        similarity index 100%
        rename from from here
        rename to to there
        diff --git a/logo.png b/logo.png
        Binary files a/logo.png and b/logo.png differ
        diff --git "a/\\303\\244.txt" "b/\\303\\244.txt"
        --- "a/\\303\\244.txt"
        +++ "b/\\303\\244.txt"\t2026-01-01
        @@ -1 +1 @@
        -1
        +2
        """)
    #expect(files.map(\.path) == ["new", nil, "to there", "logo.png", "ä.txt"])
    #expect(files.map(\.oldPath) == [nil, "old", "from here", "logo.png", "ä.txt"])
    #expect(files.map(\.isBinary) == [false, false, false, true, false])
    #expect(files.first?.hunks.first?.lines.last?.kind == .noNewline)
    #expect(files.first?.hunks.first?.lines.last?.text == "No newline at end of file")
  }

  @Test func carriageReturnsArePartOfALine() {
    let file = FileDiff.parse(hunks: "@@ -1,2 +1,2 @@\r\n a\r\n-b\r\n+c\r\n")
    #expect(file.hunks.first?.lines.map(\.text) == ["a\r", "b\r", "c\r"])
  }

  @Test func wholeFiles() {
    let added = FileDiff.added("a\nb\n", path: "x")
    #expect(added.path == "x" && added.oldPath == nil && added.added == 2)
    #expect(added.hunks.first?.lines.map(\.newNumber) == [1, 2])
    let deleted = FileDiff.deleted("a", path: "x")
    #expect(deleted.hunks.first?.lines.map(\.kind) == [.minus, .noNewline])
    #expect(deleted.removed == 1)
    #expect(FileDiff.added("").hunks.isEmpty)
  }

  @Test func anythingElseIsNoDiff() {
    #expect(FileDiff.parse(unified: "").isEmpty)
    #expect(FileDiff.parse(unified: "hello\nworld").isEmpty)
    #expect(FileDiff.parse(hunks: "@@ -99999999999999999999,1 +1 @@\n+x").hunks.count == 1)
    #expect(FileDiff.parse(hunks: "@@ -1,9 +1,9 @@\n+x").hunks.first?.lines.count == 1)
    for text in randomTexts(seed: 21, count: 300) {
      _ = FileDiff.parse(unified: "@@ -" + text + "\n+" + text + "\n--- \"" + text + "\n\\" + text)
      _ = FileDiff.parse(unified: "diff --git " + text + "\n@@\n" + text)
    }
  }
}

@Suite struct WordEmphasisTests {
  private func marked(_ old: String, _ new: String) -> [String] {
    let ranges = WordEmphasis.ranges(old: old, new: new)
    return [(old, ranges.old), (new, ranges.new)].map { text, ranges in
      let characters = Array(text)
      var result = ""
      for (index, character) in characters.enumerated() {
        if ranges.contains(where: { $0.lowerBound == index }) { result += "[" }
        result.append(character)
        if ranges.contains(where: { $0.upperBound == index + 1 }) { result += "]" }
      }
      return result
    }
  }

  @Test func marksTheWordsThatDiffer() {
    #expect(
      marked("  f.timeZone = .current", "  f.timeZone = .gmt") == [
        "  f.timeZone = .[current]", "  f.timeZone = .[gmt]",
      ])
    #expect(marked("let a = f(x)", "let a = f(x, y)") == ["let a = f(x)", "let a = f(x[, y])"])
    #expect(marked("foo(a, b, c)", "foo(a, c)") == ["foo(a, [b, ]c)", "foo(a, c)"])
  }

  @Test func offsetsAreCharacters() {
    #expect(marked("é日本 = 👩‍💻 one", "é日本 = 👩‍💻 two") == ["é日本 = 👩‍💻 [one]", "é日本 = 👩‍💻 [two]"])
  }

  @Test func strangersAreNotMarked() {
    #expect(marked("import Foundation", "let x = compute(y)") == ["import Foundation", "let x = compute(y)"])
    #expect(marked("", "abc") == ["", "abc"])
    #expect(marked("same", "same") == ["same", "same"])
  }

  @Test func rangesAreWithinTheLinesAndAscend() {
    var random = Random(seed: 9)
    let words = ["a", "b", "foo", " ", "(", ")", "日", "é", "\t", "x1"]
    for _ in 0..<500 {
      let make = { (random: inout Random) in
        (0..<Int.random(in: 0...20, using: &random)).map { _ in
          words[Int.random(in: 0..<words.count, using: &random)]
        }
        .joined()
      }
      let (old, new) = (make(&random), make(&random))
      let ranges = WordEmphasis.ranges(old: old, new: new)
      for (text, ranges) in [(old, ranges.old), (new, ranges.new)] {
        #expect(ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= text.count })
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
      }
      // What is not marked is the same in both.
      if !ranges.old.isEmpty || !ranges.new.isEmpty {
        let kept = { (text: String, ranges: [Range<Int>]) in
          Array(text).enumerated().filter { index, _ in !ranges.contains { $0.contains(index) } }.map(
            \.element
          )
          .filter { !$0.isWhitespace }
        }
        #expect(kept(old, ranges.old) == kept(new, ranges.new))
      }
    }
  }

  @Test func hugeLinesAreLeftAlone() {
    let long = String(repeating: "word ", count: 5000)
    #expect(WordEmphasis.ranges(old: long, new: long + "x").new.isEmpty)
  }
}
