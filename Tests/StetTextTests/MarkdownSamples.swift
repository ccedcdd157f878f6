/// Messages as models write them.
let markdownSamples: [(name: String, source: String)] = [
  (
    "prose",
    """
    # Fixing the *date* test

    The formatter uses the **local time zone**, so the test depends on `where it runs`. I'll pin it to UTC, \
    which ~~might~~ will not change production: see [the docs](https://example.org/time?zone=utc) and https://swift.org.
    A soft break joins lines,\u{20}\u{20}
    a hard one does not.

    Setext title
    ------------
    ***both at once***, `` code with ` tick ``, a &amp; b &mdash; c &#x2192; d, 2*3*4 and snake_case_name.

    ### Third
    ![a chart](img/chart.png) and <b>html</b> and a line<br>break. <https://auto.link>, me@example.org.

    ---

    The end \\*not emphasis\\*.
    """
  ),
  (
    "lists",
    """
    Steps:
    1. First, which is long enough that it has to be wrapped at most widths of a split pane
    2. Second
       - nested **bold**
       - another
         1. deep
         2. deeper
    3. Third

       with a second paragraph

       ```sh
       make test # run
       ```
    4. Fourth

    - [ ] open task
    - [x] done task
    - plain

    * other bullet

      - loose child

    9. nine
    10. ten
    """
  ),
  (
    "quotes",
    """
    > A quote of a few words that goes on for long enough to be wrapped,
    continued lazily.
    >
    > - with a list
    >   of two lines
    >
    > > nested `code`
    >
    > ```swift
    > let x = 1
    > ```

    After.
    """
  ),
  (
    "code",
    """
    Text before:
    ```swift
    func greet(_ name: String) -> String {
    \treturn "Hello, \\(name)! This line is longer than the pane is wide, so it wraps" // tail

    }
    ```
    ~~~
    ``` plain fence
    ~~~
        indented code

        goes on
    ```unknown-language
    <tag> & text
    ```
    Then text.
    ```json
    { "open": [1, 2
    """
  ),
  (
    "tables",
    """
    | Option | Meaning | Default |
    |:-------|:-------:|--------:|
    | `width` | columns of the **pane** | 80 |
    | hanging | how far the lines after the first are indented when a paragraph is wrapped | 0 |
    | 日本 | wide glyphs | 2 |

    | one column |
    |---|
    | a<br>b |

    Done.
    """
  ),
  (
    "bare table",
    """
    A | B
    --|:-
    1 | 2
    x |

    After.
    """
  ),
  (
    "definitions",
    """
    See [the guide][1] and [other].

    [1]: https://example.org/guide "Guide"
    [other]: https://example.org/other

    Text after, with a footnote[^1].

    [^1]: The note.
    """
  ),
]
