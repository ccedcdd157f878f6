import StetConfig
import StetJSON
import StetTerminal
import StetText
import StetUI

/// Carries out what the interface asks for and no terminal can do. Called from the run loop: enqueues and returns.
final class EffectPerformer: Sendable {
  private let surroundings: Surroundings
  private let client: InterfaceClient
  private let saved: SavedState
  private let post: @Sendable (Event) -> Void
  /// Work on files, in the order it was asked for.
  private let work: SerialWork
  /// Pictures take longer than a draft may wait.
  private let pictures = SerialWork()

  init(surroundings: Surroundings, client: InterfaceClient, post: @escaping @Sendable (Event) -> Void) {
    self.surroundings = surroundings
    self.client = client
    self.post = post
    saved = SavedState(home: surroundings.home, directory: surroundings.directory)
    work = SerialWork()
  }

  /// Starts the app-server and reads what earlier runs kept; all of it after the first frame.
  func start() {
    client.connect()
    readSaved()
  }

  func perform(_ effect: Effect) {
    switch effect {
    case .send(let request, let tag): client.send(request, tag)
    case .answer(let id, let value): client.answer(id, value)
    case .refuse(let id, let error): client.refuse(id, error)
    case .reconnect: client.connect(isReturn: true)
    case .startDemo: startDemo()
    case .findFiles(let query): findFiles(query)
    case .readPicture(let path): readPicture(path)
    case .drawPicture(let request, let id): draw(request, id: id)
    case .findForeign: findForeign()
    case .importForeign(let session): bring(session)
    case .save(let what): save(what)
    case .export(let thread, let path): export(thread, path)
    case .readReview(let id): readReview(id)
    case .readFolds(let thread): readFolds(thread)
    // The run loop does these itself.
    case .edit, .copy, .attention, .suspend, .mouse, .dump, .quit: break
    }
  }

  /// Ends the server's work and writes what is still to be written.
  func finish() async {
    await client.shutdown()
    await work.finish()
    await pictures.finish()
    saved.drafts.end()
  }

  private func startDemo() {
    do {
      let demo = try Demo(environment: surroundings.environment)
      client.connect(demo: demo, stage: Demo.overrides)
    } catch {
      post(.warning("\(error)"))
    }
  }

  private func findFiles(_ query: String) {
    let finder = FileFinder(directory: surroundings.directory)
    let post = post
    work.add { post(.files(query: query, finder.find(query))) }
  }

  private func findForeign() {
    let (surroundings, post) = (surroundings, post)
    work.add {
      let found = ForeignThreads.find(surroundings)
      post(.foreign(found.sessions))
      for fault in found.faults { post(.warning(fault)) }
    }
  }

  private func bring(_ session: ForeignSession) {
    let (surroundings, post) = (surroundings, post)
    work.add {
      do {
        for notice in try ForeignThreads.bring(session, surroundings) { post(.notice(notice)) }
        post(.imported(threadId: session.threadId))
      } catch {
        post(.warning("The session of \(session.program) was not brought over: \(error)"))
      }
    }
  }

  private func export(_ thread: JSONValue, _ path: String) {
    let post = post
    work.add {
      do {
        try NewFile.write(ThreadMarkdown().document(thread.decode()), to: path)
        post(.notice("written to \(path)"))
      } catch {
        post(.warning("The thread was not exported: \(error)"))
      }
    }
  }

  private func readPicture(_ path: String) {
    let post = post
    pictures.add { if let facts = PictureFile.facts(path) { post(.picture(path: path, facts)) } }
  }

  private func draw(_ request: PictureRequest, id: Int) {
    let post = post
    pictures.add {
      if let drawing = PictureFile.drawing(request, id: id) { post(.drawing(drawing, request)) }
    }
  }

  private func readReview(_ id: String) {
    let (saved, post) = (saved, post)
    work.add {
      do { if let draft = try saved.review(id) { post(.reviewDraft(id: id, draft)) } } catch {
        post(.warning("What was decided before could not be read: \(error)"))
      }
    }
  }

  private func readFolds(_ thread: String) {
    let (saved, post) = (saved, post)
    work.add {
      do { post(.folds(thread: thread, try saved.folds(thread))) } catch {
        post(.warning("What was folded before could not be read: \(error)"))
      }
    }
  }

  private func save(_ what: Saved) {
    let (saved, post) = (saved, post)
    work.add {
      do { try saved.save(what) } catch {
        post(.warning("What you typed could not be kept for the next run: \(error)"))
      }
    }
  }

  private func readSaved() {
    let (saved, post, surroundings) = (saved, post, surroundings)
    work.add {
      let (themes, warnings) = Themes.load(surroundings.home)
      do {
        let configuration = try surroundings.configuration(for: surroundings.directory)
        post(.themes(themes, use: configuration.theme))
        Width.ambiguousIsWide = configuration.tui.ambiguousWidth == 2
        post(.settings(InterfaceSettings(configuration.tui, surroundings.environment)))
        for warning in configuration.warnings { post(.warning(warning.description)) }
      } catch {
        post(.themes(themes, use: nil))
        post(.settings(InterfaceSettings()))
        post(.warning("\(error)"))
      }
      for warning in warnings { post(.warning(warning)) }
      post(.history(saved.history()))
      let (draft, faults) = saved.drafts.takeOver()
      if let draft { post(.restored(draft)) }
      for fault in faults { post(.warning("What was typed before could not be read: \(fault)")) }
    }
  }
}

extension InterfaceSettings {
  init(_ table: TUIConfig, _ environment: [String: String]) {
    var ways: AttentionWays = table.notificationMethod == "bel" ? [] : .notification
    if table.bell, table.notificationMethod != "osc9" { ways.insert(.bell) }
    var occasions: Set<Occasion>?
    if case .only(let names) = table.notifications { occasions = Set(names.compactMap(Occasion.init)) }
    self.init(
      mouse: table.mouse, calls: table.notifications != .off,
      callsWhenFocused: table.notifiesWhenFocused, dumpsOnExit: table.alternateScreen == "never",
      hasViKeys: table.vimMode, ambiguousIsWide: table.ambiguousWidth == 2,
      hasColors: ColorDepth.detect(environment) != .none, ways: ways, occasions: occasions,
      setsTitle: table.setsTitle, animates: table.animations)
  }
}

/// Jobs that run one after the other, off the run loop.
final class SerialWork: Sendable {
  private let jobs: AsyncStream<@Sendable () -> Void>.Continuation
  private let worker: Task<Void, Never>

  init() {
    let (stream, continuation) = AsyncStream<@Sendable () -> Void>.makeStream()
    jobs = continuation
    worker = Task.detached { for await job in stream { job() } }
  }

  func add(_ job: @escaping @Sendable () -> Void) { jobs.yield(job) }

  /// Returns when every job that was added has run.
  func finish() async {
    jobs.finish()
    await worker.value
  }
}
