extension LanguageTable {
  static let ruby = LanguageTable(
    "Ruby", aliases: ["rb", "irb"], extensions: ["rb", "rake", "gemspec", "ru", "podspec"],
    fileNames: ["Gemfile", "Rakefile", "Vagrantfile", "Podfile", "Fastfile", "Brewfile"],
    keywords: """
      alias and begin break case class def defined? do else elsif end ensure extend for if in
      include loop module next not or prepend private protected public raise redo require
      require_relative rescue retry return super then undef unless until when while yield
      attr_accessor attr_reader attr_writer
      """,
    constants: "true false nil self __FILE__ __LINE__",
    comments: ["#"],
    strings: [
      .quoted("\"", spansLines: true, interpolation: ("#{", "}")), .quoted("'", spansLines: true),
      .quoted("`", spansLines: true, interpolation: ("#{", "}")),
    ],
    sigils: ["@": .variable, "$": .variable], wordBytes: "?!", definers: ("def", "class module"),
    features: [.capitals, .calls, .regex, .heredocs, .symbols])
}
