extension LanguageTable {
  static let rust = LanguageTable(
    "Rust", aliases: ["rs"], extensions: ["rs"],
    keywords: """
      as async await break const continue crate dyn else enum extern fn for if impl in let loop
      match mod move mut pub ref return static struct super trait type union unsafe use where
      while yield
      """,
    types: """
      bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize
      """,
    constants: "true false self Self",
    comments: ["//"], blocks: [.nested],
    strings: [
      .quoted("\"", spansLines: true, prefix: "b"), .quoted("\"", spansLines: true),
      .quoted("'", prefix: "b"), .quoted("'"),
    ],
    definers: ("fn", "struct enum trait type impl union mod"),
    features: [.capitals, .calls, .rust])
}
