import FoundationEssentials

/// The table "Who may import whom" of AGENTS.md.
struct ImportTable {
  struct Row {
    let allowed: Set<String>
    let everything: Bool
    let essentials: Bool

    func allows(_ module: String) -> Bool {
      if module == "FoundationEssentials" { return essentials }
      return everything || allowed.contains(module)
    }
  }

  let rows: [String: Row]

  static func read() throws -> ImportTable {
    var rows: [String: Row] = [:]
    let document = try Repository.text("AGENTS.md")
    guard let heading = document.firstRange(of: "## Who may import whom") else { throw TableError.missing }
    for line in document[heading.upperBound...].split(separator: "\n")
    where line.hasPrefix("| Stet") || line.hasPrefix("| stet") {
      let cells = line.split(separator: "|").map { Repository.trimmed(String($0)) }
      guard cells.count == 3 else { throw TableError.badRow(String(line)) }
      rows[cells[0]] = Row(
        allowed: Set(cells[1].split(separator: ",").map { Repository.trimmed(String($0)) }),
        everything: cells[1] == "all", essentials: cells[2] == "Essentials")
    }
    guard rows.count > 15 else { throw TableError.missing }
    return ImportTable(rows: rows)
  }

  /// All rooms that `start` can come to through what it imports.
  func reach(of start: String) -> Set<String> {
    var found: Set<String> = []
    var open = [start]
    while let room = open.popLast() {
      for next in rows[room]?.allowed ?? [] where found.insert(next).inserted { open.append(next) }
    }
    return found
  }

  enum TableError: Error { case missing, badRow(String) }
}
