import StetProtocol

/// tab in the picker: the text of all threads in place of their names, with what was found below each (U23).
extension AppState {
  /// Threads that a search shows: the best of them; more are found with more words.
  static let hitLimit: UInt32 = 50

  mutating func togglePickerSearch() {
    guard case .list(let list) = dialogs.last, case .threads = list.kind else { return }
    guard list.hits == nil else {
      updateList { $0.hits = nil }
      return listThreadsAgain()
    }
    updateList { list in
      list.hits = ListDialog.Hits()
      list.rows = []
      list.selected = 0
      list.deleting = nil
      list.placeholder = "type what was said: all threads are looked through"
    }
  }

  /// Asks for what is typed by now, one question at a time: an answer that is late holds no newer one up for long.
  mutating func searchPickedText() {
    guard case .list(let list) = dialogs.last, let hits = list.hits, list.renaming == nil, !hits.isAsking
    else { return }
    let term = list.filter.text
    guard term != hits.term else { return }
    guard term.contains(where: { !$0.isWhitespace }) else {
      return updateList { list in
        list.rows = []
        list.hits = ListDialog.Hits(term: term)
        list.placeholder = "type what was said: all threads are looked through"
      }
    }
    updateList { $0.hits = ListDialog.Hits(term: term, isAsking: true) }
    let params = ThreadSearchParams(
      searchTerm: term, limit: Self.hitLimit, sourceKinds: ThreadSourceKind.ofUsers)
    emit(.send(.threadSearch(params), .threadSearch(term: term)))
  }

  mutating func receiveHits(_ term: String, _ result: Result<ThreadSearchResponse, RPCError>) {
    guard case .list(let list) = dialogs.last, list.hits?.term == term, list.hits?.isAsking == true else {
      return
    }
    updateList { $0.hits?.isAsking = false }
    switch result {
    case .success(let response):
      let rows = threadRows(response.data.map(\.thread))
      let snippets = Dictionary(response.data.map { ($0.thread.id, $0.snippet) }) { first, _ in first }
      updateList { list in
        // The server's order says what fits best.
        let byId = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
        list.rows = response.data.compactMap { hit in
          var row = byId[hit.thread.id]
          row?.preview = snippets[hit.thread.id].map(Words.firstLine)
          return row
        }
        list.placeholder = "no thread says that"
      }
    case .failure(let error):
      updateList { list in
        list.rows = []
        list.placeholder = "the threads could not be searched: \(error.message)"
      }
    }
  }
}
