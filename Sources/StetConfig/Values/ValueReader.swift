import StetJSON

/// Typed access to a table that `ConfigCheck` has passed: a value that is present has the right type.
struct ValueReader {
  let values: JSONObject

  func string(_ key: String) -> String? { values[key]?.stringValue }
  func bool(_ key: String) -> Bool? { values[key]?.boolValue }
  func int(_ key: String) -> Int? { values[key]?.intValue }
  func double(_ key: String) -> Double? { values[key]?.doubleValue }
  func strings(_ key: String) -> [String]? { values[key]?.arrayValue?.compactMap(\.stringValue) }

  func table(_ key: String) -> ValueReader { ValueReader(values: values[key]?.objectValue ?? JSONObject()) }

  /// The members that are tables, by name.
  func tables(_ key: String) -> [(name: String, table: ValueReader)] {
    (values[key]?.objectValue ?? JSONObject()).compactMap { name, value in
      value.objectValue.map { (name, ValueReader(values: $0)) }
    }
  }

  func stringMap(_ key: String) -> [String: String] {
    var map: [String: String] = [:]
    for (name, value) in values[key]?.objectValue ?? JSONObject() {
      if let text = value.stringValue { map[name] = text }
    }
    return map
  }
}
