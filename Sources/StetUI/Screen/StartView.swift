import StetText

/// What an empty transcript shows: where we are and how to begin, or why there is no model and what to do.
enum StartView {
  static func lines(_ state: AppState, width: Int) -> [Line] {
    let wrapper = Wrapper(width: max(1, width - 4))
    func wrapped(_ lines: [Line]) -> [Line] {
      lines.flatMap { $0.width == 0 ? [$0] : wrapper.wrap($0) }.map {
        $0.prefixed(by: [.blank(width >= 30 ? 3 : 1)])
      }
    }
    let place = Words.path(state.environment.directory, directory: "", home: state.environment.home)
    var lines: [Line] = [
      .empty, Line(("stet ", Look.strong), (state.environment.version, Look.dim)), Line(place, Look.dim),
    ]
    if let server = state.server?.place ?? state.environment.place {
      let verb =
        state.server == nil ? (state.closedReason == nil ? "connecting to " : "not connected to ") : "on "
      lines.append(Line(verb + Sanitizer.display(server), Look.dim))
    }
    lines.append(.empty)
    switch state.setup {
    case .missing(let looked): lines += missing(looked)
    case .looking, .ready:
      lines.append(Line("Ask for a change, a fix, an explanation.", Look.text))
      lines.append(
        Line(
          ("/", Look.promptKey), (" commands  ", Look.dim), ("@", Look.promptKey), (" files  ", Look.dim),
          ("?", Look.promptKey), (" help", Look.dim)))
      if state.trustObstacle == nil {
        lines += [.empty, Line("This directory is not trusted: commands can't write in it.", Look.warning)]
        lines.append(Line(("ctrl-t", Look.promptKey), (" trusts it", Look.text)))
      }
    }
    return wrapped(lines)
  }

  private static func missing(_ looked: [LookedFor]) -> [Line] {
    var lines = [Line("There is no model to talk to yet. What was looked for:", Look.text), .empty]
    for place in looked {
      lines.append(
        Line(
          ("· ", Look.dim), (Sanitizer.display(place.what), Look.text),
          (": " + Sanitizer.display(place.found), Look.dim)))
    }
    lines.append(.empty)
    lines.append(
      Line(
        ("Name one in config.toml (model, model_provider), or set ", Look.text),
        ("OPENAI_API_KEY", Look.code), (".", Look.text)))
    lines.append(.empty)
    lines.append(
      Line(
        ("d", Look.promptKey),
        (" opens the demo: the real loop, tools, review and undo with a scripted model, offline.", Look.text))
    )
    return lines
  }
}
