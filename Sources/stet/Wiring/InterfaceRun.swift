import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import StetTerminal
import StetUI

/// One run of the interface: terminal, loop, and the app-server that is started behind the first frame.
struct InterfaceRun {
  let surroundings: Surroundings
  var overrides = ThreadOverrides()
  var launch = Launch.new(prompt: nil)
  var isDemo = false
  var choice = ServerChoice.embedded
  /// Where threads work, as another server is told; nil leaves it to that server or to the surroundings.
  var directory: String?

  /// Opens the interface and returns when it was left; throws an exit code when a signal or a lost terminal ended it.
  func run() throws {
    guard surroundings.environment["TERM"] != "dumb" else {
      StandardError.print("stet: a dumb terminal can't move its cursor; run stet in another one.")
      throw ExitCode.failure
    }
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(environment: surroundings.environment)
    } catch {
      StandardError.print("stet: \(error)\nFor scripts there is `stet app-server`.")
      throw ExitCode.failure
    }
    try leave(run(on: terminal))
  }

  /// The run on a terminal that is open already; returns when it was left and nothing is left running.
  func run(on terminal: any Terminal) -> RunLoop<AppState>.Exit {
    let mailbox = Mailbox<Event>()
    var made: EffectPerformer?
    let loop = RunLoop(
      terminal: terminal, state: state, mailbox: mailbox, environment: surroundings.environment,
      perform: { made?.perform($0) })
    // Its threads would take time and memory locks from the first frame; no effect comes before that.
    let exit = loop.run(behindFirstFrame: {
      let performer = performer { mailbox.post($0) }
      made = performer
      if isDemo { performer.perform(.startDemo) } else { performer.start() }
    })
    if let performer = made { Blocking.run { await performer.finish() } }
    return exit
  }

  private func performer(_ post: @escaping @Sendable (Event) -> Void) -> EffectPerformer {
    let log = LogFile.logger(home: surroundings.home, label: "stet")
    let client = InterfaceClient(choice, surroundings, directory: directory, log: log, post: post)
    return EffectPerformer(surroundings: surroundings, client: client, post: post)
  }

  private var state: AppState {
    let environment = UIEnvironment(
      directory: surroundings.directory, home: surroundings.environment["HOME"] ?? "",
      version: Version.current,
      wallClock: Int(time(nil)) - CursesTerminal.now().milliseconds / 1000, overrides: overrides,
      place: choice.place, run: String(UInt64.random(in: .min ... .max), radix: 36), awaitsSettings: true)
    return AppState(
      environment, launch: launch, theme: .standard(isDark: TerminalGround.isDark(surroundings.environment)))
  }

  private func leave(_ exit: RunLoop<AppState>.Exit) throws {
    switch exit {
    case .quit(let dump):
      for line in dump ?? [] { print(line) }
    case .terminated(let number): throw ExitCode(128 + number)
    case .hangup: throw ExitCode(128 + SIGHUP)
    }
  }
}

/// What the environment says of the terminal's background; the terminal itself may correct it later.
enum TerminalGround {
  /// COLORFGBG is "foreground;background" by index; 7 and 15 are light. Without it, dark.
  static func isDark(_ environment: [String: String]) -> Bool {
    guard let last = environment["COLORFGBG"]?.split(separator: ";").last, let index = Int(last) else {
      return true
    }
    return index != 7 && index != 15
  }
}
