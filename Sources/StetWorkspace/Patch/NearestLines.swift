/// Where a file comes closest to lines that were not found, for the error that the model reads.
enum NearestLines {
  /// Lines quoted in an error.
  static let shownLines = 12
  /// Larger files are not compared line by line for the sake of a hint.
  static let fileLines = 50_000

  /// "The nearest lines are …" with line numbers, nil when nothing comes near.
  static func describe(_ wanted: [[UInt8]], in file: [ArraySlice<UInt8>]) -> String? {
    guard let start = position(of: wanted, in: file) else { return nil }
    let end = min(file.count, start + max(1, min(wanted.count, shownLines)))
    let quoted = (start..<end).map { "\($0 + 1): \(PatchEnvelope.text(file[$0]))" }
    return "The nearest lines of the file are:\n" + quoted.joined(separator: "\n")
  }

  static func position(of wanted: [[UInt8]], in file: [ArraySlice<UInt8>]) -> Int? {
    guard !wanted.isEmpty, !file.isEmpty, file.count <= fileLines else { return nil }
    let trimmedFile = file.map { Array(Blanks.trimmed($0)) }
    let pattern = wanted.prefix(200).map { Array(Blanks.trimmed($0[...])) }
    var best = (position: 0, score: 0)
    for position in trimmedFile.indices {
      var score = 0
      for (offset, line) in pattern.enumerated() where position + offset < trimmedFile.count {
        if !line.isEmpty, trimmedFile[position + offset] == line { score += 1 }
      }
      if score > best.score { best = (position, score) }
    }
    if best.score > 0 { return best.position }
    return alike(pattern, trimmedFile)
  }

  /// By the likeness of the first line that says something: shared beginning and end, at least half of it.
  private static func alike(_ pattern: [[UInt8]], _ file: [[UInt8]]) -> Int? {
    guard let index = pattern.firstIndex(where: { !$0.isEmpty }) else { return nil }
    let wanted = pattern[index]
    var best = (position: 0, share: 0.0)
    for (position, line) in file.enumerated() where !line.isEmpty {
      let longest = max(line.count, wanted.count)
      let front = zip(line, wanted).prefix { $0 == $1 }.count
      let back = zip(line.reversed(), wanted.reversed()).prefix(min(line.count, wanted.count) - front)
        .prefix { $0 == $1 }.count
      let share = Double(front + back) / Double(longest)
      if share > best.share { best = (position, share) }
    }
    return best.share >= 0.5 ? max(0, best.position - index) : nil
  }
}
