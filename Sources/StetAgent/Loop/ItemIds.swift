/// Gives each item of a thread an id of its own. Providers may repeat ids from response to response; clients key
/// their view by id, so a repeated one gets a counter.
struct ItemIds: Sendable {
  private var used: Set<String>

  init(used: Set<String> = []) {
    self.used = used
  }

  /// `id`, or `id-2`, `id-3` … when it is taken; the result is taken from here on.
  mutating func unique(_ id: String) -> String {
    if used.insert(id).inserted { return id }
    var count = 2
    while !used.insert("\(id)-\(count)").inserted { count += 1 }
    return "\(id)-\(count)"
  }
}
