/// A piece of source that is parsed by itself: one or a few whole top-level blocks, or one item of a top-level list.
struct MarkdownChunk: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case flow
    case quote
    case indented
    case fence(SourceLine.Fence, language: String)
    /// `number` counts through the list, whatever the source says; `isFirst` begins a list.
    case item(number: Int?, isFirst: Bool)
  }

  var kind: Kind
  /// Offsets into the UTF-8 of the source.
  var range: Range<Int>
}

/// Cuts source into chunks, reading whole lines in order.
///
/// Each chunk can be parsed and laid out alone, and what comes later never changes it: that is what makes streaming
/// cost only the tail, and what keeps text that is shown in its place (U14). Finished documents are cut by the same
/// rules, so they look the same. The price: link definitions don't reach other chunks; they are shown as text.
struct ChunkSplitter: Sendable {
  /// A chunk that grows past this is ended at a line end, so that a text without blank lines stays cheap to stream.
  static let maximumChunk = 32_768

  private enum Open: Sendable {
    case flow(lines: Int)
    case quote
    case indented
    case fence(SourceLine.Fence)
    case item(SourceLine.Marker)
  }

  private var open: Open?
  private var start = 0
  private var kind = MarkdownChunk.Kind.flow
  private var end = 0
  private var wasBlank = true
  /// The list that an item may continue.
  private var list: (marker: SourceLine.Marker, number: Int?)?

  /// The unfinished chunk: where it starts.
  var openStart: Int? { open == nil ? nil : start }

  /// The unfinished chunk, as far as the lines that were read.
  var openChunk: MarkdownChunk? { open == nil ? nil : MarkdownChunk(kind: kind, range: start..<end) }

  /// Reads the line at `range` of the source and adds the chunks that it finishes.
  mutating func read(
    _ bytes: UnsafeBufferPointer<UInt8>, line range: Range<Int>, into chunks: inout [MarkdownChunk]
  ) {
    let line = SourceLine(bytes[range])
    if open != nil, continues(line) {
      extend(line, range)
      if case .fence(let fence) = open, range.lowerBound > start, line.closes(fence) { close(into: &chunks) }
    } else {
      close(into: &chunks)
      if !line.isBlank { begin(line, range, into: &chunks) }
    }
    wasBlank = line.isBlank
    if end - start > Self.maximumChunk, case .fence = open {
    } else if end - start > Self.maximumChunk {
      close(into: &chunks)
    }
  }

  /// Ends the last chunk.
  mutating func finish(into chunks: inout [MarkdownChunk]) { close(into: &chunks) }

  private mutating func extend(_ line: SourceLine, _ range: Range<Int>) {
    if !line.isBlank { end = range.upperBound } else if case .fence = open { end = range.upperBound }
    if case .flow(let lines) = open { open = .flow(lines: lines + 1) }
  }

  /// Whether the line belongs to the open chunk.
  private func continues(_ line: SourceLine) -> Bool {
    switch open {
    case nil: return false
    case .fence: return true
    case .indented: return line.isBlank || line.indent >= 4
    case .flow(let lines):
      if line.isBlank { return false }
      if line.isUnderline { return true }
      return !interrupts(line) && lines > 0
    case .quote:
      if line.isBlank { return false }
      return line.isQuote || !interrupts(line)
    case .item(let marker):
      if line.isBlank || line.indent >= marker.contentIndent { return true }
      if line.marker != nil || line.isHeading || line.isRule || line.isQuote || line.fence != nil {
        return false
      }
      return !wasBlank
    }
  }

  /// Whether the line begins another block although a paragraph is open.
  private func interrupts(_ line: SourceLine) -> Bool {
    if line.isHeading || line.isRule || line.isQuote || line.fence != nil { return true }
    guard let marker = line.marker else { return false }
    return !marker.isEmpty && (marker.number == nil || marker.number == 1)
  }

  private mutating func begin(_ line: SourceLine, _ range: Range<Int>, into chunks: inout [MarkdownChunk]) {
    (start, end) = (range.lowerBound, range.upperBound)
    if line.indent >= 4 {
      (open, kind) = (.indented, .indented)
    } else if let fence = line.fence {
      (open, kind) = (.fence(fence), .fence(fence, language: line.fenceLanguage))
    } else if let marker = line.marker {
      beginItem(marker)
      return
    } else if line.isQuote {
      (open, kind) = (.quote, .quote)
    } else {
      (open, kind) = (.flow(lines: 1), .flow)
      list = nil
      if line.isHeading || line.isRule { close(into: &chunks) }
    }
    list = nil
  }

  private mutating func beginItem(_ marker: SourceLine.Marker) {
    let isNext = list.map { marker.continues($0.marker) } ?? false
    let number = isNext ? list?.number.map { $0 + 1 } : marker.number
    list = (marker, number)
    (open, kind) = (.item(marker), .item(number: number, isFirst: !isNext))
  }

  private mutating func close(into chunks: inout [MarkdownChunk]) {
    guard open != nil else { return }
    chunks.append(MarkdownChunk(kind: kind, range: start..<end))
    open = nil
  }
}
