import StetTestSupport
import StetWorkspace
import Testing

@Suite struct GitFactsTests {
  private func sha(_ repository: TempRepository) throws -> String? {
    try repository.git("rev-parse", "HEAD").split(separator: "\n").first.map(String.init)
  }

  @Test func branchCommitAndOrigin() throws {
    let repository = try TempRepository()
    #expect(try GitFacts.read(repository.path)?.branch == "main")
    #expect(try GitFacts.read(repository.path)?.sha == nil)
    repository.directory.write("sub/f", "1")
    try repository.commitAll()
    try repository.git("remote", "add", "origin", "git@example.invalid:x.git")
    let facts = try GitFacts.read(repository.directory.path("sub"))
    #expect(facts?.sha == (try sha(repository)))
    #expect(facts?.branch == "main")
    #expect(facts?.originURL == "git@example.invalid:x.git")
  }

  @Test func detachedHeadAndWorktree() throws {
    let repository = try TempRepository()
    repository.directory.write("f", "1")
    try repository.commitAll()
    try repository.git("worktree", "add", "-q", "-b", "side", "linked")
    let linked = try GitFacts.read(repository.directory.path("linked"))
    #expect(linked?.branch == "side")
    #expect(linked?.sha == (try sha(repository)))
    try repository.git("checkout", "-q", "--detach")
    #expect(try GitFacts.read(repository.path)?.branch == nil)
    #expect(try GitFacts.read(repository.path)?.sha == (try sha(repository)))
  }

  @Test("no repository, a broken one and hooks: no facts, an error, not run")
  func withoutRepository() throws {
    let directory = TempDirectory()
    #expect(try GitFacts.read(directory.path) == nil)
    let repository = try TempRepository()
    repository.directory.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch ran\n", mode: 0o755)
    repository.directory.write(
      ".git/config", "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch ran\n")
    _ = try GitFacts.read(repository.path)
    #expect(!repository.directory.exists("ran"))
  }

  @Test(
    "names and passwords are cut out of URLs",
    arguments: [
      ("https://user:token@host/x.git", "https://host/x.git"), ("https://token@host/a@b", "https://host/a@b"),
      ("ssh://git:pw@host/x", "ssh://git@host/x"), ("ssh://git@host/x", "ssh://git@host/x"),
      ("git@host:x.git", "git@host:x.git"), ("/srv/x.git", "/srv/x.git"),
      ("https://host/x", "https://host/x"),
    ])
  func secrets(_ url: String, _ shown: String) throws {
    let repository = try TempRepository()
    try repository.git("remote", "add", "origin", url)
    #expect(try GitFacts.read(repository.path)?.originURL == shown)
  }
}
