import Glibc

/// Puts text on the clipboard of the desktop by the program that the desktop has for it. Blocks; not on the main
/// thread.
struct Clipboard: Sendable {
  /// The program and its arguments; nil where there is no desktop, or it is on another machine.
  let command: [String]?

  init(_ environment: [String: String]) {
    func has(_ name: String) -> Bool { environment[name]?.isEmpty == false }
    func path(_ program: String) -> String? {
      (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }.first {
        access($0, X_OK) == 0
      }
    }
    var candidates: [[String]] = []
    if !has("SSH_CONNECTION") && !has("SSH_TTY") {
      if has("WAYLAND_DISPLAY") { candidates.append(["wl-copy"]) }
      if has("DISPLAY") { candidates += [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]] }
      candidates.append(["pbcopy"])
    }
    command = candidates.lazy.compactMap { words in path(words[0]).map { [$0] + words.dropFirst() } }.first
  }

  /// The program's name, for the words about it.
  var name: String? { command?.first?.split(separator: "/").last.map(String.init) }

  /// True when the program took all of it and ended well.
  func copy(_ text: String) -> Bool {
    guard let command else { return false }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    for descriptor in [Int32(1), 2] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    let words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, command[0], &actions, nil, words, environ)
    close(ends[0])
    guard code == 0 else {
      close(ends[1])
      return false
    }
    let isWhole = send(Array(text.utf8), to: ends[1])
    close(ends[1])
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 { if errno != EINTR { return false } }
    return isWhole && status == 0
  }

  /// SIGPIPE is kept away from this thread: a program that does not read is an answer, not a reason to die.
  private func send(_ bytes: [UInt8], to pipe: Int32) -> Bool {
    var pipeSignal = sigset_t()
    sigemptyset(&pipeSignal)
    sigaddset(&pipeSignal, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { write(pipe, $0.baseAddress.map { $0 + sent }, bytes.count - sent) }
      if count < 0 && errno != EINTR { return false }
      sent += max(0, count)
    }
    return true
  }
}
