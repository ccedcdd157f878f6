extension LanguageTable {
  static let lua = LanguageTable(
    "Lua", extensions: ["lua", "rockspec"],
    keywords:
      "and break do else elseif end for function goto if in local not or repeat return then until while",
    constants: "true false nil self _G _ENV",
    functions: """
      assert collectgarbage dofile error getmetatable ipairs load loadfile next pairs pcall print
      rawequal rawget rawlen rawset require select setmetatable tonumber tostring type xpcall
      """,
    comments: ["--"], strings: [.quoted("\""), .quoted("'")], definers: ("function", ""),
    features: [.calls, .longBrackets])
}
