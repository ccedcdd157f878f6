import Glibc
import Testing

@testable import stet

@Suite(.fewAtOnce) struct OutputBacklogTests {
  @Test("what a reader does not take at once is kept, never waited for, and comes whole and in order")
  func slowReader() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    let backlog = OutputBacklog(ends[1])
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    try backlog.add(Array(bytes.prefix(200_000)))
    try backlog.add(Array(bytes.dropFirst(200_000)))
    #expect(!backlog.isEmpty)
    #expect(backlog.interest.fd == ends[1])
    var taken: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 50_000)
    while taken.count < bytes.count {
      let count = read(ends[0], &buffer, buffer.count)
      try #require(count > 0)
      taken += buffer[..<count]
      #expect(backlog.flush() == nil)
    }
    #expect(taken == bytes)
    #expect(backlog.isEmpty && backlog.interest.fd == -1)
  }

  @Test("a write that fails is told, and nothing is left")
  func failure() throws {
    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    let backlog = OutputBacklog(descriptor)
    #expect(throws: OutputError(errorNumber: EBADF)) { try backlog.add([1, 2, 3]) }
    #expect(backlog.isEmpty && backlog.flush() == nil)
  }
}
