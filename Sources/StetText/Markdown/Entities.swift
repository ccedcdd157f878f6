/// The character references that people and models write in Markdown. One that is not here is shown as it stands.
enum Entities {
  static func decode(_ reference: String) -> String {
    guard reference.hasPrefix("&"), reference.hasSuffix(";") else { return reference }
    let name = reference.dropFirst().dropLast()
    if name.hasPrefix("#") {
      let digits = name.dropFirst()
      let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
      let value = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10)
      guard let value, value != 0, let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
      return String(Character(scalar))
    }
    return names[String(name)] ?? reference
  }

  private static let names: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®",
    "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“",
    "rdquo": "”", "laquo": "«", "raquo": "»", "bull": "•", "middot": "·", "larr": "←", "rarr": "→",
    "uarr": "↑",
    "darr": "↓", "harr": "↔", "lArr": "⇐", "rArr": "⇒", "hArr": "⇔", "times": "×", "divide": "÷",
    "plusmn": "±",
    "minus": "−", "le": "≤", "ge": "≥", "ne": "≠", "equiv": "≡", "asymp": "≈", "infin": "∞", "radic": "√",
    "sum": "∑", "prod": "∏", "int": "∫", "part": "∂", "forall": "∀", "exist": "∃", "isin": "∈", "cap": "∩",
    "cup": "∪", "and": "∧", "or": "∨", "not": "¬", "deg": "°", "micro": "µ", "para": "¶", "sect": "§",
    "cent": "¢", "pound": "£", "yen": "¥", "euro": "€", "frac12": "½", "frac14": "¼", "frac34": "¾",
    "sup2": "²", "sup3": "³", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
    "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ",
    "Sigma": "Σ", "Omega": "Ω", "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü",
    "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à", "ccedil": "ç", "ntilde": "ñ", "check": "✓",
    "cross": "✗", "star": "☆", "starf": "★", "lbrack": "[", "rbrack": "]", "lbrace": "{", "rbrace": "}",
    "vert": "|", "lowbar": "_", "ast": "*", "grave": "`", "num": "#", "bsol": "\\", "sol": "/", "colon": ":",
    "semi": ";", "excl": "!", "quest": "?", "percnt": "%", "dollar": "$", "commat": "@", "equals": "=",
    "plus": "+", "lpar": "(", "rpar": ")", "comma": ",", "period": ".", "Tab": "\t", "NewLine": " ",
    "zwj": "\u{200D}", "zwnj": "\u{200C}", "shy": "\u{AD}", "ensp": " ", "emsp": " ", "thinsp": " ",
  ]
}
