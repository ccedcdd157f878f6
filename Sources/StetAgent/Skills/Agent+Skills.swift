import StetConfig
import StetProtocol
import StetWorkspace

extension Agent {
  /// `skills/list`: for each directory what applies there, and what could not be read. Nothing is cached.
  public func skillsList(
    _ params: SkillsListParams, from peer: ClientPeer, reply: @escaping AgentReply<SkillsListResponse>
  ) {
    let environment = services.environment
    clientTools.room(peer).disk.post {
      answerFault(reply) {
        let asked = params.cwds.flatMap { $0.isEmpty ? nil : $0 } ?? [environment.defaultCwd]
        let catalog = SkillCatalog(
          home: environment.home, userDirectory: environment.processEnvironment["HOME"])
        let entries = try asked.map { cwd in
          let place = try environment.place(cwd)
          let found = catalog.list(place.directory, place.configuration)
          return SkillsListEntry(cwd: cwd, skills: found.skills, errors: found.errors)
        }
        reply(.success(SkillsListResponse(data: entries)))
      }
    }
  }
}

extension ThreadSession {
  /// Reads which skills apply, off the thread's own executor. A model without tools can read none.
  func loadSkills(_ configuration: Configuration?) async {
    let environment = services.environment
    guard let configuration, environment.modelClientOverride == nil else {
      skills = []
      return
    }
    let (cwd, home) = (settings.cwd, environment.home)
    let user = environment.processEnvironment["HOME"]
    do {
      skills = try await WorkspaceThread.shared.run {
        SkillCatalog(home: home, userDirectory: user).list(cwd, configuration).skills.filter(\.enabled)
      }
    } catch {
      skills = []
      feed.warn("Skills can't be read: \(error)")
    }
  }
}
