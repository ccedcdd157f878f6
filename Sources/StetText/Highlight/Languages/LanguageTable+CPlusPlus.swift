extension LanguageTable {
  static let cPlusPlus = LanguageTable(
    "C++", aliases: ["cpp", "cplusplus"], extensions: ["cc", "cpp", "cxx", "hh", "hpp", "hxx", "ipp", "inl"],
    keywords: """
      alignas alignof asm auto break case const constexpr continue default do else enum extern for
      goto if inline register return sizeof static static_assert struct switch thread_local
      typedef typeof union volatile while and catch class co_await co_return co_yield concept
      const_cast consteval constinit decltype delete dynamic_cast explicit export final
      friend import module mutable namespace new noexcept not operator or override private protected
      public reinterpret_cast requires static_cast template throw try typename using virtual
      """,
    types: """
      bool char double float int long short signed unsigned void size_t ssize_t ptrdiff_t intptr_t
      uintptr_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t wchar_t off_t
      pid_t time_t FILE va_list char8_t char16_t char32_t string string_view vector map
      unordered_map set optional variant unique_ptr shared_ptr pair tuple array span
      """,
    constants: "true false NULL nullptr this",
    comments: ["//"], blocks: [.c], strings: [.quoted("\""), .quoted("'")],
    definers: ("", "class struct enum union namespace concept typename"),
    features: [.capitals, .calls, .preprocessor, .rawStrings])
}
