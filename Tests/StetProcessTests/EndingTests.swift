import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// How children end, and what is left of them.
@Suite struct EndingTests {
  @Test("L6: terminate gives TERM first, and its handler's output and code arrive")
  func l6_termIsHandled() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.02; done"))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    let status = await session.terminate()
    #expect(status == ExitStatus(code: 7, signal: nil))
    await reader.toEnd()
    #expect(reader.text.hasSuffix("bye\n"))
    #expect(reader.status == status)
  }

  @Test("L6: KILL follows when TERM is ignored")
  func l6_killFollows() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap '' TERM; echo ready; while :; do sleep 0.02; done"))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await session.terminate(grace: .milliseconds(100)).signal == SIGKILL)
  }

  @Test("L6: nobody of the group is left", arguments: [false, true])
  func l6_groupIsGone(jobControl: Bool) async throws {
    // With job control each background child has a process group of its own.
    let script = """
      \(jobControl ? "set -m" : "")
      sleep 1001 & a=$!
      (trap '' TERM; exec sleep 1002) >/dev/null 2>&1 & b=$!
      bash -c 'sleep 1003; :' & c=$!
      echo "pids $a $b $c ready"; wait
      """
    let session = try ProcessSession.start(Shell.command(script))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    let pids = reader.text.split(separator: " ").compactMap { Int32($0) }
    let left = pids.map(ObservedProcess.init)
    #expect(left.count == 3 && left.allSatisfy(\.isAlive))
    await session.terminate(grace: .milliseconds(200))
    #expect(await eventually { !left.contains(where: \.isAlive) })
    #expect(await eventually { ProcessTable.members(ofSession: session.pid).isEmpty })
  }

  @Test func stoppedProcessesAreEndedToo() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap 'exit 5' TERM; echo ready; kill -STOP $$; sleep 1000"))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    #expect(await session.terminate().shellCode == 5)
  }

  @Test func backgroundChildDoesNotDelayTheEnd() async throws {
    let (session, child) = try await leaveChild()
    #expect(await session.terminate().code == 3)
    #expect(await eventually { !child.isAlive })
  }

  @Test func backgroundChildOfLongAgoIsStillEnded() async throws {
    // A loop of its own: no other test's children lose their pipes to these.
    let loop = try ProcessLoop()
    let (session, child) = try await leaveChild(on: loop)
    var later: [(ProcessSession, ObservedProcess)] = []
    for _ in 0...ChildTable.lingeringLimit { later.append(try await leaveChild(on: loop)) }
    #expect(child.isAlive)
    await session.terminate()
    #expect(await eventually { !child.isAlive })
    for (session, _) in later { await session.terminate() }
    #expect(await eventually { later.allSatisfy { !$0.1.isAlive } })
  }

  /// A command that has ended with 3 and left a child in the background.
  private func leaveChild(on loop: ProcessLoop? = nil) async throws -> (ProcessSession, ObservedProcess) {
    let command = Shell.command("sleep 1004 & echo $!; exit 3")
    let session = try loop.map { try ProcessSession.start(command, on: $0) } ?? ProcessSession.start(command)
    var reader = EventReader(session)
    await reader.toEnd()
    #expect(reader.status?.code == 3)
    let pid = try #require(Int32(reader.text.dropLast()))
    let child = ObservedProcess(pid)
    #expect(child.isAlive)
    return (session, child)
  }

  @Test func backgroundChildMayGoOnWriting() async throws {
    let directory = TempDirectory()
    let session = try ProcessSession.start(
      Shell.command(
        "(while [ ! -e go ]; do sleep 0.02; done; head -c 3000000 /dev/zero; echo ok > done) & echo started",
        cwd: directory.path))
    var reader = EventReader(session)
    await reader.toEnd()
    #expect(reader.text == "started\n")
    directory.write("go", "")
    #expect(await eventually { directory.exists("done") })
  }

  @Test func lateOutputOfAChildThatEndsSoonIsKept() async throws {
    // On a busy machine the child may come too late for the little time it has; not each time.
    var texts: Set<String> = []
    for _ in 0..<50 where !texts.contains("early\nlate\n") {
      texts.insert(try await Shell.output(Shell.command("(sleep 0.01; echo late) & echo early")))
    }
    #expect(texts.contains("early\nlate\n"), "\(texts)")
  }

  @Test func nothingIsLeftOpenOrUncollected() async throws {
    let session = try ProcessSession.start(
      Shell.command(
        "readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2", stdin: .pipe, errors: .separate))
    session.closeInput()
    var reader = EventReader(session)
    await reader.toEnd()
    let pipes = Set(reader.text.split(separator: "\n").map(String.init))
    #expect(pipes.count == 3)
    #expect(pipes.allSatisfy { $0.hasPrefix("pipe:[") })
    #expect(pipes.isDisjoint(with: ownDescriptors()))
    #expect(waitpid(session.pid, nil, WNOHANG) == -1 && errno == ECHILD)
  }

  @Test func droppingTheSessionKillsIt() async throws {
    let process: ObservedProcess
    do {
      let session = try ProcessSession.start(Shell.command("sleep 1005"))
      process = ObservedProcess(session.pid)
      #expect(process.isAlive)
    }
    #expect(await eventually { !process.isAlive })
  }

  @Test func signalsReachTheGroup() async throws {
    let session = try ProcessSession.start(
      Shell.command("trap 'echo got; exit 0' USR1; echo ready; while :; do sleep 0.02; done"))
    var reader = EventReader(session)
    #expect(await reader.until("ready"))
    // The sleep beside it dies of the signal, the shell handles it.
    session.signal(SIGUSR1)
    await reader.toEnd()
    #expect(reader.text.contains("got"))
    #expect(reader.status?.code == 0)
  }

  @Test func childrenStartClean() async throws {
    let text = try await Shell.output(
      Command(argv: ["/bin/cat", "/proc/self/status"], cwd: "/", environment: [:]))
    let lines = Set(text.split(separator: "\n").map(String.init))
    #expect(lines.contains("SigBlk:\t0000000000000000"))
    // 32 and 33 are libc's own.
    #expect(lines.contains("SigIgn:\t0000000180000000") || lines.contains("SigIgn:\t0000000000000000"))
    let descriptors = try await Shell.output(
      Command(argv: ["/bin/ls", "/proc/self/fd"], cwd: "/", environment: [:]))
    #expect(descriptors == "0\n1\n2\n3\n")
    let variables = try await Shell.output(
      Command(argv: ["/usr/bin/env"], cwd: "/", environment: ["A": "1 2"]))
    #expect(variables == "A=1 2\n")
  }

  @Test func manySessionsAtOnce() async throws {
    let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<40 {
        group.addTask {
          (number, try await Shell.output(Shell.command("echo \(number); sleep 0.1; echo end")))
        }
      }
      var texts: [Int: String] = [:]
      for try await (number, text) in group { texts[number] = text }
      return texts
    }
    #expect(texts == Dictionary(uniqueKeysWithValues: (0..<40).map { ($0, "\($0)\nend\n") }))
  }

  private func ownDescriptors() -> [String] {
    (0..<1024).compactMap { number in
      var buffer = [CChar](repeating: 0, count: 256)
      let count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
      return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
  }
}
