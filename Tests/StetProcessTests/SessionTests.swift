import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

@Suite struct SessionTests {
  @Test func mergesBothStreamsInArrivalOrder() async throws {
    let text = try await Shell.output(Shell.command("echo a; echo b >&2; echo c; echo d >&2"))
    #expect(text == "a\nb\nc\nd\n")
  }

  @Test func separatesOrDiscardsErrors() async throws {
    let separate = try await Shell.run(Shell.command("echo a; echo b >&2", errors: .separate))
    #expect(separate.text == "a\n")
    #expect(separate.errorOutput == Array("b\n".utf8))
    let discarded = try await Shell.run(Shell.command("echo a; echo b >&2", errors: .discarded))
    #expect(discarded.text == "a\n")
    #expect(discarded.errorOutput.isEmpty)
  }

  @Test(arguments: [0, 1, 42, 255]) func reportsExitCodes(code: Int32) async throws {
    let result = try await Shell.run(Shell.command("exit \(code)"))
    #expect(result.status == ExitStatus(code: code, signal: nil))
    #expect(result.status.shellCode == Int(code))
  }

  @Test func reportsSignals() async throws {
    let result = try await Shell.run(Shell.command("kill -KILL $$"))
    #expect(result.status == ExitStatus(code: nil, signal: SIGKILL))
    #expect(result.status.shellCode == 137)
  }

  @Test func namesWhatCouldNotStart() async throws {
    func failure(_ command: Command) -> ProcessError? {
      do throws(ProcessError) {
        _ = try ProcessSession.start(command)
        return nil
      } catch {
        return error
      }
    }
    var command = Shell.command("true")
    command.argv = ["stet-no-such-program"]
    #expect(failure(command)?.code == .programNotFound)
    command.argv = ["/bin/stet-no-such-program"]
    #expect(failure(command)?.code == .programNotFound)
    command.argv = []
    #expect(failure(command)?.code == .invalidArgument)
    command.argv = ["true", "a\0b"]
    #expect(failure(command)?.code == .invalidArgument)
    command.argv = ["true"]
    command.cwd = "/stet-no-such-directory"
    #expect(failure(command)?.code == .noDirectory)
    command.cwd = "/"
    command.environment["A=B"] = "x"
    #expect(failure(command)?.code == .invalidArgument)
  }

  @Test func findsProgramsInTheChildsPath() async throws {
    let directory = TempDirectory()
    directory.write("bin/greet", "#!/bin/sh\necho hello\n", mode: 0o755)
    let command = Command(
      argv: ["greet"], cwd: "/", environment: ["PATH": "relative:\(directory.path("bin"))"])
    #expect(try await Shell.output(command) == "hello\n")
  }

  @Test func fastOutputArrivesWhole() async throws {
    let result = try await Shell.run(Shell.command("seq 1 500000; echo end"))
    #expect(result.output.count > 3_000_000)
    #expect(result.text == (1...500_000).map { "\($0)\n" }.joined() + "end\n")
  }

  @Test func outputWaitsForASlowReader() async throws {
    let session = try ProcessSession.start(Shell.command("head -c 20000000 /dev/zero"))
    var total = 0
    for await event in session.events {
      guard case .output(let bytes) = event else { continue }
      total += bytes.count
      #expect(bytes.count <= EventQueue.chunkLimit)
    }
    #expect(total == 20_000_000)
  }

  @Test func queueIsBoundedAndResumes() async {
    let resumed = Counter()
    let queue = EventQueue { resumed.add() }
    let chunk = [UInt8](repeating: 1, count: EventQueue.chunkLimit)
    var pushed = 0
    repeat { pushed += 1 } while queue.push(chunk, .output)
    #expect(pushed * chunk.count == EventQueue.highMark)
    var taken = 0
    while resumed.value == 0, await queue.next() != nil { taken += 1 }
    #expect((pushed - taken) * chunk.count == EventQueue.lowMark)
    queue.finish(ExitStatus(code: 0, signal: nil))
    var rest: [ProcessEvent] = []
    while let event = await queue.next() { rest.append(event) }
    #expect(rest.count == pushed - taken + 1)
    #expect(rest.last == .exited(ExitStatus(code: 0, signal: nil)))
  }

  @Test("a flood that never lets the queue run empty leaves nothing behind")
  func queueKeepsNothingThatWasTaken() async {
    let queue = EventQueue {}
    let before = residentBytes()
    for number in 0..<16_384 {
      _ = queue.push(
        [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: EventQueue.chunkLimit), .output)
      if number > 1 { _ = await queue.next() }
    }
    // A gibibyte went through; other tests run beside this one.
    #expect(residentBytes() - before < 512 << 20)
  }

  private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    fgets(&line, Int32(line.count), file)
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
  }

  @Test func inputReachesTheProcess() async throws {
    let bytes = (0..<900_000).map { UInt8(truncatingIfNeeded: $0) }
    let result = try await Shell.run(Shell.command("cat", stdin: .pipe), input: bytes)
    #expect(result.output == bytes)
  }

  @Test func inputIsRefusedWhenItCantArrive() async throws {
    let closed = try ProcessSession.start(Shell.command("cat"))
    #expect(!closed.write([1]))
    #expect(await closed.waitForExit().code == 0)
    let deaf = try ProcessSession.start(Shell.command("sleep 1000", stdin: .pipe))
    #expect(!deaf.write([UInt8](repeating: 0, count: ProcessSession.inputLimit + 1)))
    #expect(deaf.write([UInt8](repeating: 0, count: ProcessSession.inputLimit)))
    #expect(!deaf.write([UInt8](repeating: 0, count: ProcessSession.inputLimit)))
    await deaf.terminate(grace: .zero)
  }

  @Test func inputToAProcessThatClosedItDoesNotKillUs() async throws {
    let session = try ProcessSession.start(Shell.command("exec 0<&-; echo closed; sleep 1000", stdin: .pipe))
    var reader = EventReader(session)
    #expect(await reader.until("closed"))
    session.write([UInt8](repeating: 0, count: 100))
    #expect(await eventually { !session.write([0]) })
    await session.terminate(grace: .zero)
  }

  @Test func timeLimitEndsIt() async throws {
    let result = try await ProcessSession.run(
      Shell.command("echo a; sleep 1000"), timeLimit: .milliseconds(300), grace: .zero)
    #expect(result.timedOut)
    #expect(result.text == "a\n")
    #expect(result.status.signal != nil)
  }

  @Test func cancellingTheTaskEndsTheProcess() async throws {
    let directory = TempDirectory()
    let script = "echo $$ > pid.new; mv pid.new pid; sleep 1000"
    let command = Shell.command(script, cwd: directory.path)
    let task = Task { try await ProcessSession.run(command) }
    #expect(await eventually { directory.exists("pid") })
    let pid = try #require(Int32(directory.text("pid")?.dropLast() ?? ""))
    let process = ObservedProcess(pid)
    #expect(process.isAlive)
    task.cancel()
    let result = try await task.value
    #expect(result.status.signal == SIGTERM)
    #expect(!result.timedOut)
    #expect(!process.isAlive)
  }

  @Test func outputBeyondTheLimitIsCutAndSaid() async throws {
    let result = try await ProcessSession.run(Shell.command("printf 0123456789"), outputLimit: 4)
    #expect(result.text == "0123")
    #expect(result.truncated)
  }
}
