import StetText

extension VTScreen {
  /// One control sequence: what stands between CSI and the final character.
  mutating func control(_ body: String, _ final: Character) {
    let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    func number(_ index: Int, _ standard: Int = 1) -> Int {
      numbers.indices.contains(index) ? numbers[index] ?? standard : standard
    }
    if let first = body.first, "?<=>".contains(first) {
      return privateControl(first, String(body.dropFirst()), final)
    }
    let count = max(1, number(0))
    switch final {
    case "A": move(to: Point(x: cursor.x, y: cursor.y - count))
    case "B": move(to: Point(x: cursor.x, y: cursor.y + count))
    case "C": move(to: Point(x: cursor.x + count, y: cursor.y))
    case "D": move(to: Point(x: cursor.x - count, y: cursor.y))
    case "G": move(to: Point(x: count - 1, y: cursor.y))
    case "d": move(to: Point(x: cursor.x, y: count - 1))
    case "H": move(to: Point(x: max(1, number(1)) - 1, y: count - 1))
    case "J": eraseScreen(number(0, 0))
    case "K": eraseLine(number(0, 0))
    case "X": erase(cursor.y, cursor.x..<cursor.x + count)
    case "P": shift(by: count, deleting: true)
    case "@": shift(by: count, deleting: false)
    case "L" where region.contains(cursor.y): scroll(cursor.y...region.upperBound, up: false, by: count)
    case "M" where region.contains(cursor.y): scroll(cursor.y...region.upperBound, up: true, by: count)
    case "S": scroll(region, up: true, by: count)
    case "T": scroll(region, up: false, by: count)
    case "r":
      let top = max(1, number(0)) - 1
      let bottom = min(size.rows, max(number(1, size.rows), 1)) - 1
      region = top < bottom ? top...bottom : 0...(size.rows - 1)
      move(to: Point(x: 0, y: 0))
    case "h" where body == "4": inserts = true
    case "l" where body == "4": inserts = false
    case "m": graphics(numbers.map { $0 ?? 0 })
    case "t": titleDepth += number(0) == 22 ? 1 : number(0) == 23 ? -1 : 0
    case "c": strings.append("device attributes?")
    default: unknown.append("CSI \(body)\(final)")
    }
  }

  private mutating func privateControl(_ prefix: Character, _ body: String, _ final: Character) {
    let numbers = body.split(separator: ";").compactMap { Int($0) }
    switch (prefix, final) {
    case ("?", "h"):
      modes.formUnion(numbers)
      if numbers.contains(1049) { alternate(true) }
    case ("?", "l"):
      modes.subtract(numbers)
      if numbers.contains(1049) { alternate(false) }
    case (">", "u"): keyboardDepth += 1
    case ("<", "u"): keyboardDepth = max(0, keyboardDepth - (numbers.first ?? 1))
    case (">", "m"): otherKeys = numbers.count > 1 ? numbers[1] : 0
    default: unknown.append("CSI \(prefix)\(body)\(final)")
    }
  }

  private mutating func eraseLine(_ kind: Int) {
    switch kind {
    case 0: erase(cursor.y, cursor.x..<size.columns)
    case 1: erase(cursor.y, 0..<cursor.x + 1)
    default: erase(cursor.y, 0..<size.columns)
    }
  }

  private mutating func eraseScreen(_ kind: Int) {
    eraseLine(kind)
    let rows =
      kind == 0 ? (cursor.y + 1)..<max(cursor.y + 1, size.rows) : kind == 1 ? 0..<cursor.y : 0..<size.rows
    for y in rows { erase(y, 0..<size.columns) }
  }

  /// Select graphic rendition.
  private mutating func graphics(_ codes: [Int]) {
    var rest = (codes.isEmpty ? [0] : codes)[...]
    while let code = rest.popFirst() {
      switch code {
      case 0: look = Look()
      case 1, 2, 3, 4, 7, 9: look.attributes.insert(code)
      case 22: look.attributes.subtract([1, 2])
      case 23, 24, 27, 29: look.attributes.remove(code - 20)
      case 30...37, 90...97: look.foreground = "\(code)"
      case 40...47, 100...107: look.background = "\(code)"
      case 39: look.foreground = ""
      case 49: look.background = ""
      case 38, 48:
        let length = rest.first == 2 ? 4 : 2
        let color = ([code] + rest.prefix(length)).map(String.init).joined(separator: ";")
        rest = rest.dropFirst(length)
        if code == 38 { look.foreground = color } else { look.background = color }
      default: unknown.append("SGR \(code)")
      }
    }
  }
}
