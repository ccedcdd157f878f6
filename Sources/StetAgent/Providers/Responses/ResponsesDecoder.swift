import StetJSON

/// Turns the events of a Responses stream into `ModelEvent`s (agent-core.md §9). Unknown events are skipped, missing
/// ids are filled in: some servers name an item only in its `added` event, some never.
struct ResponsesDecoder: WireDecoder {
  private(set) var isFinished = false
  private let names: CallNames
  /// Ids by `output_index`, for deltas without an `item_id`.
  private var ids: [Int: String] = [:]
  private var fallback = 0
  private var received = 0

  init(names: CallNames = CallNames()) {
    self.names = names
  }

  /// The events that one SSE event stands for; throws when the provider says that the response failed.
  mutating func decode(_ data: String) throws(ModelError) -> [ModelEvent] {
    if data.isEmpty || data == "[DONE]" { return [] }
    received += data.utf8.count
    guard received <= ChatDecoder.limit else { throw ChatDecoder.tooLong }
    let event: JSONValue
    do {
      event = try JSONValue(parsing: data)
    } catch {
      throw ModelError(
        .malformed, message: "The model server sent an event that is not JSON: \(error.message).",
        details: data)
    }
    guard let type = event["type"]?.stringValue else {
      if let fault = event["error"] { throw ResponsesFault.error(fault) }
      return []
    }
    switch type {
    case "response.created":
      let served = event["response"]?["model"]?.stringValue.map { [ModelEvent.served(model: $0)] } ?? []
      return [.created(responseId: event["response"]?["id"]?.stringValue)] + served
    case "response.output_item.added", "response.output_item.done":
      return item(event, isDone: type == "response.output_item.done")
    case "response.output_text.delta", "response.refusal.delta":
      return [.textDelta(itemId: itemId(event), delta: delta(event))]
    case "response.reasoning_summary_part.added":
      return [.reasoningPartAdded(itemId: itemId(event), index: index(event, "summary_index"))]
    case "response.reasoning_summary_text.delta":
      return [
        .reasoningSummaryDelta(
          itemId: itemId(event), index: index(event, "summary_index"), delta: delta(event))
      ]
    case "response.reasoning_text.delta":
      return [
        .reasoningTextDelta(itemId: itemId(event), index: index(event, "content_index"), delta: delta(event))
      ]
    case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta":
      return [.callInputDelta(itemId: itemId(event), delta: delta(event))]
    case "response.completed", "response.done":
      isFinished = true
      return [.completed(usage(event["response"]?["usage"]))]
    case "response.incomplete":
      isFinished = true
      let reason = event["response"]?["incomplete_details"]?["reason"]?.stringValue
      return [.incomplete(reason: reason ?? "unknown", usage: usage(event["response"]?["usage"]))]
    case "response.failed":
      throw ResponsesFault.error(event["response"]?["error"] ?? .null)
    case "error":
      throw ResponsesFault.error(event["error"] ?? event)
    default: return []
    }
  }

  /// Only the provider can say that the response is whole.
  mutating func end() -> [ModelEvent] { [] }

  // MARK: - Parts

  private mutating func item(_ event: JSONValue, isDone: Bool) -> [ModelEvent] {
    guard var item = event["item"], item.objectValue != nil else { return [] }
    let position = index(event, "output_index")
    if let id = item["id"]?.stringValue, !id.isEmpty {
      // The id of the done item is the truth on the wire; on the screen the item keeps the id it began with.
      if ids[position] == nil || !isDone { ids[position] = id }
    }
    guard isDone else {
      if item["id"]?.stringValue?.isEmpty != false { item["id"] = .string(itemId(event)) }
      return [.itemAdded(item)]
    }
    ids[position] = nil
    item[ItemNotes.member] = nil  // ours, not a provider's
    return [.itemDone(names.mapped(item))]
  }

  private mutating func itemId(_ event: JSONValue) -> String {
    if let id = event["item_id"]?.stringValue, !id.isEmpty { return id }
    let position = index(event, "output_index")
    if let known = ids[position] { return known }
    fallback += 1
    let made = "item-\(fallback)"
    ids[position] = made
    return made
  }

  private func delta(_ event: JSONValue) -> String { event["delta"]?.stringValue ?? "" }

  private func index(_ event: JSONValue, _ name: String) -> Int { event[name]?.intValue ?? 0 }

  private func usage(_ value: JSONValue?) -> ModelUsage? {
    guard let value, value.objectValue != nil else { return nil }
    func count(_ value: JSONValue?) -> Int { min(max(value?.intValue ?? 0, 0), 1 << 40) }
    let input = count(value["input_tokens"])
    let output = count(value["output_tokens"])
    return ModelUsage(
      input: input, cachedInput: count(value["input_tokens_details"]?["cached_tokens"]),
      cacheWrite: count(value["input_tokens_details"]?["cache_write_tokens"]), output: output,
      reasoning: count(value["output_tokens_details"]?["reasoning_tokens"]),
      total: value["total_tokens"] == nil ? nil : count(value["total_tokens"]))
  }
}
