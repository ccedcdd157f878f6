import CPlatform
import Glibc

/// Signals, deadlines and the end of a child.
extension Child {
  /// How long `exited` waits for the end of output that a background child holds open.
  static let drainTime: Duration = .milliseconds(50)

  var nextDeadline: ContinuousClock.Instant? {
    [drainDeadline, killDeadline, limitDeadline].compactMap { $0 }.min()
  }

  func send(_ number: Int32) {
    guard phase == .running, number > 0 else { return }
    kill(-pid, number)
    if let foreground, foreground != pid { kill(-foreground, number) }
  }

  func setTimeLimit(_ limit: Duration, grace: Duration) {
    guard phase == .running else { return }
    limitDeadline = .now.advanced(by: limit)
    limitGrace = grace
  }

  func terminate(grace: Duration) {
    guard phase != .ended else { return }
    limitDeadline = nil
    let deadline = ContinuousClock.now.advanced(by: grace)
    killDeadline = min(killDeadline ?? deadline, deadline)
    if !terminating {
      terminating = true
      ask()
    }
    if grace <= .zero { fireDeadlines(.now) }
    // A leader that ended before this call left only its children, who now have the grace.
    if leaderEnded, killDeadline != nil { drainDeadline = nil }
  }

  /// TERM to all, and CONT so that a stopped one can act on it. A terminal also hangs up: interactive shells
  /// ignore TERM, and pass a hang-up on to their jobs.
  private func ask() {
    if isTerminal {
      signalSession(SIGHUP)
      signalSession(SIGTERM)
      signalSession(SIGCONT)
    } else if phase == .running {
      for number in [SIGTERM, SIGCONT] {
        kill(-pid, number)
        for process in descendants where getsid(process) != pid { kill(process, number) }
      }
    } else {
      signalSession(SIGTERM)
      signalSession(SIGCONT)
    }
  }

  /// Nobody holds the session any more.
  func abandon() {
    isAbandoned = true
    forgetIfSilent()
    guard phase == .running else { return }
    queue.discard()
    terminate(grace: .zero)
  }

  func fireDeadlines(_ now: ContinuousClock.Instant) {
    if let limitDeadline, limitDeadline <= now {
      self.limitDeadline = nil
      queue.reachedTimeLimit = true
      terminate(grace: limitGrace)
    }
    if let killDeadline, killDeadline <= now {
      self.killDeadline = nil
      signalSession(SIGKILL)
      if phase == .running, leaderEnded { drainDeadline = now.advanced(by: Self.drainTime) }
      forgetIfSilent()
    }
    if let drainDeadline, drainDeadline <= now {
      self.drainDeadline = nil
      finish()
    }
  }

  func leaderHasEnded() {
    guard !leaderEnded else { return }
    leaderEnded = true
    limitDeadline = nil
    watch()
    drain()
    // While terminating, those who are left have the rest of the grace.
    if killDeadline == nil { drainDeadline = .now.advanced(by: Self.drainTime) }
  }

  func finishIfDone() {
    guard output == nil, error == nil else { return }
    switch phase {
    case .running where leaderEnded: finish()
    case .lingering: phase = .ended
    case .running, .ended: break
    }
  }

  /// A child that lingers without a pipe is known only so that who holds its session can end it.
  func forgetIfSilent() {
    if phase == .lingering, isAbandoned, !isHeard, killDeadline == nil { phase = .ended }
  }

  private func finish() {
    guard phase == .running else { return }
    // Who ignored TERM and closed its output is still there.
    if terminating || leavesNothing { signalSession(SIGKILL) }
    var code: Int32 = -1
    var number: Int32 = -1
    let result = pidfd.map { stet_pidfd_reap($0.number, &code, &number) } ?? -ECHILD
    pidfd = nil
    if !terminating, !leavesNothing { queue.leftBehind = leftBehind() }
    killDeadline = nil
    drainDeadline = nil
    closeStreams()
    queue.finish(
      ExitStatus(
        code: result == 0 && code >= 0 ? code : nil, signal: result == 0 && number >= 0 ? number : nil))
    phase = output == nil && error == nil ? .ended : .lingering
    if phase == .lingering { watch() }
  }

  /// Asked when the leader was collected: its group is there only while it has other members, which one call tells.
  /// The kernel ends those of a process namespace, though not in the same moment.
  private func leftBehind() -> [LeftProcess] {
    guard !isNamespaced else { return [] }
    let session = kill(-pid, 0) == 0 ? ProcessTable.members(ofSession: pid) : []
    return Set(session + descendants).sorted().prefix(Self.leftLimit).map { member in
      LeftProcess(pid: member, name: ProcessTable.name(member))
    }
  }

  /// What it started and still runs, also outside of its session; empty where that is not followed.
  private var descendants: [Int32] { mark.map(ProcessTable.marked) ?? [] }

  /// More are not listed: whoever left so many needs no list of them.
  private static let leftLimit = 20

  private var foreground: Int32? {
    guard isTerminal, let output else { return nil }
    let group = stet_pty_foreground(output.number)
    return group > 0 ? group : nil
  }

  /// Signals the group and everybody else of the session, jobs of an interactive shell have groups of their own, and
  /// who left it where that is followed.
  /// The number of a collected leader names our session as long as anybody is in it; it is given away after that.
  func signalSession(_ number: Int32) {
    var members = Set(descendants)
    if phase == .running || kill(pid, 0) != 0 && errno != EPERM {
      members.formUnion(ProcessTable.members(ofSession: pid))
    }
    if phase == .running { kill(-pid, number) }
    for member in members { kill(member, number) }
    guard number == SIGKILL, mark != nil else { return }
    // One may have started another while it was looked at.
    for _ in 0..<Self.killRounds {
      let rest = descendants
      if rest.isEmpty { return }
      for member in rest { kill(member, number) }
    }
  }

  private static let killRounds = 16
}
