import StetTestSupport
import StetText
import Testing

@Suite struct GoldenTests {
  @Test func aGoldenHasAPlaneOfTextAndAPlaneOfStyles() {
    var surface = Surface(size: Size(columns: 12, rows: 2))
    surface.write(
      Line([Span("ab "), Span("日x", Style("heading", on: "popup", .bold))]), at: Point(x: 0, y: 0))
    surface.write("link", Style("text.link", .underline), at: Point(x: 2, y: 1))
    #expect(
      Golden.describe(surface) == """
        12x2

        ab 日x
          link

        --- styles
        ...hhh
        ..llll

        --- legend
        . text
        h heading on popup bold
        l text.link underline

        """)
  }

  @Test func aDifferenceFails() throws {
    try Golden.checkText("recorded\n", "golden-itself")
    if recording { return }
    #expect(throws: GoldenMismatch.self) { try Golden.checkText("something else\n", "golden-itself") }
  }

  private var recording: Bool { Golden.isRecording }
}
