import CPlatform
import Glibc

/// A started child and our ends of its streams.
struct SpawnedChild {
  var pid: Int32
  var pidfd: Descriptor
  /// The pipe's read end, or the PTY's master.
  var output: Descriptor
  var error: Descriptor?
  /// The pipe's write end, or the PTY's master.
  var input: Descriptor?
  var isTerminal: Bool
  var isNamespaced: Bool
  var mark: String?
  var leavesNothing: Bool
}

/// Starts children. Called on the process thread only: the kernel ties die-with-parent to the thread that spawns.
enum Spawner {
  static func spawn(_ plan: SpawnPlan) throws(ProcessError) -> SpawnedChild {
    var extra: [Descriptor] = []
    for item in plan.extra { extra.append(try open(item)) }
    if let size = plan.pty { return try spawnOnTerminal(plan, size, extra) }
    return try spawnOnPipes(plan, extra)
  }

  private static func open(_ extra: SpawnPlan.Extra) throws(ProcessError) -> Descriptor {
    switch extra {
    case .memory(let name, let bytes):
      Descriptor(try check(stet_memfd(name, bytes, bytes.count), "memfd_create"))
    case .program(let path):
      Descriptor(try check(stet_open_path(path), path))
    case .channel(let descriptor):
      descriptor
    }
  }

  private static func spawnOnTerminal(
    _ plan: SpawnPlan, _ size: TerminalSize, _ extra: [Descriptor]
  ) throws(ProcessError) -> SpawnedChild {
    var name = [CChar](repeating: 0, count: 128)
    let rows = UInt16(clamping: size.rows)
    let columns = UInt16(clamping: size.columns)
    let master = Descriptor(try check(stet_pty_open(&name, name.count, rows, columns), "opening a PTY"))
    let pid = try name.withUnsafeBufferPointer { (name) throws(ProcessError) in
      try start(plan, extra) { $0.terminal = name.baseAddress }
    }
    return SpawnedChild(
      pid: pid, pidfd: try watch(pid), output: master, error: nil, input: master, isTerminal: true,
      isNamespaced: plan.isNamespaced, mark: plan.mark, leavesNothing: plan.leavesNothing)
  }

  private static func spawnOnPipes(_ plan: SpawnPlan, _ extra: [Descriptor]) throws(ProcessError)
    -> SpawnedChild
  {
    let output = try makePipe()
    let input = plan.stdin == .pipe ? try makePipe() : nil
    let error = plan.errors == .separate ? try makePipe() : nil
    try check(stet_set_nonblocking(output.reader.number), "fcntl")
    if let error { try check(stet_set_nonblocking(error.reader.number), "fcntl") }
    if let input { try check(stet_set_nonblocking(input.writer.number), "fcntl") }
    let pid = try start(plan, extra) { request in
      request.input = input?.reader.number ?? -1
      request.output = output.writer.number
      request.error =
        switch plan.errors {
        case .merged: output.writer.number
        case .separate: error?.writer.number ?? -1
        case .discarded: -1
        }
    }
    // The child's ends stay open until it has them.
    withExtendedLifetime((output, input, error)) {}
    return SpawnedChild(
      pid: pid, pidfd: try watch(pid), output: output.reader, error: error?.reader, input: input?.writer,
      isTerminal: false, isNamespaced: plan.isNamespaced, mark: plan.mark, leavesNothing: plan.leavesNothing)
  }

  private static func makePipe() throws(ProcessError) -> (reader: Descriptor, writer: Descriptor) {
    var reader: Int32 = -1
    var writer: Int32 = -1
    try check(stet_pipe(&reader, &writer), "pipe")
    return (Descriptor(reader), Descriptor(writer))
  }

  /// A child that cannot be watched cannot be collected either, so it is not left alone.
  private static func watch(_ pid: Int32) throws(ProcessError) -> Descriptor {
    do {
      return Descriptor(try check(stet_pidfd_open(pid), "pidfd_open"))
    } catch {
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw error
    }
  }

  private static func start(
    _ plan: SpawnPlan, _ extra: [Descriptor], _ streams: (inout stet_spawn_request) -> Void
  ) throws(ProcessError) -> Int32 {
    let argv = CStrings(plan.argv)
    let envp = CStrings(plan.environment.map { "\($0.key)=\($0.value)" })
    let numbers = extra.map(\.number)
    let result = plan.path.withCString { path in
      plan.directory.withCString { directory in
        numbers.withUnsafeBufferPointer { numbers in
          var request = stet_spawn_request(
            path: path, argv: argv.pointer, envp: envp.pointer, directory: directory, terminal: nil,
            input: -1, output: -1, error: -1, extra: numbers.baseAddress, extra_count: numbers.count,
            block_signals: plan.blockSignals)
          streams(&request)
          return withExtendedLifetime((argv, envp, extra)) { stet_spawn(&request) }
        }
      }
    }
    guard result < 0 else { return result }
    throw failure(plan, -result)
  }

  private static func failure(_ plan: SpawnPlan, _ number: Int32) -> ProcessError {
    var status = stat()
    if stat(plan.directory, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR
      || access(plan.directory, X_OK) != 0
    {
      return ProcessError(
        .noDirectory, "\(plan.directory): not a directory that can be entered", underlying: number)
    }
    let code: ProcessError.Code = number == ENOENT ? .programNotFound : .system
    return ProcessError(code, "\(plan.argv.first ?? plan.path): \(errorText(number))", underlying: number)
  }
}

/// A NULL-terminated array of C strings that lives as long as this object.
final class CStrings {
  let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ strings: [String]) {
    count = strings.count
    pointer = .allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { (pointer + index).initialize(to: strdup(string)) }
    (pointer + count).initialize(to: nil)
  }

  deinit {
    for index in 0..<count { free(pointer[index]) }
    pointer.deallocate()
  }
}
