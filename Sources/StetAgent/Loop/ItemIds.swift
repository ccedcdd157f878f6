/// Gives each item of a thread an id of its own. Providers may repeat ids from response to response; clients key
/// their view by id, so a repeated one gets a counter.
struct ItemIds: Sendable {
  private var used: Set<String>
  /// Whether the part of the thread that is not in memory has this id.
  private let isStored: @Sendable (String) -> Bool

  init(used: Set<String> = [], isStored: @escaping @Sendable (String) -> Bool = { _ in false }) {
    self.used = used
    self.isStored = isStored
  }

  /// `id`, or `id-2`, `id-3` … when it is taken; the result is taken from here on.
  mutating func unique(_ id: String) -> String {
    if take(id) { return id }
    var count = 2
    while !take("\(id)-\(count)") { count += 1 }
    return "\(id)-\(count)"
  }

  private mutating func take(_ id: String) -> Bool {
    used.insert(id).inserted && !isStored(id)
  }
}
