#!/usr/bin/env bash
# The main job on real input, with the built package: requests signed by openssl as the receiver's own
# document says, then two sets of Kubernetes manifests. Every step says which exit code it expects.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
command -v openssl >/dev/null || { echo "the demo signs with openssl: apt-get install openssl" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export AI_CS_WEBHOOK_SECRET=replace-with-real-secret

countersign() { node "$root/pkg/cli/main.js" "$@"; }

# expect CODE COMMAND…: runs it, and fails when it ends in another way
expect() {
  local want=$1 got=0
  shift
  printf '$ %s\n\n' "$*"
  "$@" || got=$?
  [ "$got" -eq "$want" ] || { echo "expected exit $want, got $got" >&2; exit 1; }
  echo
}

# request FILE BODY SIGNED: one raw HTTP request; SIGNED is what the sender signed, which should be BODY
request() {
  local ts sig
  ts=$(date +%s)
  sig=$(printf '%s.%s' "$ts" "$3" | openssl dgst -sha256 -hmac "$AI_CS_WEBHOOK_SECRET" | awk '{print $NF}')
  printf 'POST /api/v1/customer-service/webhook HTTP/1.1\r\nContent-Type: application/json\r\nX-CS-Timestamp: %s\r\nX-CS-Signature: %s\r\n\r\n%s' \
    "$ts" "$sig" "$2" >"$1"
}

verify() { expect "$1" countersign verify --contract sub2api --key-env AI_CS_WEBHOOK_SECRET "${@:2}"; }

body='{"message_id":"sub2api-msg-001","channel":"sub2api","open_id":"user-123","content":"我要退款"}'
native='{"message_id":"sub2api-msg-001","channel":"sub2api","open_id":"user-123","content":"我要退款","model":"gpt-4o"}'
cd "$work"
request signed.http "$body" "$body"
request tampered.http "${body/退款/退货}" "$body"
request native.http "$native" "$native"

echo "== A request signed by openssl: accepted"
verify 0 signed.http
echo "== The same, one character changed on the way"
verify 1 tampered.http
echo "== The same, ten minutes later"
verify 1 signed.http --now "$(($(date +%s) + 600))"
echo "== A member the receiver does not know"
verify 1 native.http
echo "== The same request again: its replay key is known"
countersign verify --contract sub2api --key-env AI_CS_WEBHOOK_SECRET -f json signed.http |
  node -e 'process.stdin.on("data", (text) => console.log(JSON.parse(text).replay.key))' >seen.txt
verify 0 signed.http --seen seen.txt

cd "$root/demo/manifests"
echo "== Manifests that hold to the baseline"
expect 0 countersign check good --set require=encryption --now 2026-11-21T00:00:00Z
echo "== Manifests that do not"
expect 1 countersign check bad --set require=encryption --now 2026-11-21T00:00:00Z
echo "The demo did what it should."
