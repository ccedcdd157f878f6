import CMD4C

/// Receives md4c's callbacks, in document order, and builds the blocks.
final class TreeBuilder {
  /// Quotes and lists nested deeper are shown at this depth: layout recurses, and no screen is wide enough.
  static let maximumDepth = 24
  /// Callbacks in one chunk. md4c fills up short table rows, so a few kilobytes could become millions of cells.
  static let maximumEvents = 400_000

  private enum Kind {
    case root, quote
    case list(number: UInt32?, delimiter: Character)
    case item(marker: String)
    /// Beyond the greatest depth: its blocks go to the block around it.
    case flattened
  }

  private struct Container {
    var kind: Kind
    var blocks: [MarkdownBlock] = []
    var items: [MarkdownItem] = []
  }

  private var stack = [Container(kind: .root)]
  private var inline: InlineBuilder?
  private var code: (language: String, text: [UInt8])?
  private var table: MarkdownTable?
  private var row: [[Line]] = []
  private var quotes = 0
  private var events = 0

  static func of(_ data: UnsafeMutableRawPointer?) -> TreeBuilder {
    guard let data else { preconditionFailure("md4c hands back the pointer it was given") }
    return Unmanaged<TreeBuilder>.fromOpaque(data).takeUnretainedValue()
  }

  func finish() -> [MarkdownBlock] {
    endParagraph()
    while stack.count > 1 { closeContainer() }
    return stack[0].blocks
  }

  // Each returns 0 to go on; anything else makes md4c stop.

  func enterBlock(_ kind: MD_BLOCKTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
    endParagraph()
    switch kind {
    case MD_BLOCK_QUOTE:
      quotes += 1
      open(.quote)
    case MD_BLOCK_UL: open(.list(number: nil, delimiter: "."))
    case MD_BLOCK_OL:
      let detail = detail?.load(as: MD_BLOCK_OL_DETAIL.self)
      let delimiter = Character(Unicode.Scalar(UInt8(bitPattern: detail?.mark_delimiter ?? 0x2E)))
      open(.list(number: detail?.start ?? 1, delimiter: delimiter))
    case MD_BLOCK_LI: open(.item(marker: marker(detail?.load(as: MD_BLOCK_LI_DETAIL.self))))
    case MD_BLOCK_HR: append(.rule)
    case MD_BLOCK_H:
      let level = detail?.load(as: MD_BLOCK_H_DETAIL.self).level ?? 1
      inline = InlineBuilder(base: Style(Self.headings[Int(min(max(level, 1), 6)) - 1], .bold))
    case MD_BLOCK_CODE: code = (Self.string(detail?.load(as: MD_BLOCK_CODE_DETAIL.self).lang), [])
    case MD_BLOCK_TABLE: table = MarkdownTable()
    case MD_BLOCK_TH, MD_BLOCK_TD:
      if kind == MD_BLOCK_TH { alignColumn(detail?.load(as: MD_BLOCK_TD_DETAIL.self).align) }
      inline = InlineBuilder(base: kind == MD_BLOCK_TH ? Style(.strong, .bold) : base)
    case MD_BLOCK_P: inline = InlineBuilder(base: base)
    default: break
    }
    return count()
  }

  func leaveBlock(_ kind: MD_BLOCKTYPE) -> Int32 {
    switch kind {
    case MD_BLOCK_P: endParagraph()
    case MD_BLOCK_H:
      if let lines = inline?.finish() { append(.heading(lines)) }
      inline = nil
    case MD_BLOCK_CODE:
      if let code { append(.code(language: code.language, text: String(decoding: code.text, as: UTF8.self))) }
      code = nil
    case MD_BLOCK_TH, MD_BLOCK_TD:
      row.append(inline?.finish() ?? [])
      inline = nil
    case MD_BLOCK_TR:
      if table?.header.isEmpty == true { table?.header = row } else { table?.rows.append(row) }
      row = []
    case MD_BLOCK_TABLE:
      if let table { append(.table(table)) }
      table = nil
    case MD_BLOCK_QUOTE, MD_BLOCK_UL, MD_BLOCK_OL, MD_BLOCK_LI:
      endParagraph()
      if kind == MD_BLOCK_QUOTE { quotes -= 1 }
      closeContainer()
    default: break
    }
    return count()
  }

  func enterSpan(_ kind: MD_SPANTYPE, _ detail: UnsafeMutableRawPointer?) -> Int32 {
    beginParagraph()
    switch kind {
    case MD_SPAN_EM: inline?.enter(.italic)
    case MD_SPAN_STRONG: inline?.enter(.bold, scope: .strong)
    case MD_SPAN_DEL: inline?.enter(.strikethrough)
    case MD_SPAN_CODE: inline?.enter(scope: .inlineCode)
    case MD_SPAN_A:
      let link = Self.string(detail?.load(as: MD_SPAN_A_DETAIL.self).href)
      inline?.enter(.underline, scope: .textLink, link: link)
    case MD_SPAN_IMG:
      let link = Self.string(detail?.load(as: MD_SPAN_IMG_DETAIL.self).src)
      inline?.enter(scope: .textLink, link: link, isImage: true)
    default: inline?.enter()
    }
    return count()
  }

  func leaveSpan() -> Int32 {
    inline?.leave()
    return count()
  }

  func text(_ kind: MD_TEXTTYPE, _ text: UnsafePointer<CChar>?, _ size: MD_SIZE) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(size))
    if code != nil {
      code?.text.append(contentsOf: bytes)
      return count()
    }
    beginParagraph()
    let string = String(decoding: bytes, as: UTF8.self)
    switch kind {
    case MD_TEXT_NULLCHAR: inline?.text("\u{FFFD}")
    case MD_TEXT_BR: inline?.lineBreak()
    case MD_TEXT_SOFTBR: inline?.text(" ")
    case MD_TEXT_ENTITY: inline?.text(Entities.decode(string))
    case MD_TEXT_HTML where ["<br>", "<br/>", "<br />", "<BR>"].contains(string): inline?.lineBreak()
    default: inline?.text(string)
    }
    return count()
  }
}

extension TreeBuilder {
  private static let headings: [Scope] = (1...6).map { Scope("heading.\($0)") }

  private var base: Style { quotes > 0 ? Style(.quote) : .text }

  /// The text of a tight list item comes without a paragraph around it.
  private func beginParagraph() {
    if inline == nil { inline = InlineBuilder(base: base) }
  }

  private func endParagraph() {
    guard table == nil else { return }
    if let lines = inline?.finish() { append(.paragraph(lines)) }
    inline = nil
  }

  private func append(_ block: MarkdownBlock) { stack[stack.count - 1].blocks.append(block) }

  private func open(_ kind: Kind) {
    stack.append(Container(kind: stack.count < Self.maximumDepth ? kind : .flattened))
  }

  private func closeContainer() {
    guard stack.count > 1, let closed = stack.popLast() else { return }
    switch closed.kind {
    case .root, .flattened: stack[stack.count - 1].blocks += closed.blocks
    case .quote: append(.quote(closed.blocks))
    case .list:
      append(
        closed.items.isEmpty
          ? .list([MarkdownItem(marker: Sign.slim("•"), blocks: closed.blocks)]) : .list(closed.items)
      )
    case .item(let marker):
      stack[stack.count - 1].items.append(MarkdownItem(marker: marker, blocks: closed.blocks))
    }
  }

  private func marker(_ detail: MD_BLOCK_LI_DETAIL?) -> String {
    if let detail, detail.is_task != 0 { return detail.task_mark == 0x20 ? "☐" : "☑" }
    guard case .list(let number?, let delimiter) = stack[stack.count - 1].kind else {
      var depth = 0
      for container in stack {
        if case .list = container.kind { depth += 1 }
      }
      return Sign.slim(["•", "◦", "▪"][max(0, depth - 1) % 3])
    }
    return "\(UInt64(number) + UInt64(stack[stack.count - 1].items.count))\(delimiter)"
  }

  private func alignColumn(_ align: MD_ALIGN?) {
    switch align {
    case MD_ALIGN_CENTER: table?.alignments.append(.center)
    case MD_ALIGN_RIGHT: table?.alignments.append(.right)
    default: table?.alignments.append(.left)
    }
  }

  private func count() -> Int32 {
    events += 1
    return events > Self.maximumEvents ? 1 : 0
  }

  /// An attribute with its entities decoded.
  private static func string(_ attribute: MD_ATTRIBUTE?) -> String {
    guard let attribute, let text = attribute.text, attribute.size > 0 else { return "" }
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(attribute.size))
    var result = ""
    var index = 0
    while case let start = attribute.substr_offsets[index], start < attribute.size {
      let end = min(attribute.substr_offsets[index + 1], attribute.size)
      guard start <= end else { break }
      let part = String(decoding: bytes[Int(start)..<Int(end)], as: UTF8.self)
      result += attribute.substr_types[index] == MD_TEXT_ENTITY ? Entities.decode(part) : part
      index += 1
    }
    return result
  }
}
