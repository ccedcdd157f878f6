import Glibc
import StetTerminal
import StetTestSupport
import StetText
import StetUI
import Synchronization

@testable import stet

/// The whole program on a test terminal: the real loop, server, agent, tools and files; only the screen is a value.
///
/// Reads as prose: `app.type("fix it").press(.enter).expect(.approval).press("y")`. What is waited for has a generous
/// deadline, and a journey that fails shows the screen it stood before.
final class App: Sendable {
  let terminal: TestTerminal
  /// What the program works with, kept as long as it is used.
  private let house: any Sendable
  private let ended = Ended()

  convenience init(
    _ house: House, launch: Launch, size: (columns: Int, rows: Int), choice: ServerChoice = .embedded
  ) {
    self.init(house.surroundings, of: house, launch: launch, size: size, choice: choice)
  }

  init(
    _ surroundings: Surroundings, of house: any Sendable, launch: Launch, size: (columns: Int, rows: Int),
    choice: ServerChoice
  ) {
    self.house = house
    let terminal = TestTerminal(size: Size(columns: size.columns, rows: size.rows))
    self.terminal = terminal
    Self.onThread { [ended] in
      let exit = InterfaceRun(surroundings: surroundings, launch: launch, choice: choice).run(on: terminal)
      ended.exit.withLock { $0 = exit }
    }
  }

  /// A journey that ended early leaves no program behind.
  deinit { terminal.send(.hangup) }

  // MARK: Hands

  @discardableResult func type(_ text: String) -> App {
    terminal.type(text)
    return self
  }

  @discardableResult func press(_ code: KeyCode, _ modifiers: KeyModifiers = []) -> App {
    terminal.press(code, modifiers)
    return self
  }

  @discardableResult func press(_ character: Character, _ modifiers: KeyModifiers = []) -> App {
    terminal.press(character, modifiers)
    return self
  }

  /// Sends a message of the user.
  @discardableResult func say(_ text: String) -> App { type(text).press(.enter) }

  // MARK: Eyes

  var screen: [String] { terminal.screen }
  var text: String { screen.joined(separator: "\n") }

  @discardableResult func expect(_ sight: Sight) async throws -> App {
    try await terminal.expect("\(sight)") { sight.isSeen(on: $0) }
    return self
  }

  @discardableResult func expect(_ text: String) async throws -> App {
    try await terminal.expect(text)
    return self
  }

  @discardableResult func expectNo(_ text: String) async throws -> App {
    try await terminal.expectNo(text)
    return self
  }

  /// Waits until everything typed and posted is taken in and painted.
  @discardableResult func idle() async throws -> App {
    try await terminal.idle()
    return self
  }

  // MARK: The end

  /// Quits as a user does, and returns when nothing of the program is left.
  func quit() async throws {
    type("/quit").press(.enter)
    guard case .quit = try await exit() else { throw AppError(screen: screen) }
  }

  /// How the program ended, as soon as it did.
  func exit() async throws -> RunLoop<AppState>.Exit {
    do {
      return try await eventually("the program ends") { ended.exit.withLock { $0 } }
    } catch { throw AppError(screen: screen) }
  }

  struct AppError: Error, CustomStringConvertible {
    let screen: [String]
    var description: String { "did not quit; the screen:\n" + screen.joined(separator: "\n") }
  }

  private static func onThread(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box)
    precondition(code == 0, "no thread for the program")
    pthread_detach(thread)
  }

  private final class Ended: Sendable {
    let exit = Mutex<RunLoop<AppState>.Exit?>(nil)
  }

  private final class Box {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
