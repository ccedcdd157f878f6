import StetConfig
import StetJSON

/// What is known of a model, out of the table (V4). An unknown name gets `edit` and `write`, no window and one leading
/// system message: what every model can work with (T1, V2).
enum ModelCatalog {
  /// From so many billions of parameters on a local model edits like a hosted one (T1).
  private static let largeModel = 40.0

  static func metadata(for model: String, provider: ProviderConfig?) -> ModelMetadata {
    let wire = provider?.wireAPI ?? .responses
    let values = (provider?.table ?? .shipped).values(model: model, provider: provider?.kind, wire: wire)
    let flags = WireFlags(values)
    let isLocal = provider?.isLocal ?? false
    // A family's window is what its maker serves; who runs a server chooses another (V2).
    let isOwnServer = isLocal || provider?.probe?.isOwnServer == true
    let knowsWindow = !isOwnServer || values["window_is_own"]?.boolValue == true
    var metadata = ModelMetadata(
      model: model, contextWindow: knowsWindow ? values["window"]?.intValue : nil,
      editTool: editTool(values["edit_tool"]?.stringValue, model, flags, isLocal: isLocal),
      layers: flags.developerRole ? .developerItems : .singleSystem,
      // Whether an unknown one sees images is not known: what the user attaches is sent, and a provider that can't
      // take it says so.
      images: values["images"]?.boolValue ?? true, parallelCalls: values["parallel"]?.boolValue ?? true,
      reasoning: values["reasoning"]?.boolValue ?? false)
    metadata.maxOutput = values["max_output"]?.intValue
    metadata.flags = flags
    metadata.efforts = values["efforts"]?.arrayValue?.compactMap(\.stringValue) ?? []
    metadata.price = ModelPrice(values)
    return metadata
  }

  // MARK: - Parts

  /// T1: never none.
  private static func editTool(
    _ name: String?, _ model: String, _ flags: WireFlags, isLocal: Bool
  ) -> ModelMetadata.EditTool {
    switch name {
    case "patch": flags.customTools ? .patchFreeform : .patchFunction
    case "edit": .edit
    case "edit-small": .editSmall
    default: isLocal && (billions(model) ?? 0) < largeModel ? .editSmall : .edit
    }
  }

  /// The size that a name tells: "qwen3-coder:30b-a3b" → 30; nil if it tells none.
  static func billions(_ model: String) -> Double? {
    let bytes = Array(model.lowercased().utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    var index = 0
    while index < bytes.count {
      guard digits.contains(bytes[index]) else {
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, digits.contains(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
        index += 1
      }
      let isWord = start == 0 || !letters.contains(bytes[start - 1])
      let ends = index + 1 >= bytes.count || !letters.contains(bytes[index + 1])
      if isWord, ends, index < bytes.count, bytes[index] == UInt8(ascii: "b") {
        return Double(String(decoding: bytes[start..<index], as: UTF8.self))
      }
    }
    return nil
  }
}
