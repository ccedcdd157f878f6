/// A page of each language: comments that nest and span lines, strings of every kind, numbers, and what is special in it.
let highlightSamples: [(language: String, code: String)] = [
  (
    "Swift",
    ###"""
    import Glibc  // libc
    /* outer /* inner */ still
       a comment */
    @MainActor final class Parser<T: Hashable>: Base {
      static let hex = 0xFF_FF, pi = 3.14e-2, half = 1.0/2
      var text = "a \(name.count + (1)) b\n", raw = #"no \n but \#(x)"#
      func parse(_ input: [Int]) async throws -> String? {
        guard let first = input.first, first != nil else { return """
          line one \(f("x"))
          line two
          """ }
        #if DEBUG
        for i in 0..<10 { print($0, Self.MAX, i.self) }
        #endif
        return self.text == nil ? `default` : try await go(true)
      }
    }
    """###
  ),
  (
    "C",
    #"""
    #include <stdio.h>
    # define MAX(a, b) ((a) > (b) ? (a) : (b))
    /* one
     * two */
    static const char *name = "quoted \"text\"\n";
    struct point { int x, y; };
    int main(void) {
      uint32_t mask = 0xFFu, c = 'a' + '\'';
      double d = 1.5e+10f; // tail
      return printf("%d", MAX(1, 2)) == NULL;
    }
    """#
  ),
  (
    "C++",
    #"""
    #include "a.hpp"
    template <typename T> class Box final : public Base<T> {
     public:
      explicit Box(T&& value) noexcept : value_(std::move(value)) {}
      auto text() const { return R"x(raw "quotes"
    and )" lines)x"; }
     private:
      std::vector<std::unique_ptr<T>> value_{nullptr};  // 1'000
    };
    constexpr auto n = 1'000'000ull;
    """#
  ),
  (
    "Rust",
    ##"""
    #![allow(dead_code)]
    use std::collections::HashMap;
    /* outer /* inner */ outer */
    #[derive(Debug, Clone)]
    pub struct Parser<'a> { input: &'a str, pos: usize }
    impl<'a> Parser<'a> {
        pub fn next(&mut self) -> Option<char> {
            let c = 'x'; let q = '\''; let n = 0b1010_u8 + 1.5e3 as u8;
            println!("{} {:?}\n", c, r#"raw "text""#);
            if n != 0 { return Some(c) }
            vec![b'x', b"bytes"[0]].iter().map(|x| x + 1).collect::<Vec<_>>();
            None
        }
    }
    const MAX: u32 = u32::MAX;
    """##
  ),
  (
    "Go",
    #"""
    package main

    import "fmt"

    /* block
    comment */
    type Server struct { Addr string `json:"addr"` }

    func (s *Server) Run(n int) (err error) {
    	defer fmt.Println("done\n", 'x', 0x1F, 1e3)
    	query := `raw
    string`
    	for i := range n { go s.handle(i, query, nil) }
    	return make(chan int, len(query)) // tail
    }
    """#
  ),
  (
    "Python",
    #"""
    # comment
    @dataclass(frozen=True)
    class Point(Base):
        """A doc
        string."""
        def distance(self, other: "Point") -> float:
            text = f"{self.x!r:>{10}} and {d['k']}" + r'\d+' + b'\x00'.decode()
            if other is None or not self: raise ValueError(f'bad {other}')
            return sum(x ** 2 for x in range(0x10, 1_000)) ** 0.5e-3
    MAX_SIZE = 10j; lambda a, *b: print(a, end='')
    """#
  ),
  (
    "JavaScript",
    #"""
    import { readFile } from 'node:fs/promises';
    /* block */ const re = /[/\]]+\/(?<x>a)/gi, half = a / b / c;
    export default class App extends Base {
      #secret = 0xff;
      static async load(url = "x\n") {
        const text = `multi ${await get(`in ${url}`)} line
          second ${ {a: 1}.a }`; // tail
        return text?.length ?? null;
      }
    }
    function* $gen() { yield 1_000n; typeof undefined === 'x'; }
    """#
  ),
  (
    "TypeScript",
    #"""
    import type { Config } from "./config";
    @Injectable()
    export abstract class Service<T extends object> implements Runner {
      private readonly items: Map<string, number[]> = new Map();
      constructor(public name: string, protected opts?: Partial<Config>) { super(); }
      get<K extends keyof T>(key: K): T[K] | undefined { return this.cache[key] as never; }
    }
    type Id = `id-${string}` | unique symbol; // tail
    enum Color { Red = 1, Green }
    declare namespace App { let x: unknown; }
    """#
  ),
  (
    "JSX",
    #"""
    export function List({ items, onPick }: Props) {
      const [open, setOpen] = useState<boolean>(false);
      if (items.length < 3 && a > b) return null;
      return (
        <ul className="list" data-id={items[0].id}>
          {items.map((item) => (
            <li key={item.id} onClick={() => onPick(item)}>pick for {item.name} if you like</li>
          ))}
          <Icon.Close size={12} disabled />
          <>fragment</>
        </ul>
      );
    }
    """#
  ),
  (
    "JSON",
    #"""
    { "name": "stet", "version": 1.5e3, "ok": true,
      "nested": { "list": [1, -2, "a \"quoted\" \u00e9", null] } }
    // comment of jsonc
    """#
  ),
  (
    "YAML",
    #"""
    # comment
    --- 
    name: build # tail
    on: [push, pull_request]
    "quoted key": 'it''s'
    jobs:
      test: &anchor
        runs-on: ubuntu-22.04
        timeout: 30
        enabled: true
        steps:
          - uses: actions/checkout@v4
          - run: |
              echo "key: value"
              # not a comment

              swift test
          - name: plain >-
          - note: !text >- # header
              folded: text
          - <<: *anchor
            url: http://example.org/#frag
            tag: !custom "x"
    """#
  ),
  (
    "TOML",
    #"""
    # comment
    title = "TOML \n"
    [package.metadata]
    "quoted key" = 'literal \n'
    dotted.key = { inline = true, n = 1_000, f = 6.02e+23 }
    date = 1979-05-27T07:32:00Z
    text = """
    many
    lines""" # tail
    [[bin]]
    list = ["a", [1, 2],
      "b"]
    """#
  ),
  (
    "Shell",
    #"""
    #!/usr/bin/env bash
    set -euo pipefail # strict
    name="world ${1:-default} $(date "+%Y" | cut -c1) $HOME"
    greet() { local x=$((1 + 2)); echo 'single $x' "$name" $'tab\t'; }
    if [[ -f "$file" && $# -gt 0 ]]; then
      for f in *.txt; do grep -c "a#b" "$f"; done
    fi
    cat <<-'EOF' > out.txt
    	text with $dollar and "quotes
    	EOF
    export PATH=/bin:$PATH; greet || exit 1
    """#
  ),
  (
    "SQL",
    #"""
    -- comment
    /* block
       comment */
    SELECT u.id, count(*) AS n, 'it''s' || "Weird Col"
    FROM users u LEFT JOIN orders o ON o.user_id = u.id
    WHERE u.created_at > now() - interval '1 day' AND u.active IS NOT NULL
    GROUP BY 1 HAVING COUNT(*) >= 10.5 order by n desc limit 5;
    create table t (id bigserial primary key, name varchar(20) default 'x');
    INSERT INTO t VALUES (:name, @var, $1, NULL, TRUE);
    """#
  ),
  (
    "HTML",
    #"""
    <!DOCTYPE html>
    <!-- a comment
         of two lines -->
    <html lang="en">
    <head><style>
      body { color: #fff; margin: 0 auto; }
    </style></head>
    <body class='main' data-x=1 hidden>
      <p>Text &amp; more<br/></p>
      <script type="module">
        const x = "a" + 1; // comment
        if (x < 2) { run(); }
      </script>
    </body></html>
    """#
  ),
  (
    "CSS",
    #"""
    @import url("theme.css");
    /* comment
       two */
    :root { --main-color: #ff8800; }
    .card > a:hover, #id[data-x="1"]::before {
      margin: -1.5em 0 10px;
      width: calc(100% - 2rem);
      background: var(--main-color) url(x.png) no-repeat;
      content: "\201C"; display: none !important;
    }
    @media (max-width: 600px) { .card { display: flex; } }
    """#
  ),
  (
    "Java",
    #"""
    package org.example;
    import java.util.List;
    /** Doc
     *  comment */
    @Service(name = "x")
    public final class Main<T extends Comparable<T>> implements Runnable {
      private static final int MAX_VALUE = 0x7F_FF;
      @Override public void run() {
        var text = """
            block "quoted" \n
            """;
        char c = '\''; long l = 10L; // tail
        for (String s : List.of("a\n", text)) System.out.println(s.length() + 1.5f);
        if (this instanceof Main<?> m && m != null) throw new IllegalStateException();
      }
    }
    """#
  ),
  (
    "Kotlin",
    #"""
    package org.example
    /* outer /* inner */ outer */
    @Serializable
    data class User(val name: String, var age: Int = 0x1F) : Base() {
      companion object { const val MAX = 1_000L }
      suspend fun greet(): String = "Hi $name, ${if (age > 1) "old ${age}" else 'y'}\n"
      val raw = """raw $name
        text ${age}"""
    }
    fun main() = listOf(1, 2.5f).map { it.toString() }.forEach(::println) // tail
    """#
  ),
  (
    "Ruby",
    #"""
    # comment
    require_relative 'lib/x'
    =begin
    block comment
    =end
    module App
      class User < Base
        attr_reader :name, :age
        def valid?(other = nil)
          @name =~ /^\w+#\/$/i && !other.nil? or $stdout.puts("Hi #{name.upcase + "x"}\n")
          h = { key: 1, "b" => :sym, c: 1_000.5 }
          text = <<~EOS
            heredoc #{not} code
          EOS
          h.each { |k, v| yield k / v } unless text.empty?
        end
      end
    end
    """#
  ),
  (
    "PHP",
    #"""
    <?php
    namespace App\Models;
    # comment
    /* block
    */
    final class User extends Model implements \JsonSerializable {
      public function __construct(private readonly ?string $name = null) {}
      public function greet(int $n): string {
        $text = "Hi {$this->name} and $n\n" . 'single $n';
        $doc = <<<EOT
          text "quoted"
          EOT;
        return match(true) { $n > 0x1F => strtoupper($text), default => self::MAX }; // tail
      }
    }
    """#
  ),
  (
    "Lua",
    #"""
    -- comment
    --[[ long
    comment ]]
    local M = { name = "x\n", [1] = 0xFF, 'single' }
    local text = [==[
    long ]] string
    ]==]
    function M.run(self, ...)
      for i = 1, #self do print(i .. text, nil ~= 1.5e3) end
      if not self then return true end
    end
    return setmetatable(M, { __index = function(t, k) end })
    """#
  ),
  (
    "Markdown",
    #"""
    # Title
    Some *emphasis*, **strong** and `code`; snake_case_name.
    - item with [link](https://example.org)
    1. first
    > quoted
    ```swift
    let x = "code" // comment
    ```
    <https://example.org> and text
    ~~~
    plain fence
    ~~~
    """#
  ),
  (
    "Diff",
    #"""
    diff --git a/x b/x
    index 123..456 100644
    --- a/x
    +++ b/x
    @@ -1,3 +1,3 @@ func f() {
     context
    -removed
    +added
    \ No newline at end of file
    """#
  ),
  (
    "Dockerfile",
    #"""
    # syntax=docker/dockerfile:1
    FROM --platform=$BUILDPLATFORM swift:6.3 AS build
    ARG VERSION=1.0
    ENV PATH="/opt/bin:${PATH}" NAME='x'
    RUN apt-get update && \
        apt-get install -y curl # not first
    COPY --from=build /app /usr/local/bin/run
    EXPOSE 8080
    CMD ["run", "--port", "8080"]
    """#
  ),
  (
    "Makefile",
    #"""
    # comment
    CC ?= clang
    SOURCES := $(wildcard src/*.c)
    .PHONY: all clean
    all: build/$(NAME) test
    build/%.o: src/%.c
    	$(CC) -c $< -o $@ # recipe
    	@echo "done: $(NAME)"
    ifeq ($(OS),Linux)
    include extra.mk
    endif
    """#
  ),
]
