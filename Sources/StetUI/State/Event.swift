import StetProtocol

/// Everything that can happen to the interface, in one queue, in arrival order.
public enum Event: Sendable {
  case input(InputEvent)
  /// The app-server answered `initialize`. Comes again when the program switched to another server (the demo).
  case connected(ServerFacts)
  /// What the search for a model found.
  case setup(Setup)
  case notification(ServerNotification)
  /// The server asks; the answer goes out as `Effect.answer` with the same id.
  case request(RequestID, ServerRequest)
  /// The reply to `Effect.send` with the same tag.
  case reply(RequestTag, Result<JSONValue, RPCError>)
  /// The external editor was left; nil if it failed or the text is unchanged.
  case edited(EditPurpose, String?)
  /// What became of `Effect.copy`, in one truthful line.
  case copied(String)
  /// Files for the `@` completion of `query`, best first.
  case files(query: String, [String])
  /// Sessions of other agents in this directory that are no threads yet, the newest first.
  case foreign([ForeignSession])
  /// A session of another agent is a thread now.
  case imported(threadId: String)
  /// A draft that an earlier run left behind.
  case restored(Draft)
  /// What an earlier run had decided in a review.
  case reviewDraft(id: String, JSONValue)
  /// What an earlier run had folded and unfolded by hand in a thread, by the entries' ids.
  case folds(thread: String, [String: Bool])
  /// Messages sent earlier, newest last.
  case history([String])
  /// The themes that can be chosen and the name of the configured one.
  case themes([Theme], use: String?)
  /// What the configuration says of the interface.
  case settings(InterfaceSettings)
  /// A picture's file was read.
  case picture(path: String, PictureFacts)
  /// The terminal said that it shows real pictures.
  case showsPictures(PictureAbility)
  /// A picture that was asked for is drawn.
  case drawing(PictureDrawing, PictureRequest)
  /// The terminal told its background colour (OSC 11).
  case background(isDark: Bool)
  /// A short word for the status line.
  case notice(String)
  /// A warning that stays in the transcript (configuration, store, sandbox).
  case warning(String)
  /// The connection is gone, or there is none; the text says why.
  case clientClosed(String?, Comeback = .no)
  /// The program ends, by a signal or because the terminal is gone: what is to be kept goes out now.
  case ending
  /// The moment that `AppState.nextWake` asked for.
  case tick
}

/// How a lost connection can come back.
public enum Comeback: Hashable, Sendable {
  /// It can't: the server was part of this program.
  case no
  /// It is being tried; `Event.connected` or another `Event.clientClosed` follows.
  case trying
  /// When the user asks for it, by `Effect.reconnect`.
  case byKey
}
