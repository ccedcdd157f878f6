import StetText

extension AppState {
  /// The line above the composer: what is on its way and what waits; nil if nothing is.
  func stripLine(width: Int) -> Line? {
    var pieces: [Span] = []
    if let waitingWords, turn == nil {
      // The key first: in a narrow pane the end is cut.
      pieces = [Span("ctrl-x", Look.statusKey), Span(" " + waitingWords, Look.statusWarning)]
    }
    func add(_ words: String, _ text: String) {
      if !pieces.isEmpty { pieces.append(Span(" · ", Look.dim)) }
      pieces.append(Span(words + ": ", Look.status))
      pieces.append(Span("“" + Words.firstLine(text) + "”", Look.dim))
    }
    let steering = outbox.pending.filter { $0.kind == .steer }
    if let first = steering.first {
      add(steering.count > 1 ? "steering with \(steering.count)" : "steering with", first.text)
    }
    let sending = outbox.pending.filter { $0.kind == .start }
    if let first = sending.first { add(first.isHeld ? "will be sent" : "sending", first.text) }
    if let first = outbox.queue.first { add("\(outbox.queue.count) queued", first) }
    guard !pieces.isEmpty else { return nil }
    return Line([Span(" ")] + pieces).truncated(to: max(1, width - 1))
  }
}
