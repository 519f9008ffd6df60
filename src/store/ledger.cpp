#include <base/bytes.h>
#include <base/json.h>
#include <base/time.h>
#include <store/ledger.h>

#include <algorithm>

namespace store {
namespace {

constexpr std::uint64_t kFan = 256;

std::uint64_t split_of(std::uint64_t n) {  // the largest power of two below n
  std::uint64_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

std::string entry_text(const Act& a, std::uint64_t seq, std::string_view time, std::string_view commit_hex) {
  std::string out = R"({"act":)";
  base::append_json_string(out, a.act);
  out += R"(,"actor":)";
  base::append_json_string(out, a.actor);
  out.append(R"(,"commit":")").append(commit_hex).append("\"");
  if (!a.item.empty()) {
    out += R"(,"item":)";
    base::append_json_string(out, a.item);
  }
  out.append(R"(,"seq":)").append(std::to_string(seq)).append(R"(,"time":")").append(time).append("\"}");
  return out;
}

}  // namespace

base::Digest leaf_hash(std::string_view entry) { return base::sha256(std::string_view("\0", 1), entry); }
base::Digest node_hash(const base::Digest& l, const base::Digest& r) {
  char both[65];
  both[0] = 1;
  std::memcpy(both + 1, l.data(), 32);
  std::memcpy(both + 33, r.data(), 32);
  return base::sha256({both, sizeof both});
}

void Frontier::add(const base::Digest& leaf) { add_subtree(leaf, 1); }
// `h` is the root of n = 2^k leaves, and the size so far is a multiple of n.
void Frontier::add_subtree(const base::Digest& h, std::uint64_t n) {
  base::Digest up = h;
  for (std::uint64_t units = size_ / n; units & 1; units >>= 1) {
    up = node_hash(peaks_.back(), up);
    peaks_.pop_back();
  }
  peaks_.push_back(up);
  size_ += n;
}
base::Digest Frontier::root() const {
  if (peaks_.empty()) return base::sha256("");
  base::Digest h = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) h = node_hash(peaks_[i], h);
  return h;
}

std::string Checkpoint::body() const {
  return origin + "\n" + std::to_string(size) + "\n" + base::base64(base::view(root)) + "\n";
}

namespace {

std::string key_hash(const std::string& name, std::string_view public_key) {
  const base::Digest d = base::sha256(name + "\n\x01", public_key);
  return std::string(base::view(d).substr(0, 4));
}

}  // namespace

std::string verifier_key(const std::string& name, std::string_view public_key) {
  return name + "+" + base::hex(key_hash(name, public_key)) + "+" +
         base::base64("\x01" + std::string(public_key));
}

std::string sign_checkpoint(const Checkpoint& c, const std::string& name, const base::SigningKey& key) {
  const std::string body = c.body();
  return body + "\n\xE2\x80\x94 " + name + " " +
         base::base64(key_hash(name, key.public_key) + key.sign(body)) + "\n";
}

base::Result<Checkpoint> open_checkpoint(std::string_view note, const std::string& name,
                                         std::string_view public_key) {
  const auto wrong = [](const char* what) {
    return base::Error{base::Refusal::invalid, std::string("checkpoint: ") + what};
  };
  std::vector<std::string_view> lines;
  for (std::string_view rest = note; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return wrong("no line end at the end");
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  if (lines.size() < 5 || !lines[3].empty() || lines[0].empty())
    return wrong("must be three lines, an empty one, signatures");
  Checkpoint c;
  c.origin = lines[0];
  if (lines[1].empty() || lines[1].size() > 19 || (lines[1][0] == '0' && lines[1].size() > 1))
    return wrong("size is no plain number");
  for (const char d : lines[1]) {
    if (d < '0' || d > '9') return wrong("size is no plain number");
    c.size = c.size * 10 + static_cast<std::uint64_t>(d - '0');
  }
  const auto root = base::unbase64(lines[2]);
  if (!root || root->size() != 32) return wrong("root is not 32 bytes of base64");
  std::memcpy(c.root.data(), root->data(), 32);
  bool signed_by_us = false;
  for (std::size_t i = 4; i < lines.size(); ++i) {
    const std::string prefix = "\xE2\x80\x94 ";
    if (lines[i].substr(0, prefix.size()) != prefix) return wrong("a signature line begins with a dash");
    const std::string_view rest = lines[i].substr(prefix.size());
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos || rest.find(' ', space + 1) != std::string_view::npos)
      return wrong("a signature line has three words");
    const auto signature = base::unbase64(rest.substr(space + 1));
    if (!signature || signature->size() < 5) return wrong("a signature is base64");
    if (rest.substr(0, space) != name || signature->substr(0, 4) != key_hash(name, public_key))
      continue;  // by others
    if (signature->size() != 68 || !base::verify_ed25519(public_key, c.body(), signature->substr(4)))
      return base::Error{base::Refusal::damaged, "checkpoint: the signature does not hold"};
    signed_by_us = true;
  }
  if (!signed_by_us)
    return base::Error{base::Refusal::damaged, "checkpoint: not signed by the key of this office"};
  return c;
}

bool includes(const Checkpoint& c, std::uint64_t index, const base::Digest& leaf,
              const std::vector<base::Digest>& path) {
  if (index >= c.size) return false;
  std::uint64_t fn = index, sn = c.size - 1;
  base::Digest r = leaf;
  for (const base::Digest& p : path) {
    if (sn == 0) return false;
    if ((fn & 1) || fn == sn) {
      r = node_hash(p, r);
      while (!(fn & 1) && fn) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && r == c.root;
}

// RFC 9162 §2.1.4.2.
bool same_history(const Checkpoint& a, const Checkpoint& b, const std::vector<base::Digest>& proof) {
  if (a.size > b.size) return false;
  if (a.size == b.size) return proof.empty() && a.root == b.root;
  if (a.size == 0) return proof.empty();
  std::vector<base::Digest> path = proof;
  if ((a.size & (a.size - 1)) == 0) path.insert(path.begin(), a.root);
  if (path.empty()) return false;
  std::uint64_t fn = a.size - 1, sn = b.size - 1;
  while (fn & 1) fn >>= 1, sn >>= 1;
  base::Digest fr = path[0], sr = path[0];
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) return false;
    if ((fn & 1) || fn == sn) {
      fr = node_hash(path[i], fr), sr = node_hash(path[i], sr);
      while (!(fn & 1) && fn) fn >>= 1, sn >>= 1;
    } else {
      sr = node_hash(sr, path[i]);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && fr == a.root && sr == b.root;
}

std::string_view Ledger::schema() {
  return "create table ledger (seq {key}, item text, entry text not null, salt {blob} not null, payload text "
         "not null);"
         "create index ledger_item on ledger (item);"
         "create table ledger_node (level {int} not null, place {int} not null, hash {blob} not null,"
         " primary key (level, place));";
}

Ledger::Ledger(Sql& sql) : sql_(sql) {}

void Ledger::again() { current_ = false; }
void Ledger::forget() {
  loaded_ = false;
  open_.clear();
  frontier_ = {};
}

// Takes up the state of the tables: the frontier from complete nodes and the last rows.
void Ledger::load() {
  if (sql_.dialect() == Dialect::postgresql) sql_.script("lock table ledger in exclusive mode");
  const auto rows = static_cast<std::uint64_t>(sql_.number("select coalesce(max(seq), -1) + 1 from ledger"));
  current_ = true;
  if (loaded_ && rows == frontier_.size()) return;
  forget();
  // Level 0 holds leaves, level 1 hashes of 256 leaves, and so on. The incomplete end of every level is
  // `open_`.
  for (int level = 0;; ++level) {
    std::uint64_t unit = 1;
    for (int i = 0; i < level; ++i) unit *= kFan;
    const std::uint64_t units = rows / unit;
    if (level > 0 && units == 0) break;
    std::vector<base::Digest>& last = open_[level];
    for (std::uint64_t i = units - units % kFan; i < units; ++i) last.push_back(subtree(i * unit, unit));
    if (units == 0) break;
  }
  for (auto level = open_.rbegin(); level != open_.rend(); ++level) {
    std::uint64_t unit = 1;
    for (int i = 0; i < level->first; ++i) unit *= kFan;
    for (const base::Digest& h : level->second) frontier_.add_subtree(h, unit);
  }
  CHECK(frontier_.size() == rows);
  loaded_ = true;
}

std::uint64_t Ledger::append(const Act& act, std::int64_t now) {
  if (!loaded_ || !current_) load();
  const std::uint64_t seq = frontier_.size();
  char salt[32];
  base::random_bytes(salt, sizeof salt);
  const base::Digest commit = base::sha256({salt, sizeof salt}, act.payload);
  const std::string entry = entry_text(act, seq, base::rfc3339_micros(now), base::hex(base::view(commit)));
  Statement& s = sql_.prepare("insert into ledger (seq, item, entry, salt, payload) values (?, ?, ?, ?, ?)");
  s.with(1, static_cast<std::int64_t>(seq))
      .with(3, entry)
      .with_blob(4, {salt, sizeof salt})
      .with(5, act.payload);
  s.bind(2, act.item.empty() ? record::Cell{} : record::Cell::text(act.item));
  while (s.step()) {}
  s.reset();
  const base::Digest leaf = leaf_hash(entry);
  frontier_.add(leaf);
  base::Digest up = leaf;
  for (int level = 0;; ++level) {
    std::vector<base::Digest>& last = open_[level];
    last.push_back(up);
    if (last.size() < kFan) break;
    std::vector<base::Digest> pairs = std::exchange(last, {});
    while (pairs.size() > 1) {
      for (std::size_t i = 0; i < pairs.size() / 2; ++i) pairs[i] = node_hash(pairs[2 * i], pairs[2 * i + 1]);
      pairs.resize(pairs.size() / 2);
    }
    up = pairs[0];
    std::uint64_t unit = kFan;
    for (int i = 0; i < level; ++i) unit *= kFan;
    sql_.run("insert into ledger_node (level, place, hash) values (?, ?, ?)", level + 1, (seq + 1) / unit - 1,
             record::Cell::blob(base::view(up)));
  }
  return seq;
}

std::uint64_t Ledger::size() {
  return static_cast<std::uint64_t>(sql_.number("select coalesce(max(seq), -1) + 1 from ledger"));
}

base::Digest Ledger::subtree(std::uint64_t from, std::uint64_t n) {
  if (n == 1) {
    base::Digest h{};
    bool met = false;
    sql_.each(
        "select entry from ledger where seq = ?", [&](Statement& s) { h = leaf_hash(s.text(0)), met = true; },
        from);
    if (!met) base::fault("ledger row " + std::to_string(from) + " is missing");
    return h;
  }
  int level = 0;
  for (std::uint64_t unit = kFan; unit <= n; unit *= kFan) {
    ++level;
    if (unit != n || from % n) continue;
    base::Digest h{};
    bool met = false;
    sql_.each(
        "select hash from ledger_node where level = ? and place = ?",
        [&](Statement& s) {
          const std::string_view b = s.text(0);
          if (b.size() == 32) std::memcpy(h.data(), b.data(), 32), met = true;
        },
        level, from / n);
    if (met) return h;
  }
  const std::uint64_t k = split_of(n);
  const base::Digest left = subtree(from, k);
  return node_hash(left, subtree(from + k, n - k));
}

base::Digest Ledger::root_of(std::uint64_t n) { return n ? subtree(0, n) : base::sha256(""); }
Checkpoint Ledger::head(const std::string& origin) {
  const std::uint64_t n = size();
  return {origin, n, root_of(n)};
}

std::vector<base::Digest> Ledger::inclusion(std::uint64_t index, std::uint64_t n) {
  std::vector<base::Digest> path;
  std::uint64_t from = 0;
  while (n > 1) {
    const std::uint64_t k = split_of(n);
    if (index - from < k) {
      path.push_back(subtree(from + k, n - k));
      n = k;
    } else {
      path.push_back(subtree(from, k));
      from += k, n -= k;
    }
  }
  return {path.rbegin(), path.rend()};
}

std::vector<base::Digest> Ledger::consistency(std::uint64_t m, std::uint64_t n) {
  std::vector<base::Digest> path;
  if (m == 0 || m == n) return path;
  std::uint64_t from = 0;
  bool whole = true;
  while (m != n) {
    const std::uint64_t k = split_of(n);
    if (m <= k) {
      path.push_back(subtree(from + k, n - k));
      n = k;
    } else {
      path.push_back(subtree(from, k));
      from += k, m -= k, n -= k;
      whole = false;
    }
  }
  if (!whole) path.push_back(subtree(from, n));
  return {path.rbegin(), path.rend()};
}

void Ledger::of_item(std::string_view item, const std::function<void(const Row&)>& row,
                     const std::vector<std::uint64_t>& also) {
  const auto give = [&](Statement& s) {
    row({static_cast<std::uint64_t>(s.integer(0)), s.text(1), s.text(2), s.text(3)});
  };
  auto next = also.begin();
  const auto give_before = [&](std::uint64_t seq) {
    for (; next != also.end() && *next < seq; ++next)
      sql_.each("select seq, entry, salt, payload from ledger where seq = ?", give, *next);
  };
  sql_.each(
      "select seq, entry, salt, payload from ledger where item = ? order by seq",
      [&](Statement& s) {
        give_before(static_cast<std::uint64_t>(s.integer(0)));
        give(s);
      },
      item);
  give_before(UINT64_MAX);
}

void Ledger::scan(const std::function<bool(const Row&)>& row) {
  Statement& s = sql_.prepare("select seq, entry, salt, payload from ledger order by seq");
  while (s.step())
    if (!row({static_cast<std::uint64_t>(s.integer(0)), s.text(1), s.text(2), s.text(3)})) break;
  s.reset();
}

void Ledger::scan_back(std::uint64_t before, const std::function<bool(const Row&)>& row) {
  Statement& s = sql_.prepare("select seq, entry, salt, payload from ledger where seq < ? order by seq desc");
  s.with(1, static_cast<std::int64_t>(std::min<std::uint64_t>(before, INT64_MAX)));
  while (s.step())
    if (!row({static_cast<std::uint64_t>(s.integer(0)), s.text(1), s.text(2), s.text(3)})) break;
  s.reset();
}

// The entry is walked against the only spelling it may have, so that two readers cannot read it in two ways.
base::Status Ledger::check_row(const Row& row) {
  const auto bad = [&](const char* what) {
    return base::Error{base::Refusal::damaged, "ledger row " + std::to_string(row.seq) + ": " + what};
  };
  std::string_view e = row.entry;
  const auto eat = [&](std::string_view word) {
    if (e.substr(0, word.size()) != word) return false;
    e.remove_prefix(word.size());
    return true;
  };
  const auto string = [&]() -> bool {  // up to and with the closing quote
    for (std::size_t i = 0; i < e.size(); ++i) {
      if (e[i] == '\\')
        ++i;
      else if (e[i] == '"') {
        e.remove_prefix(i + 1);
        return true;
      } else if (static_cast<unsigned char>(e[i]) < 0x20)
        return false;
    }
    return false;
  };
  if (!eat(R"({"act":")") || !string() || !eat(R"(,"actor":")") || !string() || !eat(R"(,"commit":")"))
    return bad("the entry is not in its canonical form");
  const std::string_view commit = e.substr(0, 64);
  if (!string() || commit.size() != 64 || commit.find('"') != std::string_view::npos)
    return bad("no commitment");
  if (eat(R"(,"item":")") && !string()) return bad("the entry is not in its canonical form");
  if (!eat(R"(,"seq":)") || !eat(std::to_string(row.seq)) || !eat(R"(,"time":")"))
    return bad("the entry tells another number");
  const std::string_view time = e.substr(0, 27);
  if (!string() || e != "}" || time.size() != 27 || time[26] != 'Z' || !base::parse_rfc3339(time))
    return bad("no time");
  if (row.salt.size() != 32) return bad("no salt");
  if (base::hex(base::view(base::sha256(row.salt, row.payload))) != commit)
    return bad("the payload is not what the entry commits to");
  return base::Done{};
}

}  // namespace store
