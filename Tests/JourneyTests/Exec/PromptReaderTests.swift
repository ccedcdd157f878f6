import Testing

@testable import stet

/// X4, with a standard input and a time of the test's own.
@Suite(.fewAtOnce) struct PromptReaderTests {
  private final class Source: PromptSource {
    let kind: PromptSourceKind
    var chunks: [String]
    var isSilent: Bool
    var waits: [Int] = []
    var reads = 0

    init(_ kind: PromptSourceKind, _ chunks: [String] = [], isSilent: Bool = false) {
      self.kind = kind
      self.chunks = chunks
      self.isSilent = isSilent
    }

    func wait(milliseconds: Int) throws(PromptReader.ReadError) -> Bool {
      waits.append(milliseconds)
      return !isSilent
    }

    func read() throws(PromptReader.ReadError) -> [UInt8]? {
      reads += 1
      return chunks.isEmpty ? nil : Array(chunks.removeFirst().utf8)
    }
  }

  private final class Told { var lines: [String] = [] }

  private func prompt(_ argument: String?, _ source: Source, _ told: Told = Told(), isOptional: Bool = false)
    throws -> String?
  {
    try PromptReader(input: source) { told.lines.append($0) }.prompt(argument, isOptional: isOptional)
  }

  @Test(
    "X4: a pipe or a file is read to its end and added as a block", arguments: [PromptSourceKind.pipe, .file])
  func x4_added(_ kind: PromptSourceKind) throws {
    let source = Source(kind, ["one\n", "two"])
    #expect(try prompt("sum up", source) == "sum up\n\n<stdin>\none\ntwo\n</stdin>")
    #expect(source.chunks.isEmpty)
  }

  @Test("X4: - and no prompt at all make standard input the prompt, as it is", arguments: ["-", nil])
  func x4_whole(_ argument: String?) throws {
    #expect(try prompt(argument, Source(.pipe, ["do\n", "it\n"])) == "do\nit\n")
    #expect(try prompt(argument, Source(.file, ["do it"])) == "do it")
  }

  @Test("X4: with a prompt and no byte for 2 s it says so and goes on without")
  func x4_silentPipe() throws {
    let (source, told) = (Source(.pipe, ["late"], isSilent: true), Told())
    #expect(try prompt("go", source, told) == "go")
    #expect(source.waits == [2_000] && source.reads == 0)
    #expect(told.lines.count == 1 && told.lines[0].contains("2 s"))
  }

  @Test("X4: /dev/null, a closed descriptor and a terminal are never read beside a prompt")
  func x4_neverRead() throws {
    for kind in [PromptSourceKind.none, .terminal] {
      let source = Source(kind, ["no"])
      #expect(try prompt("go", source) == "go")
      #expect(source.waits.isEmpty && source.reads == 0)
    }
  }

  @Test("X4: without a prompt and with nothing to read there is no run")
  func x4_noPrompt() throws {
    #expect(throws: PromptReader.ReadError.noPrompt) { try prompt(nil, Source(.none)) }
    #expect(throws: PromptReader.ReadError.noPrompt) { try prompt("-", Source(.none)) }
    #expect(throws: PromptReader.ReadError.noPrompt) { try prompt(nil, Source(.pipe)) }
    #expect(throws: PromptReader.ReadError.noPrompt) { try prompt("-", Source(.file, [" \n"])) }
    #expect(throws: PromptReader.ReadError.noPrompt) { try prompt(" ", Source(.none)) }
  }

  @Test("X4: an empty pipe adds nothing; a silent one that is the prompt is waited for")
  func x4_emptyAndSlow() throws {
    #expect(try prompt("go", Source(.pipe)) == "go")
    let (source, told) = (Source(.pipe, ["slow"], isSilent: true), Told())
    #expect(try prompt(nil, source, told) == "slow")
    #expect(told.lines.count == 1)
  }

  @Test("X4: more than a turn takes is refused before it fills the memory")
  func x4_tooLong() throws {
    let chunk = String(repeating: "x", count: 1 << 20)
    let source = Source(.pipe, Array(repeating: chunk, count: 50))
    #expect(throws: PromptReader.ReadError.tooLong) { try prompt("go", source) }
    #expect(source.chunks.count > 40)
  }

  @Test("An optional prompt leaves standard input alone") func optionalPrompt() throws {
    let source = Source(.pipe, ["not for us"])
    #expect(try prompt(nil, source, isOptional: true) == nil)
    #expect(source.reads == 0)
  }
}
