import StetTestSupport
import StetText
import Testing

@testable import StetUI

/// Pictures in the conversation (issue 7): their size, and what they look like.
@Suite struct PictureTests {
  private static let path = "/home/user/project/shot.png"

  /// A disc on a ground that goes from dark to light, with a corner that is seen through.
  private static func facts(columns: Int = 64, rows: Int = 40) -> PictureFacts {
    var pixels: [UInt8] = []
    for y in 0..<rows {
      for x in 0..<columns {
        let (dx, dy) = (x - columns / 2, y - rows / 2)
        let isDisc = dx * dx + dy * dy < rows * rows / 9
        let shade = UInt8(x * 255 / columns)
        pixels += isDisc ? [220, 40, 40, 255] : [shade, shade, 120, x < 6 && y < 6 ? 0 : 255]
      }
    }
    return PictureFacts(kind: "PNG", width: 640, height: 400, bytes: 12_345, pixels: pixels, columns: columns)
  }

  private static func session(_ columns: Int, _ rows: Int, hasColors: Bool = true) -> Session {
    var s = Session.open(columns, rows)
    if !hasColors { s.send(.settings(InterfaceSettings(hasColors: false))) }
    s.startTurn()
    _ = s.taken()
    s.complete(.imageView(.init(id: "i", path: path)))
    return s
  }

  private static func reads(_ s: inout Session) -> [String] {
    s.taken().compactMap { if case .readPicture(let path) = $0 { path } else { nil } }
  }

  @Test("issue 7: a picture shows its size and a preview in blocks", arguments: [(100, 30), (40, 20)])
  func preview(_ columns: Int, _ rows: Int) throws {
    var s = Self.session(columns, rows)
    #expect(Self.reads(&s) == [Self.path])
    s.send(.picture(path: Self.path, Self.facts()))
    s.frame()
    #expect(s.shows("640×400 PNG  12 KB") && s.shows("▀▀▀▀"))
    try Golden.check(s.frame().surface, "picture-\(columns)x\(rows)")
    // It folds to its line.
    s.endTurn()
    s.press(Key(.escape), Key(.enter))
    #expect(s.shows("640×400 PNG") && !s.shows("▀"))
  }

  @Test("issue 7: without colours a picture is shades")
  func shades() throws {
    var s = Self.session(60, 24, hasColors: false)
    s.send(.picture(path: Self.path, Self.facts()))
    #expect(!s.shows("▀") && s.shows("▓") && s.shows("░"))
    try Golden.check(s.frame().surface, "picture-shades-60x24")
  }

  @Test("issue 7: a picture of any shape fits, at any width, and what is damaged is its line alone")
  func shapes() {
    for (columns, rows) in [(64, 1), (1, 64), (64, 64), (3, 2)] {
      let facts = Self.facts(columns: columns, rows: rows)
      for width in 1...120 {
        let lines = PicturePreview.lines(facts, width: width, hasColors: true)
        #expect(lines.allSatisfy { $0.width <= width } && lines.count <= PicturePreview.maxRows)
        #expect(width < 8 || !lines.isEmpty)
      }
    }
    var broken = Self.facts()
    broken.pixels.removeLast(broken.pixels.count - 9)
    #expect(PicturePreview.lines(broken, width: 40, hasColors: true).isEmpty)
    broken.columns = -4
    #expect(PicturePreview.lines(broken, width: 40, hasColors: true).isEmpty)
  }

  @Test("issue 7: a pixel has its own colour in every theme")
  func colours() {
    for theme in Theme.bundled {
      let look = theme.resolve(
        Style(Scope.color(red: 255, green: 95, blue: 0), on: Scope.color(red: 0, green: 0, blue: 135)))
      #expect(look.foreground == .rgb(red: 255, green: 95, blue: 0), "\(theme.name)")
      #expect(look.background == .rgb(red: 0, green: 0, blue: 135), "\(theme.name)")
    }
  }

  @Test("issue 7: bars of changes keep their measure, and show what is there however little it is")
  func bars() {
    func bar(_ added: Int, _ removed: Int, _ most: Int) -> String {
      DiffStat.bar(added: added, removed: removed, most: most).map(\.text).joined()
    }
    #expect(bar(2, 1, 3) == "++−" && bar(0, 0, 3) == "" && bar(5, 0, 12) == "+++++")
    #expect(
      bar(60, 60, 120) == "++++++−−−−−−" && bar(1, 999, 1_000) == "+−−−−−−−−−−−" && bar(1, 1, 100_000) == "+−"
    )
    #expect(bar(.max, .max, DiffStat.lines(.max, .max)).count == 12 && bar(-3, .min, 0) == "")
  }

  private static let ability = PictureAbility(.kitty, cellWidth: 10, cellHeight: 20)

  private static func wanted(_ s: Session) -> [(PictureRequest, Int)] {
    s.taken().compactMap { if case .drawPicture(let request, let id) = $0 { (request, id) } else { nil } }
  }

  @Test(
    "issue 7: where the terminal can, a picture at rest takes the place of its blocks; what moves is blocks")
  func drawn() throws {
    var s = Self.session(100, 30)
    s.send(.showsPictures(Self.ability))
    s.send(.picture(path: Self.path, Self.facts()))
    s.frame()
    s.wait(PictureStage.restMs - 1)
    #expect(s.frame().pictures.isEmpty && Self.wanted(s).isEmpty && s.shows("▀▀▀▀"))
    // The loop is woken for it, once.
    #expect(s.state.nextWake(now: s.now).map { $0.since(s.now) } == 1)
    s.wait(1)
    let wanted = Self.wanted(s)
    let request = try #require(wanted.first?.0)
    #expect(wanted.count == 1 && request.path == Self.path && request.size == Size(columns: 38, rows: 12))
    s.send(.drawing(PictureDrawing(id: wanted[0].1, show: [1]), request))
    let frame = s.frame()
    #expect(frame.pictures.count == 1 && !s.shows("▀"))
    let place = try #require(frame.pictures.first?.place)
    #expect(frame.surface.rows[place.y - 1].contains("640×400 PNG") && place.x == 3)
    // Text below moves it: blocks at once, and the picture again when it rests, without a new drawing.
    s.agent((0..<20).map { "line \($0)" }.joined(separator: "\n\n"))
    #expect(s.frame().pictures.isEmpty)
    s.endTurn()
    s.press(Key(.escape), Key("g"))
    #expect(s.frame().pictures.isEmpty && s.shows("▀"))
    s.wait(PictureStage.restMs)
    #expect(s.frame().pictures.map(\.drawing.id) == [wanted[0].1] && Self.wanted(s).isEmpty)
  }

  @Test("issue 7: a picture that is cut by the edge, below a page or folded is not sent")
  func hidden() {
    var s = Self.session(100, 30)
    s.send(.showsPictures(Self.ability))
    s.send(.picture(path: Self.path, Self.facts()))
    s.endTurn()
    func rests(_ s: inout Session) -> Bool {
      s.frame()
      s.wait(PictureStage.restMs)
      return !Self.wanted(s).isEmpty
    }
    s.size = Size(columns: 100, rows: 12)
    #expect(!rests(&s))
    s.size = Size(columns: 100, rows: 30)
    s.press(Key("?"))
    #expect(!rests(&s))
    s.press(Key("q"), Key(.escape), Key(.enter))
    #expect(!rests(&s))
    s.press(Key(.enter))
    #expect(rests(&s))
  }
}
