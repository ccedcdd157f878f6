import StetStore

/// The transcripts of a Claude Code home: `projects/FOLDER/UUID.jsonl`, one a session. Those of its sub-agents have other
/// names and belong to calls. Only read, never written.
enum ClaudeFiles {
  /// All of a home, by path. Throws when its folders can't be read.
  static func all(home: String) throws(StoreError) -> [CodexFiles.File] {
    try ForeignFiles.find(below: "\(home)/projects") { $0.hasSuffix(".jsonl") }.compactMap(file)
  }

  /// Nil for any other file.
  static func file(_ path: String) -> CodexFiles.File? {
    guard let name = path.split(separator: "/").last, name.hasSuffix(".jsonl") else { return nil }
    let id = name.dropLast(6).lowercased()
    guard isUUID(id) else { return nil }
    return CodexFiles.File(path: path, threadId: id, time: "", isRevert: false, isArchived: false)
  }

  private static func isUUID(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return false }
    return bytes.enumerated().allSatisfy { index, byte in
      if [8, 13, 18, 23].contains(index) { return byte == UInt8(ascii: "-") }
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): return true
      default: return false
      }
    }
  }
}
