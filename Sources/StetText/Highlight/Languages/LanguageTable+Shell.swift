extension LanguageTable {
  static let shell = LanguageTable(
    "Shell", aliases: ["sh", "bash", "zsh", "fish", "console", "shellscript", "shell-session"],
    extensions: ["sh", "bash", "zsh", "fish", "ksh", "bats"],
    fileNames: [
      ".bashrc", ".bash_profile", ".profile", ".zshrc", ".zshenv", ".envrc", "PKGBUILD", "APKBUILD",
    ],
    keywords: """
      case coproc do done elif else esac fi for function if in select then time until while break
      continue return exit local export readonly declare typeset unset shift trap eval exec source
      set
      """,
    constants: "true false",
    functions: """
      alias bg cd command echo fg getopts hash jobs kill printf pushd popd pwd read test type
      ulimit umask wait
      """,
    comments: ["#"],
    strings: [
      .quoted("\"", spansLines: true, interpolation: ("$(", ")"), hasVariables: true),
      .quoted("'", escape: nil, spansLines: true), .quoted("'", prefix: "$"),
      .quoted("`", spansLines: true, hasVariables: true),
    ],
    wordBytes: "-./", definers: ("function", ""),
    features: [.calls, .dollar, .heredocs, .spacedComments, .assignments])
}
