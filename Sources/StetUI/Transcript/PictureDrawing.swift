import StetText

/// How a terminal shows real pictures, as it answered itself.
public struct PictureAbility: Hashable, Sendable {
  public enum Way: Sendable { case kitty, sixel }

  public var way: Way
  /// Pixels of a cell.
  public var cellWidth: Int
  public var cellHeight: Int

  public init(_ way: Way, cellWidth: Int, cellHeight: Int) {
    self.way = way
    self.cellWidth = cellWidth
    self.cellHeight = cellHeight
  }
}

/// A picture that is wanted in so many cells.
public struct PictureRequest: Hashable, Sendable {
  public var path: String
  /// Cells.
  public var size: Size
  public var ability: PictureAbility

  public init(path: String, size: Size, ability: PictureAbility) {
    self.path = path
    self.size = size
    self.ability = ability
  }
}

/// A picture in the words of the terminal, ready to be sent. Nothing in it comes from the picture's file but pixels.
public struct PictureDrawing: Hashable, Sendable {
  /// The terminal's name for it; other pictures have others.
  public var id: Int
  /// Sent once before it is first shown: the pixels, where the terminal keeps them.
  public var store: [UInt8]
  /// Shows it with the cursor in its first cell.
  public var show: [UInt8]
  /// Takes it away; empty where only writing over it does.
  public var hide: [UInt8]

  public init(id: Int, store: [UInt8] = [], show: [UInt8], hide: [UInt8] = []) {
    self.id = id
    self.store = store
    self.show = show
    self.hide = hide
  }
}

/// A picture in a frame: the cells below it are blank.
public struct FramePicture: Hashable, Sendable {
  public var drawing: PictureDrawing
  public var place: Rect

  public init(_ drawing: PictureDrawing, in place: Rect) {
    self.drawing = drawing
    self.place = place
  }
}

/// The pictures that are wholly on the screen, and what is known of them. What moves is shown in blocks: a picture is sent
/// when it has come to rest.
struct PictureStage: Sendable {
  struct Place: Hashable, Sendable {
    var path: String
    var rect: Rect
  }

  /// Milliseconds without a move until a picture is at rest: longer than the pause between two pieces of text.
  static let restMs = 250
  /// Drawings that are held, some 500 KB each at most.
  static let maxDrawings = 6

  private(set) var places: [Place] = []
  private var since = Instant(milliseconds: 0)
  /// nil is on its way, or can't be drawn: asked for once.
  private var drawings: [PictureRequest: PictureDrawing?] = [:]
  private var order: [PictureRequest] = []
  private var lastId = 0

  /// Where pictures stand in this frame.
  mutating func show(_ places: [Place], now: Instant) {
    guard places != self.places else { return }
    self.places = places
    since = now
  }

  /// When what stands there will be at rest; nil where nothing does, or it is.
  func rest(now: Instant) -> Instant? {
    let rest = since.advanced(by: Self.restMs)
    return places.isEmpty || rest <= now ? nil : rest
  }

  /// The drawing of a picture that is at rest.
  func drawing(_ place: Place, _ ability: PictureAbility, now: Instant) -> PictureDrawing? {
    guard rest(now: now) == nil else { return nil }
    return drawings[PictureRequest(path: place.path, size: place.rect.size, ability: ability)] ?? nil
  }

  /// What is to be drawn by now, with the number of each.
  mutating func wanted(_ ability: PictureAbility, now: Instant) -> [(request: PictureRequest, id: Int)] {
    guard !places.isEmpty, rest(now: now) == nil else { return [] }
    var wanted: [(PictureRequest, Int)] = []
    for place in places {
      let request = PictureRequest(path: place.path, size: place.rect.size, ability: ability)
      guard drawings[request] == nil else { continue }
      lastId += 1
      drawings[request] = .some(nil)
      order.append(request)
      wanted.append((request, lastId))
    }
    while order.count > Self.maxDrawings, order.count > places.count { drawings[order.removeFirst()] = nil }
    return wanted
  }

  mutating func take(_ drawing: PictureDrawing, for request: PictureRequest) {
    if drawings[request] != nil { drawings[request] = .some(drawing) }
  }
}

extension AppState {
  /// Puts the pictures at rest over their blocks.
  mutating func drawPictures(_ rows: [TranscriptLayout.Row], in rect: Rect, _ surface: inout Surface) {
    guard let ability = pictureAbility, popup == nil, prompts.current == nil else {
      return pictures.show([], now: now)
    }
    pictures.show(picturePlaces(rows, in: rect), now: now)
    for place in pictures.places {
      guard let drawing = pictures.drawing(place, ability, now: now) else { continue }
      surface.fill(place.rect, style: Look.text)
      framePictures.append(FramePicture(drawing, in: place.rect))
    }
  }

  private func picturePlaces(_ rows: [TranscriptLayout.Row], in rect: Rect) -> [PictureStage.Place] {
    let context = viewContext
    return rows.indices.compactMap { index in
      guard rows[index].isHead, transcript.items.indices.contains(rows[index].item),
        case .image(let image) = transcript.items[rows[index].item].content, let facts = image.facts,
        !transcript.items[rows[index].item].folded,
        let size = PicturePreview.size(facts, width: context.textWidth), index + size.rows < rows.count
      else { return nil }
      return PictureStage.Place(
        path: image.path,
        rect: Rect(
          x: rect.x + context.indent, y: rect.y + index + 1, width: size.columns, height: size.rows))
    }
  }

  /// Asks for the drawings of what came to rest.
  mutating func askForDrawings() {
    guard let pictureAbility else { return }
    for (request, id) in pictures.wanted(pictureAbility, now: now) { emit(.drawPicture(request, id: id)) }
  }
}
