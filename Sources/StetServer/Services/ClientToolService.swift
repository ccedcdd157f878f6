/// What clients run for themselves: apart from threads and turns, for one connection each.
public protocol ClientToolService: ConnectionService, FileService, CommandService, FuzzySearchService,
  SkillService
{}

/// What the agent keeps for single connections.
public protocol ConnectionService: Sendable {
  /// The connection is gone: what it started for itself (commands, watches, searches) ends. Called once, after its
  /// last request.
  func connectionEnded(_ connection: Int)
}
