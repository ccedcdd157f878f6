import StetJSON

/// What one or a few messages of a wire are made from: items of the prompt that belong together.
enum HistoryGroup: Sendable {
  /// The texts that lead the prompt.
  case system([String])
  /// What follows an answer: the results of its calls, then what was said.
  case input(results: [CallResult], parts: [InputPart])
  /// What the model said in one go.
  case model([ModelPart])

  struct CallResult: Sendable {
    /// As the call was sent.
    let id: String
    let text: String
    /// Data URLs.
    var images: [String] = []
    /// No output of the call is known.
    var isMissing = false
  }

  enum InputPart: Sendable {
    case text(String)
    case image(url: String)
    /// Words of the harness that came after the beginning.
    case developer(String)
  }

  enum ModelPart: Sendable {
    case text(String)
    /// Of the same provider and model.
    case reasoning(text: String, notes: JSONObject)
    case call(Call)
  }

  struct Call: Sendable {
    let id: String
    let name: String
    /// JSON text of an object, whatever the model wrote.
    let arguments: String
    /// Those of the same provider and model only.
    let notes: JSONObject
  }
}

/// A message as it is sent.
struct EncodedMessage: Hashable, Sendable {
  var bytes: [UInt8]
  /// A message of the user's role: where a breakpoint may stand (V9).
  var isUser = false

  init(_ value: JSONValue, isUser: Bool = false) {
    bytes = value.serialized()
    self.isUser = isUser
  }

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }
}
