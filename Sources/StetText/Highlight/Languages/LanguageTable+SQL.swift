extension LanguageTable {
  static let sql = LanguageTable(
    "SQL", aliases: ["postgres", "postgresql", "mysql", "sqlite", "plsql"],
    extensions: ["sql", "ddl", "dml", "psql"],
    keywords: """
      add all alter analyze and as asc begin between by cascade case check column commit
      constraint create cross cube database default deferrable delete desc distinct drop else end
      except exists explain fetch filter first for foreign from full function grant group having
      if ilike in index inner insert intersect into is isnull join key last lateral left like
      limit materialized natural not notnull nothing nulls of offset on only or order outer over
      partition primary procedure recursive references rename replace restrict returning returns
      revoke right rollback rollup row rows savepoint schema select sequence set sets table temp
      temporary then to transaction trigger truncate union unique update upsert using vacuum
      values view virtual when where window with without
      """,
    types: """
      bigint bigserial binary bit blob boolean bool bytea char character clob date datetime
      decimal double float int integer interval json jsonb money nchar numeric nvarchar precision
      real serial smallint text time timestamp timestamptz tinyint uuid varbinary varchar varying
      xml year
      """,
    constants: "true false null current_date current_time",
    comments: ["--"], blocks: [.nested],
    strings: [
      .quoted("'", escape: nil, spansLines: true, doubles: true), .quoted("\"", escape: nil, doubles: true),
      .quoted("`", escape: nil),
    ],
    sigils: ["@": .variable, "$": .variable], features: [.calls, .ignoresCase])
}
