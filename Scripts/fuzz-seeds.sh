#!/usr/bin/env bash
# fuzz-seeds.sh TARGET FOLDER: inputs to begin with. Recorded traffic where STET_SHARED or ../shared has it.
set -euo pipefail
target=$1
folder=$2
seed() { printf '%b' "$2" > "$folder/$1"; }
case $target in
lines)
  seed request '{"id":1,"method":"thread/list","params":{"limit":5}}\n'
  seed mixed '{"id":"a","result":{}}\r\n\n[1]\nnot json\n{"id":9223372036854775807,"error":{"code":-1,"message":"m"}}\n'
  ;;
frames)
  seed text '\x81\x05Hello'
  seed masked '\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58'
  seed parts '\x01\x03Hel\x89\x00\x80\x02lo\x88\x02\x03\xe8'
  seed upgrade 'GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  ;;
messages)
  seed turn '{"threadId":"t","input":[{"type":"text","text":"x"}],"approvalPolicy":"never","sandboxPolicy":{"type":"readOnly"}}'
  seed item '{"threadId":"t","turnId":"u","startedAtMs":1,"item":{"type":"agentMessage","id":"i","text":"x"}}'
  seed decision '{"decision":{"stetReview":{"files":[{"path":"/a","decision":"accept"}]}}}'
  traces=${STET_SHARED:-$(dirname "$0")/../../shared}/protocol/traces
  if [ -d "$traces" ]; then
    cat "$traces"/*.jsonl | grep -oE '"params": ?\{.*\}' | cut -c10- | sed -E 's/^ *//; s/\}\}$//' | awk 'length < 2000 && NR % 40 == 0' |
      head -200 | split -l 1 - "$folder/trace-"
  fi
  ;;
logs)
  # The target puts the checksums right.
  count=0
  record() {
    printf '{"sum":"00000000","ordinal":%d,"timestampMs":1763717400250,"type":"%s","payload":%s}\n' $count "$1" "$2"
    count=$((count + 1))
  }
  message='"type":"message","content":[{"type":"input_text","text":"hi"}]'
  counts='"totalTokens":9,"inputTokens":7,"cachedInputTokens":0,"outputTokens":2,"reasoningOutputTokens":0'
  {
    record meta '{"id":"fuzzed","version":1,"createdAtMs":1,"cliVersion":"1","source":"cli","instructionSources":[],"config":{}}'
    record settings '{"cwd":"/","workspaceRoots":["/"],"model":"m","modelProvider":"p","approvalPolicy":"never","sandboxPolicy":{"type":"readOnly"},"editReview":"off","trusted":true}'
    record facts '{}'
    record tools '{"tools":[{"type":"function","name":"x"}]}'
    record turn_started '{"turnId":"t1","startedAtMs":1}'
    record prompt "{$message,\"role\":\"user\"}"
    record item '{"turnId":"t1","position":0,"startedAtMs":1,"completedAtMs":2,"item":{"type":"agentMessage","id":"i1","text":"x"}}'
    record item_started '{"turnId":"t1","position":1,"startedAtMs":1,"item":{"type":"agentMessage","id":"i2","text":"y"}}'
    record usage "{\"turnId\":\"t1\",\"ratio\":3.5,\"usage\":{\"total\":{$counts},\"last\":{$counts}}}"
    record turn_completed '{"turnId":"t1","status":"completed","completedAtMs":3,"durationMs":2}'
  } > "$folder/turn"
  {
    cat "$folder/turn"
    record compacted "{\"items\":[{$message,\"role\":\"user\"}]}"
    record seen '{"files":{"/a":"00"}}'
    record announced '{"tools":["a"]}'
    record queue '{"threadId":"fuzzed","submissions":[]}'
    record goal '{"goal":null}'
    record review '{"id":"r","state":"open"}'
    record revert '{"turnId":"t1","history":{"threadId":"fuzzed","endOffset":444}}'
    record turn_started '{"turnId":"t2","startedAtMs":9}'
  } > "$folder/revert"
  head -c 700 "$folder/turn" > "$folder/torn"
  ;;
esac
