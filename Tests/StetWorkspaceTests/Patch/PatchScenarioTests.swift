import Glibc
import StetJSON
import StetTestSupport
import StetWorkspace
import Testing

/// Runs the recorded scenarios of the reference implementation, where their folder is at hand. What each of
/// them shows has a test of its own beside this file.
struct PatchScenarioTests {
  static let folder: String? = getenv("STET_SHARED").map { String(cString: $0) + "/apply-patch" }

  static let names: [String] = {
    guard let folder, let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.first?.isNumber == true { names.append(name) }
    }
    return names.sorted()
  }()

  /// Scenarios in which the reference is at fault and stet differs: the number, and whether stet refuses.
  /// Each has its own test in `PatchRuleTests`.
  static let differing: Set<String> = [
    "008", "009", "012", "013", "014", "015", "016", "023", "024", "033", "034", "035", "037", "044", "045",
    "047",
    "049", "065", "066", "067", "075", "077", "078", "083", "086", "094", "101", "104", "113", "114", "118",
    "120",
    "129", "130", "131", "134", "144", "146", "149", "153", "154", "156",
  ]

  /// Symbolic links, which a checkout may hold as files with the target as their text.
  static let links = ["108": "conf.ini", "109": "conf.ini", "110": "link", "111": "d.txt"]

  @Test(
    "agrees with the reference scenarios",
    .enabled(if: !names.isEmpty, "STET_SHARED does not name the folder with the recorded scenarios"),
    arguments: names)
  func scenario(_ name: String) throws {
    let folder = try #require(Self.folder) + "/" + name
    let result = try JSONValue(parsing: try #require(DiskTree.bytes("\(folder)/result.json")))
    let parent = TempDirectory("stet-scenario")
    let root = parent.makeDirectory("tree")
    try DiskTree.copy("\(folder)/input", to: root)
    let link = Self.links[String(name.prefix(3))]
    if let link { DiskTree.makeLink("\(root)/\(link)") }
    for path in result["emptyDirs"]?["input"]?.arrayValue ?? [] {
      parent.makeDirectory("tree/" + (path.stringValue ?? ""))
    }
    for (path, mode) in modes(result, "input") { chmod("\(root)/\(path)", mode_t(mode)) }
    let cwd = result["cwd"]?.stringValue.map { "\(root)/\($0)" } ?? root
    var patch = try #require(DiskTree.bytes("\(folder)/patch.txt"))
    if result["expandPwd"]?.boolValue == true {
      patch = Array(
        String(decoding: patch, as: UTF8.self).split(separator: "$PWD", omittingEmptySubsequences: false)
          .joined(separator: cwd).utf8)
    }
    var exit = 0
    var words = ""
    do {
      try PatchRun(root: cwd, journal: parent.path("journal")).apply(patch)
    } catch {
      exit = 1
      words = "\(error)"
    }
    var expected = try DiskTree.read("\(folder)/expected", modes: modes(result, "expected"))
    if let link, case .file(let target, _)? = expected[link] {
      expected[link] = .link(String(decoding: target, as: UTF8.self))
    }
    for path in result["emptyDirs"]?["expected"]?.arrayValue ?? [] {
      expected[path.stringValue ?? ""] = .directory
    }
    let found = try DiskTree.read(root)
    let agrees = exit == result["exit"]?.intValue && found == expected
    if Self.differing.contains(String(name.prefix(3))) {
      #expect(!agrees, "agrees by now: take it off the list")
    } else {
      #expect(agrees, "exit \(exit) \(words)\n\(DiskTree.difference(expected, found))")
    }
  }

  private func modes(_ result: JSONValue, _ side: String) -> [String: Int] {
    var modes: [String: Int] = [:]
    for (path, mode) in result["modes"]?[side]?.objectValue ?? JSONObject() {
      modes[path] = Int(mode.stringValue ?? "", radix: 8)
    }
    return modes
  }
}
