extension LanguageTable {
  static let dockerfile = LanguageTable(
    "Dockerfile", aliases: ["docker", "containerfile"], extensions: ["dockerfile"],
    fileNames: ["Dockerfile", "Containerfile"],
    keywords: """
      add arg as cmd copy entrypoint env expose from healthcheck label maintainer onbuild run
      shell stopsignal user volume workdir
      """,
    comments: ["#"], strings: [.quoted("\"", hasVariables: true), .quoted("'", escape: nil)],
    wordBytes: "-./", features: [.dollar, .ignoresCase, .spacedComments], mode: .docker)
}
