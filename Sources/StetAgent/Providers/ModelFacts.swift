import StetJSON

/// What a server says of a model's window, in each server's own words (V2). Untrusted: what makes no sense is as if it
/// were not there.
struct ModelFacts: Sendable, Hashable {
  /// Tokens that a prompt and its answer may have, as the server is running now.
  var window: Int?
  /// What the model was made for; the server may have been started with less.
  var limit: Int?

  init(window: Int? = nil, limit: Int? = nil) {
    self.window = window
    self.limit = limit
  }

  /// No server runs with less, none has more.
  private static let sensible = 256...(1 << 30)

  private static func tokens(_ value: JSONValue?) -> Int? {
    guard let number = value?.intValue, sensible.contains(number) else { return nil }
    return number
  }

  /// The entries of a list of models: most servers wrap it, some don't.
  static func list(_ value: JSONValue) -> [JSONValue] {
    value["data"]?.arrayValue ?? value.arrayValue ?? []
  }

  private static func entry(_ model: String, in entries: [JSONValue], _ keys: String...) -> JSONValue? {
    let wanted = model.lowercased()
    let found = entries.first { entry in
      keys.contains { key in
        guard let name = entry[key]?.stringValue?.lowercased() else { return false }
        return name == wanted || name == "\(wanted):latest"
      }
    }
    // A server with one model gives it whatever name is asked for.
    return found ?? (entries.count == 1 ? entries[0] : nil)
  }

  /// `GET /v1/models`: vLLM's `max_model_len`, OpenRouter's and Together's `context_length`, Groq's `context_window`,
  /// Mistral's `max_context_length`, LM Studio's `loaded_context_length`, llama.cpp's `meta`.
  static func models(_ value: JSONValue, model: String) -> ModelFacts {
    guard let entry = entry(model, in: list(value), "id") else { return ModelFacts() }
    let window =
      tokens(entry["max_model_len"]) ?? tokens(entry["top_provider"]?["context_length"])
      ?? tokens(entry["context_length"]) ?? tokens(entry["context_window"])
      ?? tokens(entry["max_context_length"]).flatMap { entry["state"] == nil ? $0 : nil }
      ?? tokens(entry["max_input_tokens"])
    return ModelFacts(
      window: window ?? tokens(entry["loaded_context_length"]) ?? tokens(entry["meta"]?["n_ctx"]),
      limit: tokens(entry["meta"]?["n_ctx_train"]) ?? tokens(entry["max_context_length"]))
  }

  /// `GET /api/ps` of Ollama: what is loaded, with the window that it was loaded with.
  static func ollamaLoaded(_ value: JSONValue, model: String) -> ModelFacts {
    let wanted = model.lowercased()
    let entry = (value["models"]?.arrayValue ?? []).first { entry in
      ["model", "name"].contains { key in
        let name = entry[key]?.stringValue?.lowercased()
        return name == wanted || name == "\(wanted):latest"
      }
    }
    return ModelFacts(window: tokens(entry?["context_length"]))
  }

  /// `POST /api/show` of Ollama: `num_ctx` of the Modelfile is what it loads with; else only the model's own limit is
  /// known, and the server's default is smaller.
  static func ollamaModel(_ value: JSONValue) -> ModelFacts {
    let info = value["model_info"]?.objectValue ?? JSONObject()
    let limit = info.lazy.first { $0.key.hasSuffix(".context_length") }.flatMap { tokens($0.value) }
    for line in (value["parameters"]?.stringValue ?? "").split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count == 2, words[0] == "num_ctx", let number = Int(words[1]), sensible.contains(number) {
        return ModelFacts(window: min(number, limit ?? number), limit: limit)
      }
    }
    return ModelFacts(limit: limit)
  }

  /// `GET /props` of llama.cpp: the window of one slot.
  static func llamaProperties(_ value: JSONValue) -> ModelFacts {
    ModelFacts(
      window: tokens(value["default_generation_settings"]?["n_ctx"]) ?? tokens(value["n_ctx"]))
  }

  /// `GET /api/v0/models` of LM Studio.
  static func lmStudio(_ value: JSONValue, model: String) -> ModelFacts {
    guard let entry = entry(model, in: list(value), "id") else { return ModelFacts() }
    let loaded = tokens(entry["loaded_context_length"])
    return ModelFacts(window: loaded, limit: tokens(entry["max_context_length"]))
  }
}
