import CMD4C

/// Runs md4c over one chunk of source and builds blocks.
enum MarkdownParser {
  /// CommonMark with GitHub's tables, strikethrough, task lists and bare links. HTML blocks are text: a terminal has no
  /// use for them, and what is hidden in one should be seen.
  private static let flags = UInt32(
    MD_FLAG_PERMISSIVEEMAILAUTOLINKS | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEWWWAUTOLINKS
      | MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTMLBLOCKS)

  /// The blocks of a chunk. Where md4c gives up, the source is one paragraph.
  static func parse(_ source: String) -> [MarkdownBlock] {
    let builder = TreeBuilder()
    var parser = MD_PARSER()
    parser.flags = flags
    parser.enter_block = { TreeBuilder.of($2).enterBlock($0, $1) }
    parser.leave_block = { kind, _, data in TreeBuilder.of(data).leaveBlock(kind) }
    parser.enter_span = { TreeBuilder.of($2).enterSpan($0, $1) }
    parser.leave_span = { _, _, data in TreeBuilder.of(data).leaveSpan() }
    parser.text = { TreeBuilder.of($3).text($0, $1, $2) }
    let data = Unmanaged.passUnretained(builder).toOpaque()
    let isComplete = source.withBytes { bytes -> Bool in
      guard let start = bytes.baseAddress else { return true }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        md_parse($0, MD_SIZE(truncatingIfNeeded: bytes.count), &parser, data) == 0
      }
    }
    if isComplete { return builder.finish() }
    return [.paragraph(Sanitizer.display(source).split(separator: "\n").map { Line(String($0), .text) })]
  }
}
