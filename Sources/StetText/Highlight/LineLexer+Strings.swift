extension LineLexer {
  mutating func openString(_ rule: Int, _ length: Int, hashes: Int = 0) {
    expectsValue = false
    if isPairName(rule, length) { return }
    emit(table.strings[rule].kind, to: at + length)
    state.push(.string(rule: rule, hashes: hashes))
  }

  /// A quoted name before a colon is a key, where the table says so.
  private mutating func isPairName(_ rule: Int, _ length: Int) -> Bool {
    guard !table.features.isDisjoint(with: [.colonKeys, .equalsKeys]), table.mode != .css else {
      return false
    }
    let rule = table.strings[rule]
    var end = at + length
    while end < bytes.count, !hasPrefix(rule.close, at: end) { end += bytes[end] == rule.escape ? 2 : 1 }
    guard end < bytes.count, isKey(end + rule.close.count) else { return false }
    emit(.attribute, to: end + rule.close.count)
    return true
  }

  mutating func string(_ index: Int, _ hashes: Int) {
    let rule = table.strings[index]
    let marks = Array(repeating: UInt8(ascii: "#"), count: hashes)
    let close = rule.close + marks
    let escape = rule.escape.map { [$0] + marks }
    let opens = rule.interpolation.map { hashes > 0 ? [$0.open[0]] + marks + $0.open.dropFirst() : $0.open }
    var end = at
    while end < bytes.count {
      if let opens, let interpolation = rule.interpolation, hasPrefix(opens, at: end) {
        emit(rule.kind, to: end)
        emit(.punctuation, to: end + opens.count)
        state.push(.interpolation(close: interpolation.close, depth: 0))
        expectsValue = true
        return
      }
      if hasPrefix(close, at: end) {
        if rule.doubles, hasPrefix(close, at: end + close.count) {
          end += close.count * 2
          continue
        }
        emit(rule.kind, to: end + close.count)
        state.pop()
        return
      }
      if let escape, hasPrefix(escape, at: end) {
        emit(rule.kind, to: end)
        var next = min(bytes.count, end + escape.count + 1)
        while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
        emit(.escape, to: next)
        end = next
        continue
      }
      if rule.hasVariables, bytes[end] == UInt8(ascii: "$") {
        emit(rule.kind, to: end)
        if dollar() { return }
      }
      end += 1
    }
    emit(rule.kind, to: end)
  }

  mutating func comment(_ index: Int, _ depth: Int) {
    let rule = table.blockComments[index]
    var depth = depth
    var end = at
    while end < bytes.count {
      if hasPrefix(rule.close, at: end) {
        end += rule.close.count
        depth -= 1
        if depth == 0 {
          emit(.comment, to: end)
          state.pop()
          return
        }
      } else if rule.nests, hasPrefix(rule.open, at: end) {
        end += rule.open.count
        depth = min(depth + 1, LexerState.maximumDepth)
      } else {
        end += 1
      }
    }
    emit(.comment, to: end)
    state.replace(.comment(rule: index, depth: depth))
  }

  mutating func until(_ close: [UInt8], _ kind: TokenKind) {
    var end = at
    while end < bytes.count {
      if hasPrefix(close, at: end) {
        emit(kind, to: end + close.count)
        state.pop()
        return
      }
      end += 1
    }
    emit(kind, to: end)
  }
}
