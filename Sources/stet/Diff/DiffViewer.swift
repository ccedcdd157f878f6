import ArgumentParser
import Glibc
import StetTerminal
import StetText
import StetUI

/// The review screen on a terminal of its own, without a server.
struct DiffViewer {
  let diff: ViewedDiff

  func run() throws {
    let surroundings = try Surroundings()
    // The patch came through standard input: keys are read from the terminal itself.
    let input = isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard input >= 0 else {
      StandardError.print("stet: there is no terminal to read keys from")
      throw ExitCode.failure
    }
    let terminal: CursesTerminal
    do {
      terminal = try CursesTerminal(environment: surroundings.environment, input: input)
    } catch {
      StandardError.print("stet: \(error)")
      throw ExitCode.failure
    }
    _ = run(on: terminal, surroundings)
  }

  /// The run on a terminal that is open already.
  func run(on terminal: any Terminal, _ surroundings: Surroundings) -> RunLoop<AppState>.Exit {
    let mailbox = Mailbox<Event>()
    let environment = UIEnvironment(
      directory: surroundings.directory, home: surroundings.environment["HOME"] ?? "",
      version: Version.current)
    let theme = Theme.standard(isDark: TerminalGround.isDark(surroundings.environment))
    let loop = RunLoop(
      terminal: terminal, state: AppState(environment, viewing: diff, theme: theme), mailbox: mailbox,
      environment: surroundings.environment, perform: { _ in })
    let (themes, _) = Themes.load(surroundings.home)
    do {
      let configuration = try surroundings.configuration(for: surroundings.directory)
      mailbox.post(.themes(themes, use: configuration.theme))
      Width.ambiguousIsWide = configuration.tui.ambiguousWidth == 2
      mailbox.post(.settings(InterfaceSettings(configuration.tui, surroundings.environment)))
    } catch {
      mailbox.post(.themes(themes, use: nil))
      mailbox.post(.notice("\(error)"))
    }
    return loop.run()
  }
}
