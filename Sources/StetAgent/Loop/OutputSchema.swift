import StetJSON

/// Holds an answer against a JSON Schema, for providers that can't be made to follow one (X6): types, enumerations,
/// members, elements, unions, bounds and references within the schema. What else a schema says is not checked, and
/// `unchecked` names it.
struct OutputSchema: Sendable, Hashable {
  /// Deeper schemas than this are circles.
  private static let depthLimit = 64

  let schema: JSONValue

  /// The first thing that is wrong with a value, with its place; nil if nothing is.
  func fault(in value: JSONValue) -> String? { fault(value, schema, at: "", depth: 0) }

  /// Keywords of the schema that are not checked here, sorted.
  var unchecked: [String] {
    var found: Set<String> = []
    collect(schema, &found, depth: 0)
    return found.sorted()
  }

  // MARK: - Rules

  private func fault(_ value: JSONValue, _ schema: JSONValue, at path: String, depth: Int) -> String? {
    if schema == false { return "\(place(path)) is not allowed" }
    guard let rules = schema.objectValue else { return nil }
    guard depth < Self.depthLimit else { return "\(place(path)) is nested too deeply for its schema" }
    if let reference = rules["$ref"]?.stringValue {
      guard let target = resolve(reference) else { return nil }
      if let fault = fault(value, target, at: path, depth: depth + 1) { return fault }
    }
    return valueFault(value, rules, path) ?? boundFault(value, rules, path)
      ?? unionFault(value, rules, path, depth) ?? memberFault(value, rules, path, depth)
      ?? elementFault(value, rules, path, depth)
  }

  private func valueFault(_ value: JSONValue, _ rules: JSONObject, _ path: String) -> String? {
    let types =
      rules["type"]?.arrayValue?.compactMap(\.stringValue) ?? [rules["type"]?.stringValue].compactMap { $0 }
    if !types.isEmpty, !types.contains(where: { fits(value, $0) }) {
      return "\(place(path)) must be of type \(types.joined(separator: " or "))"
    }
    if let allowed = rules["enum"]?.arrayValue, !allowed.contains(where: { equal($0, value) }) {
      return "\(place(path)) must be one of \(rules["enum"]?.text ?? "")"
    }
    if let constant = rules["const"], !equal(constant, value) {
      return "\(place(path)) must be \(constant.text)"
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

  private func equal(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if left.sortedKeys() == right.sortedKeys() { return true }
    if left.stringValue != nil || right.stringValue != nil { return false }
    if let one = left.doubleValue, let other = right.doubleValue { return one == other }
    return false
  }

  private func boundFault(_ value: JSONValue, _ rules: JSONObject, _ path: String) -> String? {
    func bound(_ measure: Double, _ least: String, _ most: String, _ what: String) -> String? {
      if let limit = rules[least]?.doubleValue, measure < limit {
        return "\(place(path)) must have \(what) ≥ \(limit)"
      }
      if let limit = rules[most]?.doubleValue, measure > limit {
        return "\(place(path)) must have \(what) ≤ \(limit)"
      }
      return nil
    }
    switch value {
    case .int, .double:
      let number = value.doubleValue ?? 0
      if let limit = rules["exclusiveMinimum"]?.doubleValue, number <= limit {
        return "\(place(path)) must be greater than \(limit)"
      }
      if let limit = rules["exclusiveMaximum"]?.doubleValue, number >= limit {
        return "\(place(path)) must be less than \(limit)"
      }
      return bound(number, "minimum", "maximum", "a value")
    case .string(let text):
      return bound(Double(text.unicodeScalars.count), "minLength", "maxLength", "a length")
    case .array(let list): return bound(Double(list.count), "minItems", "maxItems", "a number of elements")
    case .object(let object):
      return bound(Double(object.count), "minProperties", "maxProperties", "a number of members")
    default: return nil
    }
  }

  private func unionFault(_ value: JSONValue, _ rules: JSONObject, _ path: String, _ depth: Int) -> String? {
    func faults(_ key: String) -> [String?]? {
      rules[key]?.arrayValue?.map { fault(value, $0, at: path, depth: depth + 1) }
    }
    if let first = faults("allOf")?.compactMap({ $0 }).first { return first }
    if let any = faults("anyOf"), !any.isEmpty, !any.contains(where: { $0 == nil }) {
      return "\(place(path)) fits none of the allowed forms: \(any.compactMap { $0 }.joined(separator: "; "))"
    }
    if let one = faults("oneOf"), !one.isEmpty {
      let fitting = one.count { $0 == nil }
      if fitting == 0 {
        return
          "\(place(path)) fits none of the allowed forms: \(one.compactMap { $0 }.joined(separator: "; "))"
      }
      if fitting > 1 { return "\(place(path)) must fit one of the forms only, but fits \(fitting)" }
    }
    if let other = rules["not"], fault(value, other, at: path, depth: depth + 1) == nil {
      return "\(place(path)) has a form that is not allowed"
    }
    return nil
  }

  private func memberFault(_ value: JSONValue, _ rules: JSONObject, _ path: String, _ depth: Int) -> String? {
    guard let object = value.objectValue else { return nil }
    for key in rules["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where !object.keys.contains(key)
    {
      return "\(place(path)) lacks the member \"\(key)\""
    }
    let known = rules["properties"]?.objectValue ?? JSONObject()
    for (key, member) in object {
      if let rule = known[key] {
        if let fault = fault(member, rule, at: "\(path)/\(key)", depth: depth + 1) { return fault }
      } else if rules["patternProperties"] == nil, let rule = rules["additionalProperties"] {
        if rule == false {
          return "\(place(path)) has the member \"\(key)\", which the schema does not allow"
        }
        if let fault = fault(member, rule, at: "\(path)/\(key)", depth: depth + 1) { return fault }
      }
    }
    return nil
  }

  private func elementFault(_ value: JSONValue, _ rules: JSONObject, _ path: String, _ depth: Int) -> String?
  {
    guard let elements = value.arrayValue else { return nil }
    let first = rules["prefixItems"]?.arrayValue ?? rules["items"]?.arrayValue ?? []
    for (index, element) in elements.enumerated() {
      guard let rule = index < first.count ? first[index] : rules["items"], rule.arrayValue == nil else {
        continue
      }
      if let fault = fault(element, rule, at: "\(path)/\(index)", depth: depth + 1) { return fault }
    }
    if rules["uniqueItems"] == true, Set(elements.map { $0.sortedKeys() }).count < elements.count {
      return "\(place(path)) has equal elements"
    }
    return nil
  }

  // MARK: - Parts

  private func place(_ path: String) -> String { path.isEmpty ? "the answer" : path }

  /// `#`, `#/$defs/name`, `#/definitions/name` and other paths within the schema.
  private func resolve(_ reference: String) -> JSONValue? {
    guard reference.hasPrefix("#") else { return nil }
    var value: JSONValue? = schema
    for part in reference.dropFirst().split(separator: "/") {
      value =
        value?.arrayValue.flatMap { list in Int(part).flatMap { list.indices.contains($0) ? list[$0] : nil } }
        ?? value?[String(part)]
    }
    return value
  }

  private static let checked: Set<String> = [
    "$ref", "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength",
    "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "allOf", "anyOf", "oneOf", "not",
    "required", "properties", "additionalProperties", "items", "prefixItems", "uniqueItems",
  ]
  /// Words that demand nothing.
  private static let silent: Set<String> = [
    "$schema", "$id", "$defs", "definitions", "title", "description", "default", "examples", "$comment",
    "deprecated", "readOnly", "writeOnly", "strict", "name",
  ]

  private func collect(_ schema: JSONValue, _ found: inout Set<String>, depth: Int) {
    guard let rules = schema.objectValue, depth < Self.depthLimit else { return }
    for (key, value) in rules {
      if !Self.checked.contains(key), !Self.silent.contains(key) { found.insert(key) }
      if key == "$ref", resolve(value.stringValue ?? "") == nil {
        found.insert("$ref \(value.stringValue ?? "")")
      }
      switch key {
      case "properties", "$defs", "definitions":
        for (_, rule) in value.objectValue ?? JSONObject() { collect(rule, &found, depth: depth + 1) }
      case "items", "additionalProperties", "not": collect(value, &found, depth: depth + 1)
      default: break
      }
      if ["allOf", "anyOf", "oneOf", "prefixItems", "items"].contains(key) {
        for rule in value.arrayValue ?? [] { collect(rule, &found, depth: depth + 1) }
      }
    }
  }
}
