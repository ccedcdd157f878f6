/// The alternatives of a glob, `*.{c,h}`, which fnmatch does not know.
enum Braces {
  /// More alternatives are no glob that anybody writes; the rest is left out.
  private static let limit = 64

  /// Without nesting: a brace in a brace stands for itself.
  static func expand(_ glob: String) -> [String] {
    var whole: [String] = [""]
    var rest = glob[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let head = rest[..<open]
      let parts = rest[rest.index(after: open)..<close].split(
        separator: ",", omittingEmptySubsequences: false)
      whole = Array(whole.lazy.flatMap { start in parts.map { start + head + $0 } }.prefix(limit))
      rest = rest[rest.index(after: close)...]
    }
    return whole.map { $0 + rest }
  }
}
