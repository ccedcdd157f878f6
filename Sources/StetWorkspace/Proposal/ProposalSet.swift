/// The proposals of one review, in path order: one submit is one transaction over all of them.
public struct ProposalSet: Sendable {
  public var files: [Proposal]

  public init(_ changes: [FileChange], note: String? = nil) throws(WorkspaceError) {
    var files: [Proposal] = []
    for change in changes { files.append(try Proposal(change, note: note)) }
    self.files = files.sorted { bytewise($0.path, $1.path) }
  }

  public init(files: [Proposal]) { self.files = files }

  /// The proposal for a path, old or new.
  public subscript(path: String) -> Proposal? { index(of: path).map { files[$0] } }

  public mutating func decide(
    path: String, _ id: String, _ decision: Decision
  ) throws(WorkspaceError) {
    guard let index = index(of: path) else {
      throw WorkspaceError(.unknownOperation, "The review holds no file \(path)", path: path)
    }
    try files[index].decide(id, decision)
  }

  private func index(of path: String) -> Int? {
    let key = PathKey(path)
    return files.firstIndex { PathKey($0.path) == key || $0.movePath.map(PathKey.init) == key }
  }

  public mutating func decideAll(_ decision: Decision) {
    for index in files.indices { files[index].decideAll(decision) }
  }

  public mutating func rejectUndecided() {
    for index in files.indices { files[index].rejectUndecided() }
  }

  public var isDecided: Bool { files.allSatisfy(\.isDecided) }

  public var verdict: Proposal.Verdict {
    if files.allSatisfy({ $0.verdict == .all }) { return .all }
    return files.allSatisfy { $0.verdict == .none } ? .none : .partial
  }

  public func plannedWrites() -> [PlannedWrite] { files.flatMap { $0.plannedWrites() } }

  /// What is proposed, for the wire.
  public func proposedChanges() throws(WorkspaceError) -> [WireChange] {
    var changes: [WireChange] = []
    for file in files { if let change = try file.proposedChange() { changes.append(change) } }
    return changes
  }

  /// What the decisions apply, for the wire.
  public func appliedChanges() throws(WorkspaceError) -> [WireChange] {
    var changes: [WireChange] = []
    for file in files { if let change = try file.appliedChange() { changes.append(change) } }
    return changes
  }
}
