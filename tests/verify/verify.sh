#!/bin/sh
# Checks a proof folder of Custos without Custos: the original, its custody entries, their place in
# the ledger, and the signature over the ledger. Needs only POSIX sh, awk, sed, cut, tr, grep,
# head, tail, wc, sha256sum, base64, xxd, openssl (and mktemp, cat, rm for scratch files).
# Status: 0 everything holds, 1 something does not, 2 wrong usage.

LC_ALL=C; export LC_ALL
OPENSSL_CONF=/dev/null; export OPENSSL_CONF
unset CDPATH POSIXLY_CORRECT
set -uf
umask 077
IFS=' 	
'
newline='
'
dash=$(printf '\342\200\224')

usage() {
  cat <<'TEXT'
usage: sh verify.sh [--key VKEY] [FOLDER]

Checks the proof folder FOLDER (without FOLDER: the folder that holds this script).
  --key VKEY   the key of the log as you know it from elsewhere (name+hash+base64);
               without it the key inside the folder is used, and printed for you to compare.

Run a copy of this script that you trust: one that you compared, or typed, yourself.
Status: 0 everything holds, 1 something does not hold, 2 wrong usage.
TEXT
}

scratch=
clean_up() { if [ -n "$scratch" ]; then rm -rf "$scratch"; fi; }
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

say() { printf 'ok      %s\n' "$1"; }
refuse() {
  printf 'FAILED  %s\n' "$1"
  printf 'VERDICT: NOT VERIFIED. The folder does not hold what it claims, or was changed.\n'
  exit 1
}

# --- small helpers -------------------------------------------------------------------------------

sha256_of() { sum=$(sha256sum <"$1") || refuse "$1 cannot be read"; sum=${sum%% *}; }
sha256_of_hex() { sum=$(printf '%s' "$1" | xxd -r -p | sha256sum); sum=${sum%% *}; }
size_of() { size=$(wc -c <"$1") || refuse "$1 cannot be read"; size=$((size)); }

is_decimal() {
  case $1 in '' | *[!0123456789]* | 0?*) return 1 ;; esac
  [ ${#1} -le 18 ]
}
at_most() { size_of "$1"; [ "$size" -le "$2" ] || refuse "$1 is larger than the format allows"; }  # FILE BYTES
is_hex() {  # TEXT LENGTH
  case $1 in '' | *[!0123456789abcdef]*) return 1 ;; esac
  [ ${#1} -eq "$2" ]
}
is_base64_text() { case $1 in '' | *[!ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/]*) return 1 ;; esac; }
is_name() { case $1 in '' | *[!-._/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz]*) return 1 ;; esac; }
# The one base64 form of 32 bytes: 43 signs and "=", the two spare bits zero.
is_base64_of_32() {
  [ ${#1} -eq 44 ] && is_base64_text "${1%=}" || return 1
  case $1 in *[AEIMQUYcgkosw048]=) return 0 ;; *) return 1 ;; esac
}
# The one base64 form of 68 bytes: 91 signs and "=", the two spare bits zero.
is_base64_of_68() {
  [ ${#1} -eq 92 ] && is_base64_text "${1%=}" || return 1
  case $1 in *[AEIMQUYcgkosw048]=) return 0 ;; *) return 1 ;; esac
}
# Decodes, encodes again and demands the same text: hex in $hex.
decode_base64() {
  hex=$(printf '%s' "$1" | base64 -d 2>/dev/null | xxd -p -c 256) || return 1
  [ "$(printf '%s' "$hex" | xxd -r -p | base64 -w 0)" = "$1" ]
}
is_plain_file() { [ -f "$1" ] && [ ! -L "$1" ]; }

# --- the tools themselves ------------------------------------------------------------------------

check_tools() {
  for tool in awk sed cut tr grep head tail wc sha256sum base64 xxd openssl mktemp cat rm; do
    command -v "$tool" >/dev/null || { printf 'verify.sh: install %s and run again\n' "$tool" >&2; exit 2; }
  done
  scratch=$(mktemp -d) || { printf 'verify.sh: set TMPDIR to a folder that can be written\n' >&2; exit 2; }
  sha256_of_hex 616263
  [ "$sum" = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ] || refuse "sha256sum of this machine computes wrongly"
  # RFC 8032, 7.1, test 2: the true signature must pass, and one for another message must not.
  printf '302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c' |
    xxd -r -p >"$scratch/key"
  printf '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00' |
    xxd -r -p >"$scratch/signature"
  printf 'r' >"$scratch/message"
  signature_holds || refuse "openssl of this machine does not verify Ed25519; use OpenSSL 3.0 or later"
  printf 's' >"$scratch/message"
  if signature_holds; then refuse "openssl of this machine accepts wrong signatures"; fi
  say "the tools of this machine pass known answers"
}

signature_holds() {
  said=$(openssl pkeyutl -verify -pubin -keyform DER -inkey "$scratch/key" -rawin -in "$scratch/message" \
    -sigfile "$scratch/signature" 2>/dev/null) || return 1
  [ "$said" = "Signature Verified Successfully" ]
}

# --- the folder ----------------------------------------------------------------------------------

list() {  # FOLDER: checks every name in it, hidden ones too, and counts them in $count
  set +f
  set -- "$1"/* "$1"/.[!.]* "$1"/..?*
  set -f
  count=0
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then
      count=$((count + 1))
      check_name "$path"
    fi
  done
}

check_name() {
  case $1 in
    ./bag-info.txt) has_info=bag-info.txt ;;
    ./README.txt | ./bagit.txt | ./manifest-sha256.txt | ./tagmanifest-sha256.txt | ./verify.sh) ;;
    ./custody | ./data | ./keys) [ -d "$1" ] && [ ! -L "$1" ] || refuse "$1 is not a folder"; return ;;
    ./keys/log.pub | ./keys/log.vkey) ;;
    ./custody/[0-9][0-9][0-9][0-9].json) entries=$((entries + 1)) ;;
    ./custody/[0-9][0-9][0-9][0-9].payload | ./custody/[0-9][0-9][0-9][0-9].salt) ;;
    ./custody/[0-9][0-9][0-9][0-9].tlog-proof) ;;
    ./data/*) data=$1 ;;
    *) refuse "$1 does not belong here" ;;
  esac
  is_plain_file "$1" || refuse "$1 is not a plain file"
}

check_folder() {
  entries=0; data=; has_info=
  list . ; [ "$count" -eq $((8 + ${#has_info} / 12)) ] || refuse "the folder lacks a file: it needs README.txt bagit.txt custody data keys manifest-sha256.txt tagmanifest-sha256.txt verify.sh"
  list ./keys; [ "$count" -eq 2 ] || refuse "keys/ must hold log.pub and log.vkey"
  list ./data; [ "$count" -eq 1 ] || refuse "data/ must hold exactly one file, the original"
  list ./custody
  [ "$entries" -ge 1 ] && [ "$count" -eq $((entries * 4)) ] || refuse "custody/ must hold four files for each entry, and one entry at least"
  [ "$entries" -le 9999 ] || refuse "custody/ holds too many entries"
  tags=
  number=0
  while [ $number -lt $entries ]; do
    number=$((number + 1))
    name=$(printf 'custody/%04d' $number)
    for kind in json payload salt tlog-proof; do
      [ -f "$name.$kind" ] || refuse "$name.$kind is missing: entries are numbered from 0001 without a gap"
      tags="$tags $name.$kind"
    done
  done
  say "the folder holds the original, $entries custody entries, two key files and nothing else"
}

check_bag() {
  printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' >"$scratch/expected"
  same bagit.txt || refuse "bagit.txt is not the declaration of BagIt 1.0"
  sha256_of "$data"; data_sum=$sum
  size_of "$data"; data_size=$size
  # RFC 8493: "%", CR and LF of a file name are written %25, %0D, %0A.
  name=$(printf '%s/' "${data#./}" | sed 's/%/%25/g' | awk -v carriage="$(printf '\r')" \
    '{ gsub(carriage, "%0D"); printf "%s%s", (NR > 1 ? "%0A" : ""), $0 }')
  printf '%s  %s\n' "$data_sum" "${name%/}" >"$scratch/expected"
  same manifest-sha256.txt || refuse "manifest-sha256.txt does not name exactly the file in data/ with its SHA-256"
  say "the original has $data_size bytes and the SHA-256 $data_sum"
  # In byte order of the names. The names are known, so they may be split at spaces.
  # shellcheck disable=SC2086
  sha256sum README.txt $has_info bagit.txt $tags keys/log.pub keys/log.vkey manifest-sha256.txt verify.sh \
    >"$scratch/expected" || refuse "a file cannot be read"
  same tagmanifest-sha256.txt || refuse "tagmanifest-sha256.txt differs from the files: $(first_difference)"
  say "every other file has the SHA-256 that tagmanifest-sha256.txt names"
}

same() {  # FILE: is it byte for byte the expected one?
  sha256_of "$1"; found=$sum
  sha256_of "$scratch/expected"
  [ "$found" = "$sum" ]
}

first_difference() {
  awk 'NR == FNR { want[NR] = $0; total = NR; next }
       $0 != want[FNR] { print "line " FNR; shown = 1; exit }
       { last = FNR }
       END { if (!shown) print "line " last + 1 }' "$scratch/expected" tagmanifest-sha256.txt
}

# --- the key -------------------------------------------------------------------------------------

check_key() {
  at_most keys/log.vkey 512
  { IFS= read -r vkey || refuse "keys/log.vkey must be one line"; } <keys/log.vkey
  printf '%s\n' "$vkey" >"$scratch/expected"
  same keys/log.vkey || refuse "keys/log.vkey must be exactly one line"
  key_name=${vkey%%+*}
  key_hash=${vkey#*+}; key_text=${key_hash#*+}; key_hash=${key_hash%%+*}
  is_name "$key_name" || refuse "keys/log.vkey has a wrong name"
  [ "$vkey" = "$key_name+$key_hash+$key_text" ] && is_hex "$key_hash" 8 || refuse "keys/log.vkey must be name+hash+key"
  [ ${#key_text} -eq 44 ] && is_base64_text "$key_text" && decode_base64 "$key_text" || refuse "keys/log.vkey has no canonical base64"
  case $hex in 01*) ;; *) refuse "keys/log.vkey is not an Ed25519 key" ;; esac
  public=${hex#01}
  is_hex "$public" 64 || refuse "keys/log.vkey is not an Ed25519 key"
  name_hex=$(printf '%s' "$key_name" | xxd -p -c 256 | tr -d '\n')
  sha256_of_hex "${name_hex}0a01$public"
  [ "$(printf '%s' "$sum" | cut -c 1-8)" = "$key_hash" ] || refuse "keys/log.vkey: the hash does not belong to name and key"
  printf '302a300506032b6570032100%s' "$public" | xxd -r -p >"$scratch/key"
  { printf -- '-----BEGIN PUBLIC KEY-----\n'; base64 -w 64 <"$scratch/key"; printf -- '-----END PUBLIC KEY-----\n'; } >"$scratch/expected"
  same keys/log.pub || refuse "keys/log.pub is not the key of keys/log.vkey"
  if [ -n "$known_key" ]; then
    [ "$known_key" = "$vkey" ] || refuse "the folder was signed by another log: its key is $vkey"
    say "the ledger is signed by $key_name, with the key you gave"
  else
    say "the ledger is signed by $key_name; compare its key with one you trust: $vkey"
  fi
}

# --- one proof -----------------------------------------------------------------------------------

# Reads FILE strictly: into $index, $hashes, $tree_size, $root_text, $signature. Then writes it anew
# from what was read and demands the same bytes, so that nothing in it can hide.
read_proof() {
  at_most "$1" 8192
  magic=; index=; hashes=; first=; tree_size=; root_text=; empty=; signed_by=
  {
    IFS= read -r magic
    IFS= read -r index
    levels=0
    while IFS= read -r line && [ -n "$line" ]; do
      is_base64_of_32 "$line" || refuse "$1: line $((levels + 3)) is no canonical base64 of 32 bytes"
      levels=$((levels + 1))
      [ $levels -le 63 ] || refuse "$1: too many hashes"
      hashes="$hashes$line "
    done
    IFS= read -r first
    IFS= read -r tree_size
    IFS= read -r root_text
    IFS= read -r empty
    IFS= read -r signed_by
  } <"$1"
  [ "$magic" = "c2sp.org/tlog-proof@v1" ] || refuse "$1: the first line is not c2sp.org/tlog-proof@v1"
  index=${index#index }
  is_decimal "$index" || refuse "$1: the second line is not an index"
  case $first in  # an office may keep several ledgers under its one key: name, or name/ledger
    "$key_name" | "$key_name"/?*) is_name "$first" || refuse "$1: the checkpoint has a wrong origin" ;;
    *) refuse "$1: the checkpoint is of another log" ;;
  esac
  is_decimal "$tree_size" || refuse "$1: the checkpoint has no proper tree size"
  is_base64_of_32 "$root_text" || refuse "$1: the root is no canonical base64 of 32 bytes"
  [ -z "$empty" ] || refuse "$1: the checkpoint has lines too many"
  signature=${signed_by#"$dash $key_name "}
  [ "$signed_by" = "$dash $key_name $signature" ] && is_base64_of_68 "$signature" || refuse "$1: the signature line is malformed"
  {
    printf '%s\nindex %s\n' "$magic" "$index"
    for line in $hashes; do printf '%s\n' "$line"; done
    printf '\n'
  } >"$scratch/expected"
  printf '%s\n%s\n%s\n' "$first" "$tree_size" "$root_text" >"$scratch/message"
  { cat "$scratch/message"; printf '\n%s\n' "$signed_by"; } >>"$scratch/expected"
  same "$1" || refuse "$1 holds bytes beyond what the format allows"
}

check_checkpoint() {  # FILE: the signature over the checkpoint just read
  checkpoint="$first $tree_size $root_text $signature"
  origin=$first
  decode_base64 "$signature" || refuse "$1: the signature is no canonical base64"
  [ "$(printf '%s' "$hex" | cut -c 1-8)" = "$key_hash" ] || refuse "$1: the signature is by another key"
  printf '%s' "$hex" | cut -c 9- | xxd -r -p >"$scratch/signature"
  signature_holds || refuse "$1: the signature over the checkpoint is false"
  decode_base64 "$root_text" || refuse "$1: the root is no canonical base64"
  root=$hex
  say "the signature over the $tree_size entries of the ledger $origin holds"
}

# RFC 9162, 2.1.3.2: from the leaf up to the root.
check_inclusion() {  # ENTRY-FILE PROOF-FILE
  [ "$index" -lt "$tree_size" ] || refuse "$2: the index lies outside the tree"
  node=$({ printf '\000'; cat "$1"; } | sha256sum); node=${node%% *}
  left=$index
  last=$((tree_size - 1))
  path=$(for line in $hashes; do printf '%s' "$line" | base64 -d; done | xxd -p -c 32)
  for hex in $path; do
    [ $last -gt 0 ] || refuse "$2: more hashes than the tree has levels"
    if [ $((left & 1)) -eq 1 ] || [ "$left" -eq $last ]; then
      sha256_of_hex "01$hex$node"
      while [ $((left & 1)) -eq 0 ] && [ "$left" -ne 0 ]; do left=$((left >> 1)); last=$((last >> 1)); done
    else
      sha256_of_hex "01$node$hex"
    fi
    node=$sum
    left=$((left >> 1)); last=$((last >> 1))
  done
  [ $last -eq 0 ] || refuse "$2: fewer hashes than the tree has levels"
  [ "$node" = "$root" ] || refuse "$2: the entry is not in the signed tree at this place"
}

# --- one entry -----------------------------------------------------------------------------------

# Demands canonical JSON (RFC 8785: one object, keys sorted, no white space, shortest escapes,
# integers only) and prints its top members, one "key=value" a line, the values as they are written.
read_json() {
  [ "$(tr -d '\040-\377' <"$1" | wc -c)" -eq 0 ] || return 1
  size_of "$1"; [ "$size" -le 262144 ] || return 1
  xxd -p -c 1 <"$1" | tr '\n' ' ' | grep -Eqx \
    '([2-7][0-9a-f] |(c[2-9a-f]|d[0-9a-f]) [89ab][0-9a-f] |e0 [ab][0-9a-f] [89ab][0-9a-f] |e[1-9a-cef] [89ab][0-9a-f] [89ab][0-9a-f] |ed [89][0-9a-f] [89ab][0-9a-f] |f0 [9ab][0-9a-f] [89ab][0-9a-f] [89ab][0-9a-f] |f[1-3] [89ab][0-9a-f] [89ab][0-9a-f] [89ab][0-9a-f] |f4 8[0-9a-f] [89ab][0-9a-f] [89ab][0-9a-f] )+' ||
    return 1
  { cat "$1"; printf '\n'; } | awk '
    function fail() { bad = 1; exit 1 }
    function take(pattern) {
      if (!match(rest, pattern)) fail()
      taken = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1); return taken
    }
    function string() {
      return take("^\"([^\"\\\\]|\\\\[\"\\\\bfnrt]|\\\\u00(0[0-7be-f]|1[0-9a-f]))*\"")
    }
    function value(depth,  first) {
      if (depth > 32) fail()
      first = substr(rest, 1, 1)
      if (first == "{") return object(depth)
      if (first == "[") return array(depth)
      if (first == "\"") return string()
      if (first == "t") return take("^true")
      if (first == "f") return take("^false")
      if (first == "n") return take("^null")
      return take("^(0|-?[1-9][0-9]*)")
    }
    function array(depth,  all) {
      all = take("^\\[")
      if (substr(rest, 1, 1) == "]") return all take("^\\]")
      all = all value(depth + 1)
      while (substr(rest, 1, 1) == ",") all = all take("^,") value(depth + 1)
      return all take("^\\]")
    }
    function object(depth,  all, key, before, held) {
      all = take("^\\{")
      if (substr(rest, 1, 1) == "}") return all take("^\\}")
      for (;;) {
        key = string(); key = substr(key, 2, length(key) - 2)
        if (before != "" && !(before "" < key "")) fail()
        before = key
        all = all "\"" key "\"" take("^:")
        held = value(depth + 1)
        if (depth == 0 && key ~ /=/) fail()
        if (depth == 0) printf "%s=%s\n", key, held
        all = all held
        if (substr(rest, 1, 1) != ",") break
        all = all take("^,")
      }
      return all take("^\\}")
    }
    NR > 1 { fail() }
    { rest = $0; object(0); if (rest != "") fail() }
    END { if (bad || NR != 1) exit 1 }'
}

member() {  # KEY: its value as written, from $members
  found_member=$newline$members$newline
  case $found_member in *"$newline$1="*) ;; *) return 1 ;; esac
  found_member=${found_member#*"$newline$1="}
  found_member=${found_member%%"$newline"*}
}

check_commitment() {  # NAME
  at_most "$1.salt" 65
  { IFS= read -r salt || refuse "$1.salt must be one line"; } <"$1.salt"
  [ "$size" -eq 65 ] && is_hex "$salt" 64 || refuse "$1.salt must be 64 hex digits and an end of line"
  commitment=$({ printf '%s' "$salt" | xxd -r -p; cat "$1.payload"; } | sha256sum); commitment=${commitment%% *}
  member commit && [ "$found_member" = "\"$commitment\"" ] || refuse "$1.payload and salt do not open the commitment of the entry"
}

check_sealed() {  # NAME: the entry that took the original in must name it
  members=$(read_json "$1.payload") || refuse "$1.payload is not canonical JSON"
  member sha256 && [ "$found_member" = "\"$data_sum\"" ] || refuse "$1.payload names another SHA-256 than that of the original"
  member size && [ "$found_member" = "$data_size" ] || refuse "$1.payload names another size than that of the original"
  sealed=$((sealed + 1))
}

# An entry has one spelling: these members, in this order, and the time to the microsecond.
check_spelling() {  # NAME
  members=$(read_json "$1.json") || refuse "$1.json is not canonical JSON"
  case $(printf '%s\n' "$members" | cut -d = -f 1 | tr '\n' ' ') in
    'act actor commit item seq time ' | 'act actor commit seq time ') ;;
    *) refuse "$1.json has other members than an entry" ;;
  esac
  for key in act actor item; do
    if member $key; then case $found_member in '"'*) ;; *) refuse "$1.json: $key is not a text" ;; esac; fi
  done
  member time
  printf '%s\n' "$found_member" | grep -Eqx \
    '"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"' ||
    refuse "$1.json has no proper time"
}

check_entry() {  # NAME
  check_spelling "$1"
  member seq && is_decimal "$found_member" || refuse "$1.json has no proper seq"
  seq=$found_member
  [ "$seq" -gt "$seq_before" ] || refuse "$1.json: the entries are not in the order of the ledger"
  seq_before=$seq
  member act; act=${found_member#\"}; act=${act%\"}
  check_commitment "$1"
  read_proof "$1.tlog-proof"
  if [ -z "$checkpoint" ]; then check_checkpoint "$1.tlog-proof"; fi
  [ "$checkpoint" = "$first $tree_size $root_text $signature" ] || refuse "$1.tlog-proof: all proofs of a folder must carry the same checkpoint"
  check_inclusion "$1.json" "$1.tlog-proof"
  [ "$seq" -eq "$index" ] || refuse "$1.json: seq $seq is proven at another place, $index"
  case $act in sealed | extracted) check_sealed "$1" ;; esac  # received itself, or found inside another
  say "entry $seq ($act) is in the ledger at index $index and opens"
}

check_entries() {
  checkpoint=; seq_before=-1; sealed=0; number=0
  while [ $number -lt $entries ]; do
    number=$((number + 1))
    check_entry "$(printf 'custody/%04d' $number)"
  done
  [ $sealed -eq 1 ] || refuse "the custody must hold exactly one entry that sealed or extracted the original, and holds $sealed"
  say "the ledger names the original by SHA-256 and size"
}

main() {
  known_key=; folder=
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h) usage; exit 0 ;;
      --key) [ $# -ge 2 ] || { usage >&2; exit 2; }; known_key=$2; shift ;;
      -*) usage >&2; exit 2 ;;
      *) [ -z "$folder" ] || { usage >&2; exit 2; }; folder=$1 ;;
    esac
    shift
  done
  if [ -z "$folder" ]; then case $0 in */*) folder=${0%/*} ;; *) folder=. ;; esac; fi
  case $folder in -*) folder=./$folder ;; esac
  cd "$folder" 2>/dev/null || { printf 'verify.sh: there is no folder %s; give the proof folder\n' "$folder" >&2; exit 2; }
  check_tools
  check_folder
  check_bag
  check_key
  check_entries
  printf 'VERDICT: VERIFIED. The original is the one sealed in the ledger of %s.\n' "$origin"
}

main "$@"
