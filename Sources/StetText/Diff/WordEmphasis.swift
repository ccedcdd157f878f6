/// Finds which words of a changed line differ, to emphasise them.
public enum WordEmphasis {
  /// Character ranges (offsets of `Character`) that are only in the old and only in the new line, ascending. Both are
  /// empty where the lines have too little in common for emphasis to help.
  public static func ranges(old: String, new: String) -> (old: [Range<Int>], new: [Range<Int>]) {
    ([], [])
  }
}
