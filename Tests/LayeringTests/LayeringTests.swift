// The walls, read from the sources: every import against the table in AGENTS.md, and that table against Package.swift.

import FoundationEssentials
import Testing

@Suite struct LayeringTests {
  /// What any room may use besides its own row.
  private static let everywhere: Set<String> = [
    "Swift", "Glibc", "Synchronization", "Logging", "DequeModule", "OrderedCollections", "RegexBuilder",
    "_StringProcessing",
  ]

  @Test func everyImportIsAllowedByTheTable() throws {
    let table = try ImportTable.read()
    var offences: [String] = []
    for room in try Repository.folders(in: "Sources") where !room.hasPrefix("C") {
      guard let row = table.rows[room] else {
        offences.append("Sources/\(room) has no row in AGENTS.md")
        continue
      }
      for file in try Repository.swiftFiles(in: "Sources/\(room)") {
        for imported in Repository.imports(of: file.text)
        where !row.allows(imported) && !Self.everywhere.contains(imported) {
          offences.append("\(file.path) imports \(imported)")
        }
      }
    }
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }

  @Test func theTableIsPackageSwifts() throws {
    let table = try ImportTable.read()
    let manifest = try Repository.text("Package.swift")
    for (room, row) in table.rows where room.hasPrefix("Stet") && room != "StetTestSupport" {
      guard let start = manifest.firstRange(of: "\"\(room)\",") else {
        Issue.record("Package.swift has no target \(room)")
        continue
      }
      let rest = manifest[start.upperBound...]
      // The call ends where the next target begins.
      let next = rest.firstRange(of: "room(") ?? rest.firstRange(of: ".executableTarget")
      let call = rest[..<(next?.lowerBound ?? rest.endIndex)]
      let named = Set(
        Repository.quoted(in: String(call)).filter { $0.hasPrefix("Stet") || $0.hasPrefix("C") })
      let allowed = row.allowed.filter { $0.hasPrefix("Stet") || $0.hasPrefix("C") }
      #expect(
        named.isSubset(of: allowed),
        "Package.swift lets \(room) import \(named.subtracting(allowed).sorted())")
    }
  }

  @Test func noSourceImportsFullFoundation() throws {
    for folder in try Repository.folders(in: "Sources") {
      for file in try Repository.swiftFiles(in: "Sources/\(folder)") {
        #expect(!Repository.imports(of: file.text).contains("Foundation"), "\(file.path)")
      }
    }
  }

  @Test func theInterfaceCannotReachTheAgent() throws {
    let table = try ImportTable.read()
    let forbidden: Set<String> = [
      "StetAgent", "StetServer", "StetStore", "StetProcess", "StetNet", "StetWorkspace",
    ]
    for start in ["StetUI", "StetTerminal", "StetText", "StetClient"] {
      #expect(
        table.reach(of: start).isDisjoint(with: forbidden), "\(start) reaches \(table.reach(of: start))")
    }
    #expect(
      table.reach(of: "StetAgent").isDisjoint(with: [
        "StetUI", "StetTerminal", "StetServer", "StetClient", "StetText",
      ]))
  }

  @Test func everyRoomOpensByTellingWhatItIs() throws {
    for room in try Repository.folders(in: "Sources") where room.hasPrefix("Stet") {
      let opening = try Repository.text("Sources/\(room)/\(room).swift").split(
        separator: "\n", omittingEmptySubsequences: false)
      let comment = opening.prefix { $0.hasPrefix("//") }
      #expect(
        (4...20).contains(comment.count),
        "Sources/\(room)/\(room).swift opens with \(comment.count) lines of comment")
    }
  }
}
