import StetProtocol

/// The decisions of an open review, kept beyond this run: `q` and a crash leave nothing decided twice.
extension ReviewState {
  /// Something was decided, said or looked at.
  var hasDraft: Bool {
    !comments.isEmpty || !viewed.isEmpty || verdicts.contains { $0.contains { $0 != nil } }
  }

  /// What `restore` takes. Operations are named by the server's ids, which survive a restart.
  var draft: JSONValue {
    var files: [JSONValue] = []
    for (index, file) in self.files.enumerated() {
      var ops: [JSONValue] = []
      for number in file.operations.indices {
        guard let verdict = verdict(index, number) else { continue }
        let key = JSONValue.string(file.key(number))
        switch verdict {
        case .accepted: ops.append([key, "accept"])
        case .rejected: ops.append([key, "reject"])
        case .edited(let edit):
          ops.append([key, .string(edit.text), .int(Int64(edit.count)), .bool(edit.isWholeFile)])
        case .covered: break
        }
      }
      guard !ops.isEmpty || viewed.contains(index) else { continue }
      files.append([
        "path": .string(file.path), "hash": file.baseHash.map(JSONValue.string) ?? .null,
        "viewed": .bool(viewed.contains(index)), "ops": .array(ops),
      ])
    }
    return [
      "files": .array(files), "comments": .array(comments.map(\.json)), "undo": saved(undoStack),
      "redo": saved(redoStack),
    ]
  }

  /// Takes decisions that an earlier run kept, where nothing is decided yet. Files whose base is another one by now
  /// are left undecided.
  mutating func restore(_ draft: JSONValue) {
    guard !hasDraft else { return }
    for saved in draft["files"]?.arrayValue ?? [] {
      guard let index = files.firstIndex(where: { $0.path == saved["path"]?.stringValue }),
        files[index].baseHash == saved["hash"]?.stringValue
      else { continue }
      if saved["viewed"]?.boolValue == true { viewed.insert(index) }
      let numbers = Dictionary(
        files[index].operations.indices.map { (files[index].key($0), $0) }
      ) { first, _ in first }
      for entry in saved["ops"]?.arrayValue ?? [] {
        guard let parts = entry.arrayValue, parts.count >= 2, let key = parts[0].stringValue,
          let number = numbers[key], let word = parts[1].stringValue
        else { continue }
        let isWhole = parts.count > 3 && parts[3].boolValue == true
        restore(
          word, count: parts.count > 2 ? parts[2].intValue : nil, isWhole, file: index, operation: number)
      }
      tallies[index] = tally(index)
    }
    comments = (draft["comments"]?.arrayValue ?? []).compactMap(ReviewComment.init)
    undoStack = steps(draft["undo"])
    redoStack = steps(draft["redo"])
    rebuild()
    stepUndecided(1)
  }

  /// - Parameter count: of operations that the word is the edited text for; nil for a plain verdict.
  private mutating func restore(_ word: String, count: Int?, _ isWhole: Bool, file: Int, operation: Int) {
    guard let count else {
      verdicts[file][operation] = word == "accept" ? .accepted : .rejected
      return
    }
    let own = operation..<operation + min(max(1, count), files[file].operations.count - operation)
    let hunk = files[file].hunks.first { $0.operations == own }
    let id = isWhole ? ReviewEdit.wholeFile : hunk?.id
    verdicts[file][operation] = .edited(ReviewEdit(text: word, count: own.count, hunkId: id))
    for covered in own.dropFirst() { verdicts[file][covered] = .covered(by: operation) }
  }

  /// Takes the decisions of the review that this one replaces, for changes that are the same in both.
  mutating func inherit(_ earlier: ReviewState) {
    for (index, file) in files.enumerated() {
      guard let old = earlier.files.firstIndex(where: { $0.path == file.path }) else { continue }
      var known: [[String]: [ReviewVerdict?]] = [:]
      for number in earlier.files[old].operations.indices {
        known[earlier.files[old].words(number), default: []].append(earlier.verdict(old, number))
      }
      var wanted: [[String]: [Int]] = [:]
      for number in file.operations.indices { wanted[file.words(number), default: []].append(number) }
      for (words, numbers) in wanted {
        for (number, verdict) in zip(numbers, Self.inherited(known[words] ?? [], numbers.count)) {
          verdicts[index][number] = verdict
        }
      }
      if earlier.viewed.contains(old) { viewed.insert(index) }
      tallies[index] = tally(index)
    }
    comments = earlier.comments
    view = earlier.view
    rebuild()
  }

  /// The verdicts of equal changes for as many as there are of them now, in order. What was refused or edited is not
  /// proposed again, so of more than are left those went; where it stays unclear which is which, none is decided.
  private static func inherited(_ earlier: [ReviewVerdict?], _ count: Int) -> [ReviewVerdict?] {
    let kept = earlier.count > count ? earlier.filter { $0 == .accepted || $0 == nil } : earlier
    guard kept.count >= count, kept.count == count || Set(kept).count == 1 else { return [] }
    return kept.prefix(count).map { verdict in
      switch verdict {
      case .accepted, .rejected: verdict
      case .edited, .covered, nil: nil
      }
    }
  }
}

extension ReviewFile {
  /// The name of an operation over runs.
  func key(_ number: Int) -> String {
    operations[number].opId.isEmpty ? "#\(number)" : operations[number].opId
  }

  /// What an operation does, to find it again in another version of the file.
  fileprivate func words(_ number: Int) -> [String] {
    let operation = operations[number]
    return ["\(operation.role)"] + operation.removed.map { "-" + lines[$0].text }
      + operation.added.map { "+" + lines[$0].text }
  }
}

extension ReviewComment {
  var json: JSONValue {
    var object: JSONObject = ["text": .string(text)]
    switch place {
    case .lines(let path, let isNew, let line, let end):
      object["path"] = .string(path)
      object["new"] = .bool(isNew)
      object["line"] = .int(Int64(line))
      object["end"] = .int(Int64(end))
    case .file(let path): object["path"] = .string(path)
    case .whole: break
    }
    return .object(object)
  }

  init?(_ json: JSONValue) {
    guard let text = json["text"]?.stringValue else { return nil }
    self.text = text
    if let path = json["path"]?.stringValue {
      if let line = json["line"]?.intValue, let end = json["end"]?.intValue {
        place = .lines(path: path, isNew: json["new"]?.boolValue ?? true, line: Int(line), end: Int(end))
      } else {
        place = .file(path: path)
      }
    } else {
      place = .whole
    }
  }
}
