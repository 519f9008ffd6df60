#include "case_file.h"
#include "custody_records.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/ask.h>

#include <algorithm>
#include <cstdlib>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <map>
#include <unordered_map>

namespace evidence {
namespace {

std::int64_t bytes_in(const std::string& folder, std::string_view begins = {}) {
  std::int64_t n = 0;
  std::error_code error;
  for (const auto& e : std::filesystem::directory_iterator(folder, error))
    if (e.is_regular_file() && e.path().filename().string().starts_with(begins))
      n += static_cast<std::int64_t>(e.file_size());
  return n;
}

}  // namespace

Totals totals_of(CaseFile& file) {
  Totals t;
  file.records().each("select state, count(*) from item group by state", [&](store::Statement& s) {
    const std::string_view state = s.text(0);
    const std::int64_t n = s.integer(1);
    t.expected += n;
    (state == kExtracted ? t.extracted
     : state == kFailed  ? t.failed
     : state == kSkipped ? t.skipped
                         : t.pending) += n;
  });
  return t;
}

Account account(CaseFile& file) {
  Account a;
  store::Sql& sql = file.records();
  a.totals = totals_of(file);
  sql.each(
      "select number, path, type, expected, part_extracted, part_failed, part_skipped from item where "
      "expected > 0 order by number",
      [&](store::Statement& s) {
        a.containers.push_back({file.code_of(s.integer(0)), std::string(s.text(1)), std::string(s.text(2)),
                                s.integer(3), s.integer(4), s.integer(5), s.integer(6)});
      });
  std::map<std::string, std::int64_t> reasons;
  sql.each(
      "select number, path, state, reason, findings from item where findings <> '[]' or state in ('failed', "
      "'skipped', 'pending') order by number",
      [&](store::Statement& s) {
        const std::string state(s.text(2));
        const bool given = s.cell(3).is == record::Cell::Is::text;
        Failure f{file.code_of(s.integer(0)), std::string(s.text(1)), state,
                  given ? std::string(s.text(3)) : "", ""};
        for (const auto& [reason, detail] : pairs_of(s.text(4))) {
          if (f.reason.empty()) f.reason = reason;
          if (f.detail.empty()) f.detail = detail;
        }
        if (state != kPending) ++reasons[f.reason];
        (state == kFailed ? a.failures : state == kSkipped ? a.skipped : a.partial).push_back(std::move(f));
      });
  a.reasons.assign(reasons.begin(), reasons.end());
  sql.each("select type, count(*) from item group by type order by count(*) desc, type",
           [&](store::Statement& s) { a.types.emplace_back(s.text(0), s.integer(1)); });
  a.duplicates = sql.number("select count(*) from item where same_as > 0 and same_as <> number");
  a.near_duplicates = sql.number("select count(*) from item where \"like\" > 0 and \"like\" <> number");
  a.threads = sql.number("select count(distinct thread) from item where thread is not null");
  a.low_ocr = sql.number("select count(*) from item where metadata like '%[\"x.ocr_low\",%'");
  a.bytes_originals = sql.number("select coalesce(sum(size), 0) from item where parent = 0");
  a.bytes_text = sql.number("select coalesce(sum(text_bytes), 0) from item");
  a.bytes_vault = bytes_in(file.folder() + "/vault");
  a.bytes_index = bytes_in(file.office().index_folder(file.name()));
  a.bytes_records =
      sql.dialect() == store::Dialect::postgresql
          ? sql.number(
                "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class where relkind "
                "= 'r' and relnamespace = current_schema()::regnamespace")
          : bytes_in(file.folder(), "records.db");
  return a;
}

namespace {

// Every object the records name is opened whole and hashed; one object may serve many items.
void verify_objects(CaseFile& file, Verdict& v, const std::function<void(std::int64_t, std::int64_t)>& tick) {
  struct Object {
    store::Place place;
    std::int64_t item;
    std::string sha256;  // empty: a derived object, which its key commitment and tags protect
    std::string what;
    std::int64_t inflated = -1;
  };
  std::map<std::pair<std::int64_t, std::int64_t>, Object> objects;  // in the order they lie on the disk
  std::int64_t bytes = 0;
  file.records().each(
      "select number, pack, pack_offset, size, commitment, sha256 from item where pack > 0",
      [&](store::Statement& s) {
        Object o{{s.integer(1), s.integer(2), s.integer(3), std::string(s.text(4))},
                 s.integer(0),
                 std::string(s.text(5)),
                 "original",
                 -1};
        const auto [at, fresh] = objects.try_emplace({o.place.pack, o.place.offset}, o);
        if (fresh)
          bytes += o.place.bytes;
        else if (at->second.sha256 != o.sha256 || at->second.place.commitment != o.place.commitment)
          v.deviations.push_back(file.code_of(o.item) + ": its place in the vault is that of other bytes (" +
                                 file.code_of(at->second.item) + ")");
      });
  file.records().each(
      "select number, text_pack, text_offset, text_stored, text_commitment, text_bytes from item where "
      "text_pack > 0",
      [&](store::Statement& s) {
        Object o{{s.integer(1), s.integer(2), s.integer(3), std::string(s.text(4))},
                 s.integer(0),
                 "",
                 "text",
                 s.integer(5)};
        if (objects.try_emplace({o.place.pack, o.place.offset}, o).second) bytes += o.place.bytes;
      });
  file.records().each("select item, pack, pack_offset, size, commitment from derived",
                      [&](store::Statement& s) {
                        Object o{{s.integer(1), s.integer(2), s.integer(3), std::string(s.text(4))},
                                 s.integer(0),
                                 "",
                                 "derived object",
                                 -1};
                        if (objects.try_emplace({o.place.pack, o.place.offset}, o).second)
                          bytes += o.place.bytes;
                      });
  std::int64_t done = 0, pack = 0;
  base::Hasher hasher;
  for (const auto& [at, o] : objects) {
    if (std::exchange(pack, o.place.pack) != o.place.pack)
      if (const base::Status s = file.vault().check_pack(pack); !s.ok())
        v.deviations.push_back(s.error().message);
    store::Opener opener = file.vault().open(o.place);
    std::string trouble;
    for (std::uint64_t k = 0; k < opener.chunks() && trouble.empty(); ++k) {
      const auto chunk = opener.chunk(k);
      if (!chunk.ok())
        trouble = chunk.error().message;
      else if (!o.sha256.empty())
        hasher.add(*chunk);
      done += static_cast<std::int64_t>(store::kChunk);
    }
    if (trouble.empty())
      if (const base::Status s = opener.check_behind(); !s.ok()) trouble = s.error().message;
    const std::string hash = hasher.finish();
    if (trouble.empty() && !o.sha256.empty() && hash != o.sha256)
      trouble = "SHA-256 is " + base::hex(hash) + ", recorded is " + base::hex(o.sha256);
    if (!trouble.empty()) v.deviations.push_back(file.code_of(o.item) + " (" + o.what + "): " + trouble);
    ++v.objects;
    v.object_bytes += o.place.bytes;
    if (tick && v.objects % 256 == 0) tick(std::min(done, bytes), bytes);
  }
}

// One ledger against the checkpoints of its home (`folder`) and the one with the keys.
void check_ledger(store::Ledger& ledger, const Office& office, const std::string& origin,
                  const std::string& folder, Verdict& v,
                  const std::function<void(const store::Ledger::Row&)>& each) {
  std::map<std::uint64_t, std::vector<std::pair<std::string, base::Digest>>> heads;
  std::uint64_t largest = 0;
  const auto take = [&](const std::string& path, const std::string& note) {
    const auto c = store::open_checkpoint(note, office.signer(), office.secrets().public_key());
    ++v.checkpoints;
    if (!c.ok())
      v.deviations.push_back(path + ": " + c.error().message);
    else if (c->origin != origin)
      v.deviations.push_back(path + ": tells of another ledger, " + c->origin);
    else
      heads[c->size].emplace_back(path, c->root), largest = std::max(largest, c->size);
  };
  std::error_code error;
  for (const auto& e : std::filesystem::directory_iterator(folder, error))
    if (e.path().extension() == ".checkpoint") take(e.path().string(), base::read_file(e.path().string()));
  const std::string apart = "the checkpoint with the keys, of " + origin;
  const auto kept = office.secrets().last(origin);
  if (!kept.ok())
    v.deviations.push_back(apart + ": " + kept.error().message);
  else if (!kept->empty())
    take(apart, *kept);
  else if (largest)
    v.deviations.push_back(apart + ": it is missing");

  store::Frontier tree;
  const auto compare = [&] {
    if (const auto at = heads.find(tree.size()); at != heads.end())
      for (const auto& [path, root] : at->second)
        if (tree.root() != root)
          v.deviations.push_back(path + ": the ledger of that size had another root; its rows were changed");
  };
  compare();
  std::uint64_t expected = 0;
  ledger.scan([&](const store::Ledger::Row& r) {
    if (r.seq != expected) {
      v.deviations.push_back("ledger: rows " + std::to_string(expected) + " to " + std::to_string(r.seq - 1) +
                             " are missing");
      expected = r.seq;
    }
    ++expected;
    if (const base::Status s = store::Ledger::check_row(r); !s.ok())
      v.deviations.push_back(s.error().message);
    tree.add(store::leaf_hash(r.entry));
    ++v.rows;
    compare();
    if (each) each(r);
    return v.deviations.size() < 10'000;
  });
  if (tree.size() < largest)
    v.deviations.push_back("ledger: " + std::to_string(tree.size()) +
                           " rows, but a checkpoint was signed over " + std::to_string(largest) +
                           "; rows were cut off, or two homes share one folder of keys");
  // The tree that proofs are made of must be the tree of the rows.
  if (tree.size() && ledger.root_of(tree.size()) != tree.root())
    v.deviations.push_back("ledger: the stored tree does not fit the rows");
}

// What was handed over, against what the ledger says was: the payloads of the issues.
void verify_lists(CaseFile& file, const std::vector<std::string>& issues, Verdict& v) {
  for (const std::string& payload : issues) {
    std::int64_t list = 0;
    if (std::sscanf(payload.c_str(), "{\"list\":%" SCNd64, &list) != 1 ||
        payload.find("\"sha256\":\"" + lines_hash(file, list) + "\"") == std::string::npos)
      v.deviations.push_back("hand-over list " + std::to_string(list) +
                             ": its lines are not those that the ledger tells of");
  }
}

void verify_ledger(CaseFile& file, Verdict& v) {
  std::vector<std::string> issues;
  std::unordered_map<std::string, std::string> sealed;  // item -> sha256 that the ledger tells
  check_ledger(file.desk().ledger(), file.office(), file.origin(), file.folder() + "/checkpoints", v,
               [&](const store::Ledger::Row& r) {
                 if (r.entry.starts_with(R"({"act":"hand_over_issued")")) issues.emplace_back(r.payload);
                 if (!r.entry.starts_with(R"({"act":"sealed")")) return;
                 const std::size_t item = r.entry.find(R"("item":")"), hash = r.payload.find(R"("sha256":")");
                 if (item == std::string_view::npos || hash == std::string_view::npos) return;
                 const std::size_t end = r.entry.find('"', item + 8);
                 sealed[std::string(r.entry.substr(item + 8, end - item - 8))] =
                     base::unhex(r.payload.substr(hash + 10, 64)).value_or("");
               });
  verify_lists(file, issues, v);
  file.records().each("select number, sha256 from item where pack > 0", [&](store::Statement& s) {
    const std::string code = file.code_of(s.integer(0));
    const auto at = sealed.find(code);
    if (at == sealed.end())
      v.deviations.push_back(code + ": the ledger knows of no sealing");
    else if (at->second != s.text(1))
      v.deviations.push_back(code + ": the record tells another SHA-256 than the ledger");
    else
      sealed.erase(at);
  });
  for (const auto& [code, hash] : sealed)
    v.deviations.push_back(code + ": the ledger tells of its sealing, but there is no such item");
}

void verify_account(CaseFile& file, Verdict& v) {
  file.records().each(
      "select p.number, p.expected, p.part_extracted, p.part_failed, p.part_skipped, count(c.number) from "
      "item p left join item c on c.parent = p.number"
      " where p.state <> 'pending' group by p.number having p.expected <> p.part_extracted + p.part_failed + "
      "p.part_skipped or p.expected < count(c.number)",
      [&](store::Statement& s) {
        v.deviations.push_back(file.code_of(s.integer(0)) +
                               ": its account does not add up: " + std::to_string(s.integer(1)) +
                               " expected, " + std::to_string(s.integer(2)) + " extracted, " +
                               std::to_string(s.integer(3)) + " failed, " + std::to_string(s.integer(4)) +
                               " skipped, " + std::to_string(s.integer(5)) + " there");
      });
  v.items = file.records().number("select count(*) from item");
  file.records().each(
      "select number from item where parent > 0 and parent not in (select number from item)",
      [&](store::Statement& s) {
        v.deviations.push_back(file.code_of(s.integer(0)) + ": the item it was found in is not there");
      });
}

}  // namespace

Verdict verify(CaseFile& file, const std::function<void(std::int64_t, std::int64_t)>& tick) {
  Verdict v;
  const base::Clock& clock = file.office().clock();
  double t = clock.seconds();
  verify_ledger(file, v);
  v.seconds_rows = clock.seconds() - t;
  t = clock.seconds();
  verify_objects(file, v, tick);
  v.seconds_objects = clock.seconds() - t;
  verify_account(file, v);
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("objects", v.objects)
      .member("rows", v.rows)
      .member("deviations", static_cast<std::int64_t>(v.deviations.size()))
      .end_object();
  static_cast<void>(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"verified", file.actor(), "", payload});
    return base::Done{};
  }));
  if (v.deviations.empty())
    if (const auto s = file.checkpoint(); !s.ok()) v.deviations.push_back(s.error().message);
  return v;
}

Verdict verify_office(Office& office) { return verify_office(office, office.records()); }
Verdict verify_office(Office& office, store::Sql& sql) {
  Verdict v;
  store::Ledger ledger(sql);
  check_ledger(ledger, office, office.origin(), office.home() + "/checkpoints", v, {});
  return v;
}

base::Status reindex(CaseFile& file, const std::function<void(std::int64_t, std::int64_t)>& tick) {
  const std::string folder = file.index_options().folder;
  for (const auto& e : std::filesystem::directory_iterator(folder)) std::filesystem::remove(e.path());
  search::Index index(file.index_options());
  file.catch_up(index, tick);
  index.optimize();
  return base::Done{};
}

}  // namespace evidence
