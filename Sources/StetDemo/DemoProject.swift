import FoundationEssentials

/// The sample project: a word counter in POSIX shell with one bug and a test that shows it. It runs wherever sh does.
public enum DemoProject {
  /// Path and bytes of every file, all below the project's folder.
  public static let files: [(path: String, text: String)] = [
    ("README.md", readme), ("tally.sh", buggyTally), ("test.sh", test), ("poem.txt", poem),
  ]

  /// Lays the project out in `directory`, which must exist; files of the same name are replaced.
  public static func write(to directory: String) throws {
    for file in files {
      try file.text.write(toFile: directory + "/" + file.path, atomically: true, encoding: .utf8)
    }
  }

  static let readme = """
    # tally

    Counts the words of a text.

        sh tally.sh poem.txt
        sh test.sh

    """

  static let poem = """
    the reader strikes a word
    then writes stet in the margin

    """

  static let buggyTally = tally(
    counting: "head -n 1 \"$1\" | wc -w", reporting: "printf '%s words\\n' \"$count\"")

  /// What the scripted model proposes: the first hunk mends the bug, the second is a matter of taste.
  static let mendedTally = tally(
    counting: "wc -w < \"$1\"", reporting: "printf '%s words in %s\\n' \"$count\" \"$file\"")

  private static func tally(counting: String, reporting: String) -> String {
    """
    #!/bin/sh
    # tally.sh FILE: how many words a text has.

    words() {
      \(counting)
    }

    file=$1
    if [ ! -f "$file" ]; then
      echo "tally: no such file: $file" >&2
      exit 1
    fi

    # wc pads its figure with blanks on some systems.
    count=$(words "$file" | tr -d ' ')

    report() {
      \(reporting)
    }

    report

    """
  }

  static let test = """
    #!/bin/sh
    # test.sh: what tally.sh promises.
    failures=0

    check() {
      if sh tally.sh "$1" | grep -q "^$2 words"; then
        echo "ok      $1 has $2 words"
      else
        echo "FAILED  $1 should have $2 words, got: $(sh tally.sh "$1")"
        failures=$((failures + 1))
      fi
    }

    check poem.txt 11
    check README.md 13
    exit $failures

    """
}
