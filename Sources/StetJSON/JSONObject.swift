/// The members of a JSON object in the order in which they were written or added.
///
/// Two objects are equal when they hold the same members, whatever their order, as JSON means it. A repeated key keeps
/// the first place and the last value. Look-ups are linear for small objects and hashed beyond `indexThreshold` members.
public struct JSONObject: Hashable, Sendable {
  /// Below this a linear scan over short keys beats a hash table.
  static let indexThreshold = 12

  public private(set) var keys: [String]
  public private(set) var values: [JSONValue]
  private var index: [String: Int]?

  public init() {
    keys = []
    values = []
  }

  public init(_ members: some Sequence<(String, JSONValue)>) {
    self.init()
    for (key, value) in members { self[key] = value }
  }

  public var count: Int { keys.count }
  public var isEmpty: Bool { keys.isEmpty }

  /// The value of a member. Setting nil removes the member; setting a new key appends it.
  public subscript(key: String) -> JSONValue? {
    get { position(of: key).map { values[$0] } }
    set {
      switch (position(of: key), newValue) {
      case (let found?, let value?): values[found] = value
      case (nil, let value?): append(key, value)
      case (let found?, nil): remove(at: found)
      case (nil, nil): break
      }
    }
  }

  /// The members with their keys in code-unit order, at this level only.
  public func sorted() -> JSONObject {
    JSONObject(self.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) })
  }

  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    if left.keys == right.keys { return left.values == right.values }
    return left.allSatisfy { right[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for (key, value) in self {
      var member = Hasher()
      member.combine(key)
      member.combine(value)
      combined ^= member.finalize()
    }
    hasher.combine(combined)
  }

  private func position(of key: String) -> Int? {
    if let index { return index[key] }
    return keys.firstIndex(of: key)
  }

  private mutating func append(_ key: String, _ value: JSONValue) {
    keys.append(key)
    values.append(value)
    if index != nil {
      index?[key] = keys.count - 1
    } else if keys.count > Self.indexThreshold {
      index = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    }
  }

  private mutating func remove(at position: Int) {
    keys.remove(at: position)
    values.remove(at: position)
    if index != nil { index = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices)) }
  }
}

extension JSONObject: Sequence {
  public func makeIterator() -> AnyIterator<(key: String, value: JSONValue)> {
    var next = 0
    return AnyIterator {
      guard next < keys.count else { return nil }
      defer { next += 1 }
      return (keys[next], values[next])
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
