import StetProtocol

/// The facts about the outside that the interface needs; gathered once by the program.
public struct UIEnvironment: Sendable {
  /// Absolute path of the directory that a new thread works in.
  public var directory: String
  /// Absolute path that is shown as `~`.
  public var home: String
  public var version: String
  /// Unix seconds at `Instant(milliseconds: 0)`, for the ages in lists.
  public var wallClock: Int
  /// What the command line overrides for a new or resumed thread.
  public var overrides: ThreadOverrides
  /// The command or address of the server that is being connected to; nil for the built-in one.
  public var place: String?
  /// Tells this run of the interface from others on the same server: letters and digits that no other run has.
  public var run: String
  /// The configuration is still to come as `Event.settings`: until then the pane keeps its title.
  public var awaitsSettings: Bool

  public init(
    directory: String, home: String = "", version: String = "", wallClock: Int = 0,
    overrides: ThreadOverrides = ThreadOverrides(), place: String? = nil, run: String = "",
    awaitsSettings: Bool = false
  ) {
    self.awaitsSettings = awaitsSettings
    self.place = place
    self.run = run
    self.directory = directory
    self.home = home
    self.version = version
    self.wallClock = wallClock
    self.overrides = overrides
  }
}

/// What the user's configuration says of the interface itself (`[tui]`).
public struct InterfaceSettings: Hashable, Sendable {
  /// Clicks and the wheel are the interface's.
  public var mouse: Bool
  /// The user is called when the pane is not looked at.
  public var calls: Bool
  /// … and also while it is.
  public var callsWhenFocused: Bool
  /// The transcript goes to the normal screen when stet is left.
  public var dumpsOnExit: Bool
  /// The composer has vi's keys.
  public var hasViKeys: Bool
  /// Characters of ambiguous width are shown two columns wide. `Width.ambiguousIsWide` says so already when this comes;
  /// what was laid out before is laid out anew.
  public var ambiguousIsWide: Bool
  /// The terminal shows colours.
  public var hasColors: Bool
  /// How the user is called.
  public var ways: AttentionWays
  /// What the user is called for; nil for everything.
  public var occasions: Set<Occasion>?
  public var setsTitle: Bool
  /// The spinner turns.
  public var animates: Bool

  /// What a user may be called for, by the names of the configuration.
  public enum Occasion: String, Hashable, Sendable {
    case turnComplete = "agent-turn-complete"
    case approval = "approval-requested"
  }

  public init(
    mouse: Bool = true, calls: Bool = true, callsWhenFocused: Bool = false, dumpsOnExit: Bool = false,
    hasViKeys: Bool = false, ambiguousIsWide: Bool = false, hasColors: Bool = true,
    ways: AttentionWays = .all, occasions: Set<Occasion>? = nil, setsTitle: Bool = true, animates: Bool = true
  ) {
    self.ambiguousIsWide = ambiguousIsWide
    self.hasColors = hasColors
    self.ways = ways
    self.occasions = occasions
    self.setsTitle = setsTitle
    self.animates = animates
    self.mouse = mouse
    self.calls = calls
    self.callsWhenFocused = callsWhenFocused
    self.dumpsOnExit = dumpsOnExit
    self.hasViKeys = hasViKeys
  }
}

/// Settings given on the command line; nil leaves the configuration's.
public struct ThreadOverrides: Sendable {
  public var model: String?
  public var modelProvider: String?
  public var sandbox: SandboxMode?
  public var approvalPolicy: AskForApproval?
  /// How edits are reviewed; the interface asks for `ask` unless told otherwise.
  public var editReview: EditReviewMode?

  public init(
    model: String? = nil, modelProvider: String? = nil, sandbox: SandboxMode? = nil,
    approvalPolicy: AskForApproval? = nil, editReview: EditReviewMode? = nil
  ) {
    self.model = model
    self.modelProvider = modelProvider
    self.sandbox = sandbox
    self.approvalPolicy = approvalPolicy
    self.editReview = editReview
  }
}

/// What to open first.
public enum Launch: Hashable, Sendable {
  case new(prompt: String?)
  case resume(String)
  case resumeLast
  case picker
  /// A diff to look at; there is no server and no thread.
  case viewer
}

/// What the app-server said about itself in `initialize`.
public struct ServerFacts: Sendable {
  public var serverVersion: String
  /// The server offers decisions per hunk.
  public var hunkReview: Bool
  /// The server keeps snapshots, so `/undo` works.
  public var snapshots: Bool
  /// Where the server's new threads work, if not where the interface was started (the demo).
  public var directory: String?
  /// Settings for the server's new threads in place of the command line's (the demo).
  public var overrides: ThreadOverrides?
  /// How the server is called on the screen: the command or address it was reached by; nil for the built-in one.
  public var place: String?
  /// New threads work in the server's own directory: the interface's need not exist there.
  public var choosesDirectory = false
  /// It has stet's extensions: threads open with their last turns, and earlier ones are read when they are wanted.
  public var isStet = false
  /// Names the server's life: another after each start. Nil where a server does not say.
  public var epoch: String?
  /// The same server as before: the connection was lost and is back.
  public var isReturn = false
  /// The number of the last message of each thread that came over the lost connection, where the server still counts
  /// from there.
  public var seen: [String: Int] = [:]

  public init(
    serverVersion: String = "", hunkReview: Bool, snapshots: Bool, directory: String? = nil,
    overrides: ThreadOverrides? = nil
  ) {
    self.serverVersion = serverVersion
    self.hunkReview = hunkReview
    self.snapshots = snapshots
    self.directory = directory
    self.overrides = overrides
  }

  /// Takes over what was seen of the server before the connection was lost: nothing if another one is there now, whose
  /// numbers only look alike.
  public mutating func recall(_ seen: [String: Int], ofEpoch epoch: String?) {
    self.seen = epoch == self.epoch ? seen : [:]
  }
}

/// Whether there is a model to talk to.
public enum Setup: Hashable, Sendable {
  case looking
  case ready
  /// Nothing found: each place that was looked at and what was there.
  case missing([LookedFor])
}

/// One place where a model could have been, and what was found.
public struct LookedFor: Hashable, Sendable {
  public var what: String
  public var found: String

  public init(what: String, found: String) {
    self.what = what
    self.found = found
  }
}
