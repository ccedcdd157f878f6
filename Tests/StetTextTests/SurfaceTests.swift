import StetText
import Testing

@Suite struct SurfaceTests {
  private func surface(_ columns: Int, _ rows: Int) -> Surface {
    Surface(size: Size(columns: columns, rows: rows))
  }

  @Test func writesAreClipped() {
    var surface = surface(6, 3)
    surface.write("abcdefgh", .text, at: Point(x: -2, y: 0))
    surface.write("123456", .text, at: Point(x: 4, y: 1))
    surface.write("no", .text, at: Point(x: 0, y: 3))
    surface.write("no", .text, at: Point(x: 0, y: -1))
    surface.write("xxxxxx", .text, at: Point(x: 0, y: 2), in: Rect(x: 2, y: 2, width: 2, height: 1))
    #expect(surface.rows == ["cdefgh", "    12", "  xx"])
  }

  @Test("U18: a wide glyph is never cut at an edge")
  func u18_wideGlyphAtTheEdge() {
    var surface = surface(3, 2)
    surface.write("a日本", .text, at: Point(x: 0, y: 0))
    surface.write("日本", .text, at: Point(x: -1, y: 1))
    #expect(surface.rows == ["a日", " 本"])
    var narrow = Surface(size: Size(columns: 2, rows: 1))
    narrow.write("a日", Style("x"), at: Point(x: 0, y: 0))
    #expect(narrow.rows == ["a"])
    #expect(narrow[1, 0].style == Style("x"))
  }

  @Test("U18: writing over half of a wide glyph blanks the other half")
  func u18_overwritingHalf() {
    var surface = surface(6, 1)
    surface.write("日本語", .text, at: Point(x: 0, y: 0))
    surface.write("x", .text, at: Point(x: 1, y: 0))
    #expect(surface.rows == [" x本語"])
    surface.write("y", .text, at: Point(x: 2, y: 0))
    #expect(surface.rows == [" xy 語"])
    surface.write("日", .text, at: Point(x: 3, y: 0))
    #expect(surface.rows == [" xy日"])
    #expect((0..<6).map { surface[$0, 0].width } == [1, 1, 1, 2, 0, 1])
  }

  @Test("U16: no cell holds what could steer the terminal")
  func u16_cellsAreSafe() {
    var surface = surface(40, 1)
    for text in hardTexts + randomTexts(seed: 5, count: 300) {
      surface.fill(surface.bounds, style: .text)
      surface.write(text, .text, at: Point(x: 0, y: 0))
      for cell in surface.row(0) {
        #expect(cell.scalars.count <= 5)
        for (index, scalar) in cell.scalars.enumerated() {
          #expect(scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value))
          #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
          #expect(scalar != "\u{200D}" && scalar != "\u{FE0F}")
          #expect(Width.of(scalar) == (index == 0 ? Int(cell.width) : 0))
        }
      }
    }
  }

  @Test func marksShareTheCellOfTheirBase() {
    var surface = surface(4, 1)
    surface.write("e\u{301}x", .text, at: Point(x: 0, y: 0))
    #expect(surface[0, 0].scalars == ["e", "\u{301}"])
    #expect(surface[0, 0].text == "e\u{301}")
    #expect(!surface[0, 0].isSimple && surface[1, 0].isSimple)
    #expect(surface[1, 0].text == "x")
  }

  @Test func aFlagIsTwoCells() {
    var surface = surface(4, 1)
    surface.write("🇩🇪", .text, at: Point(x: 0, y: 0))
    #expect((0..<2).map { surface[$0, 0].width } == [1, 1])
    #expect(surface.rows == ["🇩🇪"])
  }

  @Test func placeShowsAWindowOfLines() {
    var surface = surface(5, 4)
    let lines = ["zero", "one", "two", "three"].map { Line($0) }
    surface.place(lines, in: Rect(x: 1, y: 1, width: 3, height: 2), from: 2)
    #expect(surface.rows == ["", " two", " thr", ""])
    surface.place(lines, in: Rect(x: 0, y: 0, width: 5, height: 4), from: .max)
    surface.place(lines, in: Rect(x: 0, y: 0, width: 5, height: 4), from: .min)
    #expect(surface.rows == ["", " two", " thr", ""])
  }

  @Test func linksAreKeptBesideTheCells() {
    var surface = surface(8, 1)
    surface.write(
      Line([Span("see "), Span("here", Style("text.link"), link: "https://example.org")]),
      at: Point(x: 0, y: 0))
    #expect(surface.link(surface[5, 0]) == "https://example.org")
    #expect(surface.link(surface[1, 0]) == nil)
  }

  @Test func restyleKeepsTheText() {
    var surface = surface(4, 1)
    surface.write("abcd", .text, at: Point(x: 0, y: 0))
    surface.restyle(Rect(x: 1, y: 0, width: 2, height: 1)) { $0.on("selection") }
    #expect(surface.rows == ["abcd"])
    #expect((0..<4).map { surface[$0, 0].style.background } == [nil, "selection", "selection", nil])
  }

  @Test func absurdSizesAreBounded() {
    #expect(surface(-4, 9).size == Size(columns: 0, rows: 9))
    #expect(surface(0, 0).rows.isEmpty)
    var none = surface(0, 3)
    none.write("x", .text, at: Point(x: 0, y: 0))
    none.fill(Rect(x: 0, y: 0, width: 9, height: 9), style: .text)
    #expect(none[0, 0] == .blank())
    #expect(surface(1_000_000, 1).size.columns == Surface.maximumColumns)
  }

  @Test func rectanglesIntersect() {
    let rect = Rect(x: 2, y: 2, width: 4, height: 4)
    #expect(rect.intersection(Rect(x: 4, y: 0, width: 9, height: 3)) == Rect(x: 4, y: 2, width: 2, height: 1))
    #expect(rect.intersection(Rect(x: 9, y: 9, width: 1, height: 1)).isEmpty)
    #expect(rect.inset(left: 1, top: 1, right: 9).isEmpty)
    #expect(rect.contains(Point(x: 5, y: 5)) && !rect.contains(Point(x: 6, y: 5)))
  }
}
