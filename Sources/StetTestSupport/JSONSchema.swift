import StetJSON

/// A JSON Schema (draft 7) as far as the protocol's schemas use it: types, enumerations, members, elements, unions and
/// references into `definitions`. What it does not know it takes for fulfilled, as the draft demands.
public struct JSONSchema: Sendable {
  private let schema: JSONValue
  private let definitions: JSONValue?

  /// - Parameter definitions: where references lead; the schema's own if nil.
  public init(_ schema: JSONValue, definitions: JSONValue? = nil) {
    self.schema = schema
    self.definitions = definitions ?? schema["definitions"]
  }

  /// The first thing that is wrong with a value, with the place of it; nil if nothing is.
  public func fault(in value: JSONValue) -> String? { fault(value, schema, at: "") }

  private func fault(_ value: JSONValue, _ schema: JSONValue, at path: String) -> String? {
    if schema == false { return "\(path): nothing is allowed here" }
    guard let rules = schema.objectValue else { return nil }
    if let reference = rules["$ref"]?.stringValue {
      let name = String(reference.split(separator: "/").last ?? "")
      guard let target = definitions?[name] else { return "\(path): no definition of \(reference)" }
      return fault(value, target, at: path)
    }
    return typeFault(value, rules, at: path) ?? unionFault(value, rules, at: path)
      ?? memberFault(value, rules, at: path) ?? elementFault(value, rules, at: path)
  }

  private func typeFault(_ value: JSONValue, _ rules: JSONObject, at path: String) -> String? {
    if let type = rules["type"] {
      let names = type.arrayValue?.compactMap(\.stringValue) ?? [type.stringValue ?? ""]
      guard names.contains(where: { fits(value, $0) }) else {
        return "\(path): \(value.text.prefix(80)) is no \(names.joined(separator: " or "))"
      }
    }
    if let allowed = rules["enum"]?.arrayValue, !allowed.contains(value) {
      return "\(path): \(value.text.prefix(80)) is none of \(rules["enum"]?.text.prefix(200) ?? "")"
    }
    if let constant = rules["const"], constant != value { return "\(path): \(value.text) is not \(constant)" }
    if let least = rules["minimum"]?.doubleValue, let number = value.doubleValue, number < least {
      return "\(path): \(number) is less than \(least)"
    }
    return nil
  }

  private func fits(_ value: JSONValue, _ type: String) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.int, "integer"), (.int, "number"), (.double, "number"),
      (.string, "string"), (.array, "array"), (.object, "object"):
      true
    case (.double(let number), "integer"): number == number.rounded()
    default: false
    }
  }

  private func unionFault(_ value: JSONValue, _ rules: JSONObject, at path: String) -> String? {
    for rule in rules["allOf"]?.arrayValue ?? [] {
      if let fault = fault(value, rule, at: path) { return fault }
    }
    if let any = rules["anyOf"]?.arrayValue {
      let faults = any.compactMap { fault(value, $0, at: path) }
      if faults.count == any.count { return "\(path): fits none: " + faults.joined(separator: "; ") }
    }
    if let one = rules["oneOf"]?.arrayValue {
      let faults = one.compactMap { fault(value, $0, at: path) }
      if faults.count == one.count { return "\(path): fits none: " + faults.joined(separator: "; ") }
      if one.count - faults.count > 1 { return "\(path): fits \(one.count - faults.count) of the variants" }
    }
    return nil
  }

  private func memberFault(_ value: JSONValue, _ rules: JSONObject, at path: String) -> String? {
    guard let object = value.objectValue else { return nil }
    for key in rules["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where object[key] == nil {
      return "\(path): `\(key)` is missing"
    }
    let properties = rules["properties"]
    for (key, member) in object {
      if let rule = properties?[key] ?? rules["additionalProperties"],
        let fault = fault(member, rule, at: "\(path)/\(key)")
      {
        return fault
      }
    }
    return nil
  }

  private func elementFault(_ value: JSONValue, _ rules: JSONObject, at path: String) -> String? {
    guard let elements = value.arrayValue, let rule = rules["items"] else { return nil }
    for (index, element) in elements.enumerated() {
      if let fault = fault(element, rule, at: "\(path)/\(index)") { return fault }
    }
    return nil
  }
}
