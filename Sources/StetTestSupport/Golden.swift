import Glibc
import StetText

/// Compares what a view draws with a recorded file of two planes: the text grid, and a grid of letters that says which
/// style each cell has, with a legend. No escape codes, so a review can read it.
///
/// A first recording writes the file and fails, so that it is looked at; `STET_RECORD=1` records anew.
public enum Golden {
  public static func check(_ lines: [Line], _ name: String, file: StaticString = #filePath) throws {
    let width = lines.map(\.width).max() ?? 0
    var surface = Surface(size: Size(columns: width, rows: lines.count))
    surface.place(lines, in: surface.bounds)
    try check(surface, name, file: file)
  }

  public static func check(_ surface: Surface, _ name: String, file: StaticString = #filePath) throws {
    try checkText(describe(surface), name, file: file)
  }

  /// Whether this run records anew.
  public static var isRecording: Bool { getenv("STET_RECORD").map { String(cString: $0) == "1" } ?? false }

  /// Compares any text with a recorded file.
  public static func checkText(_ text: String, _ name: String, file: StaticString = #filePath) throws {
    let path = folder(of: "\(file)") + "/Goldens/" + name + ".golden"
    if isRecording {
      try write(text, to: path)
      return
    }
    guard let recorded = try read(path) else {
      try write(text, to: path)
      throw GoldenMismatch(description: "\(name): recorded for the first time; look at it and run again")
    }
    if recorded != text {
      throw GoldenMismatch(description: "\(name) differs:\n\(difference(recorded, text))\n\nnow:\n\(text)")
    }
  }

  /// The two planes of a surface.
  public static func describe(_ surface: Surface) -> String {
    var letters: [Style: Character] = [.text: "."]
    var legend: [String] = []
    var planes: [String] = []
    for y in 0..<surface.size.rows {
      var plane = ""
      for cell in surface.row(y) {
        if letters[cell.style] == nil {
          let letter = free(for: cell.style, besides: letters.values)
          letters[cell.style] = letter
          legend.append("\(letter) \(describe(cell.style))")
        }
        plane.append(letters[cell.style] ?? "?")
      }
      while plane.last == "." { plane.removeLast() }
      planes.append(plane)
    }
    let text = surface.rows.joined(separator: "\n")
    return
      "\(surface.size.columns)x\(surface.size.rows)\n\n\(text)\n\n--- styles\n\(planes.joined(separator: "\n"))\n\n"
      + "--- legend\n. text\n" + legend.map { $0 + "\n" }.joined()
  }

  /// A letter of the last word of the scope where one is free, so that the plane can be read.
  private static func free(
    for style: Style, besides taken: Dictionary<Style, Character>.Values
  ) -> Character {
    let word = style.foreground.name.split(separator: ".").last ?? ""
    let letters =
      word.lowercased() + word.uppercased() + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return letters.first { !taken.contains($0) && ($0.isLetter || $0.isNumber) } ?? "?"
  }

  private static func describe(_ style: Style) -> String {
    var text = style.foreground.name
    if let background = style.background { text += " on \(background.name)" }
    let names: [(Attributes, String)] = [
      (.bold, "bold"), (.italic, "italic"), (.underline, "underline"), (.dim, "dim"), (.reverse, "reverse"),
      (.strikethrough, "strikethrough"),
    ]
    for (attribute, name) in names where style.attributes.contains(attribute) { text += " \(name)" }
    return text
  }

  private static func difference(_ old: String, _ new: String) -> String {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false)
    var result: [String] = []
    for index in 0..<max(before.count, after.count) {
      let left = index < before.count ? before[index] : nil
      let right = index < after.count ? after[index] : nil
      if left == right { continue }
      result.append("line \(index + 1)\n  was: \(left ?? "(none)")\n  is:  \(right ?? "(none)")")
      if result.count == 10 { break }
    }
    return result.joined(separator: "\n")
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// A whole file; nil where there is none.
  public static func read(_ path: String) throws -> String? {
    guard let file = fopen(path, "r") else {
      if errno == ENOENT { return nil }
      throw GoldenMismatch(description: "\(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Makes the folder if it must.
  public static func write(_ text: String, to path: String) throws {
    mkdir(folder(of: path), 0o755)
    guard let file = fopen(path, "w") else {
      throw GoldenMismatch(description: "\(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw GoldenMismatch(description: "\(path): \(String(cString: strerror(errno)))")
    }
  }
}

/// A view drew something else than what was recorded.
public struct GoldenMismatch: Error, CustomStringConvertible {
  public let description: String
}
