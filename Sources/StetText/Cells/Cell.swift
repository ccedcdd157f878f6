/// One column of the screen: a base scalar with at most four marks, or the right half of a wide glyph.
///
/// ncurses takes no more than five scalars in a cell, and no second one that has a width. A plain value without
/// references: a surface of them is compared and copied as memory.
public struct Cell: Hashable, Sendable {
  /// The first scalar; a blank for an empty cell and for the right half of a wide glyph.
  public internal(set) var base: Unicode.Scalar
  var marks: SIMD4<UInt32>
  public var style: Style
  /// 2: the left half of a wide glyph; 1: an ordinary cell; 0: the right half of a wide glyph.
  public internal(set) var width: UInt8
  /// Which link of the surface it belongs to; 0 for none. See `Surface.link(_:)`.
  public internal(set) var link: UInt16

  init(base: Unicode.Scalar, marks: SIMD4<UInt32> = .zero, style: Style, width: UInt8, link: UInt16 = 0) {
    self.base = base
    self.marks = marks
    self.style = style
    self.width = width
    self.link = link
  }

  /// An empty cell.
  public static func blank(_ style: Style = .text) -> Cell { Cell(base: " ", style: style, width: 1) }

  /// The base and its marks, in order; empty for the right half of a wide glyph.
  public var scalars: [Unicode.Scalar] {
    if width == 0 { return [] }
    if marks[0] == 0 { return [base] }
    return [base] + (0..<4).compactMap { marks[$0] == 0 ? nil : Unicode.Scalar(marks[$0]) }
  }

  /// The glyph as text; empty for the right half of a wide glyph.
  public var text: String {
    if width == 0 { return "" }
    if marks[0] == 0 { return String(Character(base)) }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// Whether it is the base alone, which is nearly always.
  public var isSimple: Bool { marks[0] == 0 }
}
