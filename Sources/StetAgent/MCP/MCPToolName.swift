import StetHash

/// Names of MCP tools for the model: `mcp__server__tool`, at most 64 of `[A-Za-z0-9_-]`, no two alike (M3).
///
/// A name that had to be changed, or that could be read in two ways, ends with a piece of the hash of both parts. So
/// a name never depends on which other tools there are.
enum MCPToolName {
  static let limit = 64
  private static let hashDigits = 8

  static func make(server: String, tool: String) -> String {
    let plain = "mcp__\(server)__\(tool)"
    let clean = String(String.UnicodeScalarView(plain.unicodeScalars.map { isAllowed($0) ? $0 : "_" }))
    let isAmbiguous = server.firstRange(of: "__") != nil || server.hasSuffix("_") || tool.hasPrefix("_")
    guard clean != plain || isAmbiguous || clean.utf8.count > limit else { return clean }
    let tail = SHA256.hash("\(server)\u{0}\(tool)").hex.prefix(hashDigits)
    return clean.prefix(limit - hashDigits - 1) + "_" + tail
  }

  /// Spellings that models and local servers make of a name.
  static func aliases(server: String, tool: String) -> [String] {
    var names: [String] = []
    for prefix in ["mcp__", ""] {
      for separator in [".", ":", "__", "/"] { names.append(prefix + server + separator + tool) }
    }
    return names + [tool]
  }

  /// Whether a server may be called so at all.
  static func isServerName(_ name: String) -> Bool {
    !name.isEmpty && name.unicodeScalars.allSatisfy(isAllowed)
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
