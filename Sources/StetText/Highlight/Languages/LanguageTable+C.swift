extension LanguageTable {
  static let c = LanguageTable(
    "C", extensions: ["c", "h"],
    keywords: """
      alignas alignof asm auto break case const constexpr continue default do else enum extern for
      goto if inline register restrict return sizeof static static_assert struct switch
      thread_local typedef typeof union volatile while _Alignas _Alignof _Atomic _Generic
      _Noreturn _Static_assert
      """,
    types: """
      bool char double float int long short signed unsigned void size_t ssize_t ptrdiff_t intptr_t
      uintptr_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t wchar_t off_t
      pid_t time_t FILE va_list
      """,
    constants: "true false NULL nullptr stdin stdout stderr errno",
    comments: ["//"], blocks: [.c], strings: [.quoted("\""), .quoted("'")],
    definers: ("", "struct enum union"),
    features: [.capitals, .calls, .preprocessor])
}
