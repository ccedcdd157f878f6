import StetWorkspace

/// What became of files that a killed process had begun to write, for the user.
enum RecoveredWords {
  /// Names of one sentence: the rest is a number.
  private static let nameLimit = 5

  static func sentences(_ writes: [RecoveredWrite], _ directory: String) -> [String] {
    func names(_ outcome: RecoveredWrite.Outcome) -> String? {
      let paths = writes.filter { $0.outcome == outcome }.map { write in
        write.path.hasPrefix(directory + "/")
          ? String(write.path.dropFirst(directory.count + 1)) : write.path
      }
      guard !paths.isEmpty else { return nil }
      let more = paths.count - nameLimit
      return paths.prefix(nameLimit).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
    var sentences: [String] = []
    if let names = names(.restored) {
      sentences.append("stet was killed while it wrote files; as before again: \(names)")
    }
    if let names = names(.foreign) {
      sentences.append("stet was killed while it wrote files; changed since, so left as they are: \(names)")
    }
    if let names = names(.failed) {
      let reason = writes.first { $0.outcome == .failed }?.reason ?? "unknown"
      sentences.append(
        "stet was killed while it wrote files; these could not be put back (\(reason)), the next start tries "
          + "again: \(names)")
    }
    return sentences
  }

  /// Where it could not even be looked for.
  static func failure(_ error: any Error) -> String {
    let cause = (error as? WorkspaceError)?.message ?? "\(error)"
    return "whether stet was killed while it wrote files here can't be told, and none were put back: \(cause)"
  }
}
