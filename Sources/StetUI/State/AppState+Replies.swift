import StetProtocol

/// Replies to what was sent, by tag.
extension AppState {
  mutating func receive(_ tag: RequestTag, _ result: Result<JSONValue, RPCError>) {
    switch tag {
    case .threadStart:
      switch decode(result, as: ThreadStartResponse.self) {
      case .success(let response): opened(response)
      case .failure(let error): failedToOpen(error, isResume: false)
      }
    case .threadResume:
      switch decode(result, as: ThreadResumeResponse.self) {
      case .success(let response): opened(response)
      case .failure(let error): failedToOpen(error, isResume: true)
      }
    case .olderTurns(let cursor): receiveOlderTurns(cursor, decode(result))
    case .threadList(let generation): receiveThreads(decode(result), generation: generation)
    case .threadSearch(let term): receiveHits(term, decode(result))
    case .threadExport(let path): receiveExport(path, result)
    case .mcpServers(let isWhole): receiveServers(decode(result), isWhole: isWhole)
    case .threadFork: receiveFork(result)
    case .threadChanged(let words): receiveThreadChange(words, result)
    case .turnStart(let localId): receiveTurnStart(localId, decode(result))
    case .turnSteer(let localId): receiveSteer(localId, result)
    case .turnInterrupt: if case .failure(let error) = result { receiveInterruptFailure(error) }
    case .queueList: noteQueue(decode(result))
    case .queueDelete: if case .failure(let error) = result { show(error.message, isWarning: true) }
    case .modelList: receiveModels(decode(result))
    case .files(let query): receiveFiles(query, decode(result))
    case .prompts: receivePrompts(decode(result))
    case .skills: receiveSkills(decode(result))
    case .settings: if case .failure(let error) = result { show(error.message, isWarning: true) }
    case .contextRead: receiveContext(decode(result))
    case .compactStart: if case .failure(let error) = result { show(error.message, isWarning: true) }
    case .compactUndo: receiveCompactUndo(decode(result))
    case .snapshotList: receiveSnapshots(decode(result))
    case .snapshotPlan(let id): receivePlan(id, decode(result))
    case .snapshotRestore: receiveRestore(decode(result), isRedo: false)
    case .snapshotFork: receiveRewind(result)
    case .snapshotRedo: receiveRestore(decode(result), isRedo: true)
    case .permissions(let look): receivePermissions(look, decode(result))
    case .reviewPage(let id): receiveReviewPage(id, decode(result))
    case .reviewText(let id, let path, let purpose):
      receiveReviewText(id, path, purpose, decode(result))
    case .reviewPreview(let id): receiveReviewPreview(id, decode(result))
    case .reviewStart(let title, let isLook): receiveStarted(title, isLook: isLook, decode(result))
    case .reviewList: receiveWaiting(decode(result))
    case .reviewDecide(let id): receiveDecided(id, decode(result))
    case .reviewSend(let id): receiveSent(id, decode(result))
    case .reviewStage: receiveStaged(decode(result))
    case .commitDraft(let id): receiveCommitDraft(id, decode(result))
    case .commit(let id): receiveCommit(id, decode(result))
    case .shellCommand: if case .failure(let error) = result { show(error.message, isWarning: true) }
    }
  }

  /// An answer of a wrong shape is a failure with words, not a crash.
  private func decode<Value: Decodable>(
    _ result: Result<JSONValue, RPCError>, as type: Value.Type = Value.self
  ) -> Result<Value, RPCError> {
    switch result {
    case .failure(let error): return .failure(error)
    case .success(let value):
      do {
        return .success(try value.decode(type))
      } catch {
        return .failure(.internalError("the server's answer could not be read"))
      }
    }
  }

  private mutating func receiveTurnStart(_ localId: Int, _ result: Result<TurnStartResponse, RPCError>) {
    switch result {
    case .success(let response):
      guard outbox.pending.contains(where: { $0.localId == localId }), turn == nil else { return }
      turn = RunningTurn(id: response.turn.id, startedAt: now)
    case .failure(let error):
      guard let pending = outbox.take(localId) else { return }
      giveBack(pending.text)
      let content = ErrorContent(
        message: "The message was not sent: \(error.message)", willRetry: false,
        advice: "It is back in the composer.")
      transcript.addOwn(.error(content), now: now)
    }
  }

  /// A turn that ended just before the steer came takes the message as a new turn.
  private mutating func receiveSteer(_ localId: Int, _ result: Result<JSONValue, RPCError>) {
    guard case .failure(let error) = result else { return outbox.accept(localId) }
    guard let pending = outbox.take(localId) else { return }
    if turn == nil {
      submit(pending.text)
    } else {
      outbox.queue.insert(pending.text, at: 0)
      show("queued instead: \(error.message)", isWarning: true)
    }
  }

  private mutating func receiveInterruptFailure(_ error: RPCError) {
    turn?.isStopping = false
    // The turn was over before the stop came: nothing is left to tell.
    if !error.message.hasPrefix("no active turn") {
      show("could not stop: \(error.message)", isWarning: true)
    }
  }

  private mutating func receiveModels(_ result: Result<ModelListResponse, RPCError>) {
    guard case .list(var list) = dialogs.last, case .models = list.kind else { return }
    switch result {
    case .success(let response):
      models = response.data
      list.rows = modelRows()
      list.selected = list.rows.firstIndex { $0.isCurrent } ?? 0
      list.placeholder = "the server lists no models; /model NAME sets one"
    case .failure:
      list.placeholder = "the server lists no models; /model NAME sets one"
    }
    dialogs[dialogs.count - 1] = .list(list)
  }

  func modelRows() -> [ListDialog.Row] {
    models.filter { !$0.hidden }.map { model in
      ListDialog.Row(
        id: model.model, title: model.displayName, facts: Words.firstLine(model.description),
        isCurrent: model.model == thread?.model)
    }
  }
}
