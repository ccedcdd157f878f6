import StetProtocol
import StetWorkspace

/// What git says of a thread's directory.
extension Agent {
  /// Fills `gitInfo` of a new thread, after its start was answered: a large repository must not hold it up.
  func noteGit(_ session: ThreadSession, directory: String) {
    Task { [disk, services] in
      do {
        guard let facts = try await disk.run({ try GitFacts.read(directory) }) else { return }
        session.journal.updateSummary { summary in
          summary.gitSha = facts.sha
          summary.gitBranch = facts.branch
          summary.gitOriginURL = facts.originURL
        }
      } catch {
        services.environment.log.info("git facts of \(directory): \(error)")
      }
    }
  }

  /// `gitDiffToRemote`.
  public func gitDiffToRemote(
    _ params: GitDiffToRemoteParams, reply: @escaping AgentReply<GitDiffToRemoteResponse>
  ) {
    onDisk(reply) {
      let failure = RPCError.invalidRequest("failed to compute git diff to remote for cwd: \(params.cwd)")
      guard params.cwd.hasPrefix("/"), let found = try RemoteDiff.read(params.cwd) else { throw failure }
      reply(.success(GitDiffToRemoteResponse(sha: found.sha, diff: found.diff)))
    }
  }
}
