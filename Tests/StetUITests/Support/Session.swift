import StetProtocol
import StetText
import Testing

@testable import StetUI

/// A whole interface without a terminal: keys and messages go in, effects and pictures come out, time is a number.
struct Session {
  var state: AppState
  var now = Instant(milliseconds: 1_000_000)
  var size: Size
  /// Everything the interface asked for since the last look; beside the value, so that looking needs no variable.
  let log = EffectLog()

  static let threadId = "T1"

  init(
    _ columns: Int = 100, _ rows: Int = 30, launch: Launch = .new(prompt: nil),
    overrides: ThreadOverrides = ThreadOverrides(), run: String = ""
  ) {
    let environment = UIEnvironment(
      directory: "/home/user/project", home: "/home/user", version: "1.0", wallClock: 1_700_000_000,
      overrides: overrides, run: run)
    state = AppState(environment, launch: launch, theme: .ember)
    size = Size(columns: columns, rows: rows)
  }

  /// A session with an open thread and nothing said.
  static func open(
    _ columns: Int = 100, _ rows: Int = 30, hunkReview: Bool = true, snapshots: Bool = true,
    policy: AskForApproval = .onRequest
  ) -> Session {
    var session = Session(columns, rows)
    session.send(.connected(ServerFacts(serverVersion: "1.0", hunkReview: hunkReview, snapshots: snapshots)))
    session.send(.setup(.ready))
    session.reply(.threadStart, Session.startResponse(policy: policy))
    _ = session.taken()
    return session
  }

  mutating func send(_ event: Event) { log.effects += state.update(event, now: now) }

  mutating func notify(_ notification: ServerNotification) { send(.notification(notification)) }

  mutating func reply(_ tag: RequestTag, _ message: some Encodable) {
    do {
      send(.reply(tag, .success(try JSONValue(encoding: message))))
    } catch {
      send(.reply(tag, .failure(.internalError("\(error)"))))
    }
  }

  mutating func fail(_ tag: RequestTag, _ message: String, data: JSONValue? = nil) {
    send(.reply(tag, .failure(.invalidRequest(message, data: data))))
  }

  /// Time goes by and what was due happens.
  mutating func wait(_ milliseconds: Int) {
    now = now.advanced(by: milliseconds)
    send(.tick)
  }

  mutating func press(_ keys: Key...) {
    for key in keys {
      now = now.advanced(by: 10)
      send(.input(.key(key)))
    }
  }

  mutating func type(_ text: String) { for character in text { press(Key(character)) } }

  /// A key after enough silence that a painted prompt takes it.
  mutating func answer(_ key: Key) {
    _ = frame()
    wait(2000)
    _ = frame()
    press(key)
  }

  /// What opened by itself is looked at until it takes every key.
  mutating func look() {
    frame()
    wait(Prompt.quietMs)
  }

  /// Paints: what is on the picture now counts as seen.
  @discardableResult
  mutating func frame() -> Frame { state.frame(size: size, now: now) }

  /// The picture, without counting as painted.
  func picture() -> Frame {
    var copy = state
    return copy.frame(size: size, now: now)
  }

  /// The screen as text, without counting as painted.
  func screen() -> String { picture().surface.rows.joined(separator: "\n") }

  func shows(_ text: String) -> Bool { screen().contains(text) }

  /// The effects since the last look; looking forgets them.
  func taken() -> [Effect] {
    defer { log.effects = [] }
    return log.effects
  }

  /// The requests among the effects since the last look, but for the look at the walls that each thread opens with, and the
  /// lists that popups ask for.
  func requests() -> [ClientRequest] {
    taken().compactMap { effect in
      switch effect {
      case .send(_, .permissions(.opened)), .send(_, .prompts), .send(_, .skills): return nil
      default: break
      }
      return if case .send(let request, _) = effect { request } else { nil }
    }
  }

  /// The answers among the effects since the last look.
  func answers() -> [JSONValue] {
    taken().compactMap { if case .answer(_, let value) = $0 { value } else { nil } }
  }
}

final class EffectLog {
  var effects: [Effect] = []
}

extension Session: CustomTestStringConvertible {
  /// The screen, when an expectation fails.
  var testDescription: String { "\n" + screen() + "\n" }
}

extension Theme: CustomTestStringConvertible {
  public var testDescription: String { name }
}
