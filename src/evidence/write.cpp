// The writer: one transaction for many arrivals and outcomes, vault and ledger with them.
#include "pipeline.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>

#include <algorithm>
#include <cstdlib>

namespace evidence {

struct Pipeline::Batch {
  std::vector<std::pair<Item, std::string>> added, changed;  // with the payload of their ledger row
  std::vector<Derived> derived;
  std::unordered_map<std::string, const Item*> by_hash;  // first of this batch with these bytes
  std::vector<std::unique_ptr<Item>> owned;              // what by_hash points to
  std::unordered_map<std::string, std::string> threads;  // message id -> thread, of this batch
  std::vector<search::Document> documents;
  std::vector<Work> works;
  std::vector<std::pair<std::string, std::string>> sealed;  // sha256, path: to be acknowledged
  std::int64_t ended = 0, failed = 0;
};

namespace {

bool skips(std::string_view reason) {
  return reason == "symlink" || reason == "special_file" || reason == "outside" || reason == "empty";
}

// Members in the order of their names: the payload of a sealing has one spelling (docs/formats/proof.md).
std::string sealed_payload(const Item& i, const IngestOptions& o) {
  std::string p;
  base::JsonWriter w(p);
  w.object();
  if (!i.parent) w.member("collector", o.collector);
  w.member("delivery", i.delivery);
  if (i.md5) w.member("md5", base::hex(i.md5->bytes));
  if (i.modified) w.member("modified", *i.modified);
  if (i.origin) w.member("origin", *i.origin);
  if (i.parent) w.member("parent", i.parent);
  w.member("path", i.path);
  if (i.reason) w.member("reason", *i.reason);
  if (i.sha1) w.member("sha1", base::hex(i.sha1->bytes));
  w.member("sha256", i.sha256 ? base::hex(i.sha256->bytes) : "").member("size", i.size);
  if (!i.parent) w.member("source", o.source);
  w.end_object();
  return p;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string trimmed(std::string s) {
  const std::string_view t = base::trim(s);
  return std::string(base::cut(t, 8000));
}

}  // namespace

// Seals small bytes, or finds that the case has them.
void Pipeline::keep_bytes(Batch& b, Item& i, const std::shared_ptr<std::string>& bytes) {
  i.same_as = i.number;
  const Item* first = nullptr;
  Item known;
  if (const auto at = b.by_hash.find(i.sha256->bytes); at != b.by_hash.end()) {
    first = at->second;
  } else if (i.number > 1) {
    file_.records().each(
        "select number, pack, pack_offset, commitment, state, reason from item where sha256 = ? and pack > 0 "
        "order by number limit 1",
        [&](store::Statement& s) {
          known.number = s.integer(0), known.pack = s.integer(1), known.pack_offset = s.integer(2);
          known.commitment = Octets{std::string(s.text(3))};
          known.state = s.text(4);
          if (s.cell(5).is == record::Cell::Is::text) known.reason = std::string(s.text(5));
        },
        record::Cell::blob(i.sha256->bytes));
    if (known.number) first = &known;
  }
  if (first && first->number != i.number) {
    i.same_as = first->number;
    if (i.pack == 0)
      i.pack = first->pack, i.pack_offset = first->pack_offset, i.commitment = first->commitment;
    // Bytes that broke a reader once break it again: told at once, without another try.
    static constexpr std::string_view deadly[] = {"bomb", "crashed", "timed_out", "out_of_memory"};
    if (i.state == kPending && first->state == kFailed && first->reason &&
        std::ranges::find(deadly, *first->reason) != std::end(deadly)) {
      i.state = kFailed, i.reason = first->reason;
      auto findings = pairs_of(i.findings);
      findings.emplace_back(*first->reason, "same bytes as " + file_.code_of(first->number));
      i.findings = json_of(findings);
    }
    return;
  }
  if (i.pack != 0) {
    const std::lock_guard lock(large_mutex_);
    large_.try_emplace(i.sha256->bytes, CaseFile::bytes_place(i));
  }
  if (i.pack == 0) {
    CHECK(bytes);
    const store::Place p = appenders_[1]->put(*bytes);
    i.pack = p.pack, i.pack_offset = p.offset, i.commitment = Octets{p.commitment};
  }
  b.owned.push_back(std::make_unique<Item>(i));
  b.by_hash.emplace(i.sha256->bytes, b.owned.back().get());
}

std::string Pipeline::thread_of(const Item& i, const Told& t, const Batch& b) {
  std::string before = t.first("references");
  before = before.substr(0, before.find(' '));
  if (before.empty()) before = t.first("in_reply_to");
  const std::string of = before.empty() ? i.message_id.value_or("") : before;
  if (of.empty()) return of;
  if (const auto at = b.threads.find(of); at != b.threads.end()) return at->second;
  std::string known;
  if (!before.empty())
    file_.records().each(
        "select thread from item where message_id = ? and thread is not null limit 1",
        [&](store::Statement& s) { known = s.text(0); }, std::string_view(of));
  return known.empty() ? of : known;
}

// What the worker told becomes what the record says.
void Pipeline::apply(Batch& b, Item& i, Told& t, bool ocr) {
  const bool had_text = i.text_bytes > 0;
  auto findings = pairs_of(i.findings);
  if (i.runs > 0)
    std::erase_if(findings, [](const auto& f) {
      return f.first != "damaged" || f.second.find("while it was read") == std::string::npos;
    });
  findings.insert(findings.end(), t.findings.begin(), t.findings.end());
  if (std::exchange(i.runs, i.runs + 1) > 0) i.title = i.author = i.sender = i.receiver = "";
  std::vector<std::string> receivers;
  std::vector<std::pair<std::string, std::string>> metas;
  std::string languages, given_languages;
  bool wants_ocr = false;
  static constexpr std::string_view dates[] = {"date.sent",  "date.taken",    "date.created",
                                               "date.start", "date.received", "date.modified"};
  std::size_t best = std::size(dates);
  for (auto& [k, v] : t.metas) {
    if (k == "type")
      i.type = v;
    else if (k == "title" && i.title.empty())
      i.title = trimmed(v);
    else if (k == "author")
      i.author += (i.author.empty() ? "" : "; ") + trimmed(v);
    else if (k == "from" && i.sender.empty())
      i.sender = trimmed(v);
    else if (k == "to" || k == "cc" || k == "bcc")
      receivers.push_back(trimmed(v));
    else if (k == "message_id" && !i.message_id)
      i.message_id = trimmed(v);
    else if (k == "languages")
      languages = v;
    else if (k == "language")
      given_languages = base::lower_ascii(v).substr(0, 2);
    else if (k == "ocr.wanted")
      wants_ocr = true;
    else if (k == "sketch")
      i.sketch = Octets{base::unhex(v).value_or("")};
    else if (k == "words")
      i.words = std::atoll(v.c_str());
    else if (k == "pages")
      i.pages = std::atoll(v.c_str());
    for (std::size_t d = 0; d < best; ++d)
      if (k == dates[d])
        if (const auto s = base::parse_rfc3339(v)) best = d, i.date = *s, i.date_text = v, i.date_origin = k;
    if (k != "sketch" && k != "words" && k != "languages") metas.emplace_back(k, std::move(v));
  }
  i.receiver = base::join(receivers, "; ");
  i.languages = languages.empty() ? given_languages : languages;
  i.metadata = json_of(metas);
  if (i.pages == 0) i.pages = t.text.empty() && t.pages == 1 ? 0 : t.pages;
  if (!t.machine.empty()) i.machine = t.machine;
  if (const std::string thread = thread_of(i, t, b); !thread.empty()) {
    i.thread = thread;
    if (i.message_id) b.threads[*i.message_id] = thread;
  }
  const bool blank = t.text.find_first_not_of(" \n\t\f") == std::string::npos;
  if (ocr && blank && had_text)
    t.text.clear();  // recognition found nothing: what was there stays
  else if (blank)
    i.text_pack = i.text_offset = i.text_stored = i.text_bytes = 0, i.text_commitment.reset();
  else {
    const std::string stored = compress(t.text);
    const store::Place p = appenders_[1]->put(stored);
    i.text_pack = p.pack, i.text_offset = p.offset, i.text_stored = p.bytes,
    i.text_commitment = Octets{p.commitment};
    i.text_bytes = static_cast<std::int64_t>(t.text.size());
  }
  for (auto& [kind, bytes] : t.derived) {
    const store::Place p = appenders_[1]->put(bytes);
    b.derived.push_back({next_derived_++, i.number, kind, p.pack, p.offset, p.bytes, {p.commitment}});
  }
  i.findings = json_of(findings);
  i.ocr = ocr ? 2 : wants_ocr && options_.ocr ? 1 : 0;
  const bool nothing = i.text_bytes == 0 && t.parts.empty() && t.parts_sent == 0 &&
                       next_place_.find(i.number) == next_place_.end();
  i.reason.reset();
  if (findings.empty() || !nothing) {
    i.state = kExtracted;
  } else {
    i.reason = findings.front().first;
    i.state = skips(*i.reason) ? kSkipped : kFailed;
  }
  i.sequence = next_sequence_++;
}

// Limits on all that comes out of one received thing, whatever the nesting: the part is sealed, but not
// opened.
std::pair<std::string, std::string> Pipeline::beyond_limits(const Item& i) {
  Family& f = families_[i.family];
  if (f.items++ == 0)
    f.received_bytes =
        std::max<std::int64_t>(1, file_.records().number("select size from item where number = ?", i.family));
  f.bytes += i.size;
  if (i.depth > Limits::depth_max) return {"too_deep", "containers inside containers beyond the limit"};
  if (f.items > Limits::family_items_max) return {"too_large", "more items in one family than the limit"};
  if (f.bytes > Limits::family_ratio_floor && f.bytes / f.received_bytes > Limits::family_ratio_max)
    return {"bomb", "the family expands beyond " + std::to_string(Limits::family_ratio_max) +
                        " times what was received"};
  return {};
}

void Pipeline::add_part(Batch& b, Item& parent, std::unique_ptr<Told>& told, std::int64_t place) {
  Told& t = *told;
  Item i;
  i.parent = parent.number, i.family = parent.family, i.depth = parent.depth + 1,
  i.delivery = parent.delivery, i.place = place;
  std::string name = t.info.name;
  while (!name.empty() && name.front() == '/') name.erase(0, 1);
  if (name.empty()) name = "part-" + std::to_string(place + 1);
  i.path = parent.path + "/" + name;
  static constexpr std::string_view kinds[] = {"file", "attachment", "message", "record"};
  i.kind = kinds[static_cast<std::size_t>(t.info.kind)];
  if (!t.info.modified.empty()) i.modified = t.info.modified;
  i.received = file_.desk().now();
  i.findings = i.metadata = "[]";
  i.size = static_cast<std::int64_t>(t.size);
  if (!t.failure.empty()) i.findings = json_of({{t.failure, t.failure_detail}});
  if (!t.sha256.empty()) i.sha256 = Octets{t.sha256};
  if (const auto met = met_before_.find(parent.number);
      met != met_before_.end() && met->second.contains({place, i.path})) {
    ++(t.failure.empty()  ? parent.part_extracted
       : skips(t.failure) ? parent.part_skipped
                          : parent.part_failed);
    return;
  }
  i.number = next_number_++;
  ++end_.parts;
  ++progress_.items;
  i.state = kPending;
  if (!t.failure.empty())
    ++(skips(t.failure) ? parent.part_skipped : parent.part_failed);
  else
    ++parent.part_extracted;
  if (t.item) {
    std::vector<std::unique_ptr<Told>> parts = std::move(t.parts);
    const std::uint64_t count = parts.size();
    add_parts(b, i, parts);
    t.parts_sent = count;
    apply(b, i, t, false);
    close_account(b, i, t);
    ++b.ended;
    b.documents.push_back(file_.document_of(i, std::move(t.text), custodian_));
  } else if (t.has_bytes) {
    if (t.place.pack)
      i.pack = t.place.pack, i.pack_offset = t.place.offset, i.commitment = Octets{t.place.commitment};
    if (i.size == 0) {
      i.state = kSkipped, i.reason = "empty", i.findings = json_of({{"empty", "zero bytes"}});
    } else if (const auto [why, detail] = beyond_limits(i); !why.empty()) {
      i.state = kFailed, i.reason = why;
      i.findings = json_of({{why, detail}});
    }
    keep_bytes(b, i, t.bytes);
    b.sealed.emplace_back(base::hex(t.sha256), i.path);
    if (i.state == kPending)
      b.works.push_back({i.number, file_name(i.path), t.size, t.bytes, CaseFile::bytes_place(i), false});
  } else {
    i.reason = t.failure.empty() ? "internal" : t.failure;
    i.state = skips(*i.reason) ? kSkipped : kFailed;
  }
  if (i.state == kFailed) ++b.failed;
  if (i.state != kPending && !i.sequence) {
    i.sequence = next_sequence_++;
    ++b.ended;
    b.documents.push_back(file_.document_of(i, "", custodian_));
  }
  b.added.emplace_back(std::move(i), std::string());
  b.added.back().second = sealed_payload(b.added.back().first, options_);
}

void Pipeline::add_parts(Batch& b, Item& parent, std::vector<std::unique_ptr<Told>>& parts) {
  if (parts.empty()) return;
  std::int64_t& place = next_place_[parent.number];
  for (auto& p : parts) add_part(b, parent, p, place++);
  parts.clear();
}

// expected = extracted + failed + skipped, with a lost part for each one nobody can show.
void Pipeline::close_account(Batch& b, Item& i, const Told& t) {
  std::int64_t sum = i.part_extracted + i.part_failed + i.part_skipped;
  const auto expected =
      t.expects ? static_cast<std::int64_t>(std::min<std::uint64_t>(t.expected, 1u << 30)) : sum;
  constexpr std::int64_t named_max = 1000;
  if (expected > sum) {
    const std::int64_t missing = expected - sum;
    auto findings = pairs_of(i.findings);
    findings.emplace_back(
        "missing_part", std::to_string(missing) + " of " + std::to_string(expected) + " parts are not there");
    i.findings = json_of(findings);
    std::vector<std::unique_ptr<Told>> lost;
    for (std::int64_t k = 0; k < std::min(missing, named_max); ++k) {
      lost.push_back(std::make_unique<Told>());
      lost.back()->info.name = "missing-" + std::to_string(k + 1);
      lost.back()->failure = "missing_part";
      lost.back()->failure_detail = k + 1 == named_max && missing > named_max
                                        ? "and " + std::to_string(missing - named_max) + " more"
                                        : "the container names more parts than it gives";
    }
    add_parts(b, i, lost);
    i.part_failed += std::max<std::int64_t>(0, missing - named_max);
    sum = expected;
  }
  i.expected = std::max(expected, sum);
  next_place_.erase(i.number);
  met_before_.erase(i.number);
}

void Pipeline::write(std::vector<Arrival>& arrivals, std::vector<Outcome>& outcomes) {
  Batch b;
  for (Arrival& a : arrivals) {
    Item& i = a.item;
    i.number = i.family = next_number_++;
    i.delivery = delivery_;
    ++progress_.items;
    ++end_.added;
    end_.bytes += i.size;
    if (i.sha256) {
      if (i.size == 0)
        i.state = kSkipped, i.reason = "empty", i.findings = json_of({{"empty", "zero bytes"}});
      keep_bytes(b, i, a.bytes);
      b.sealed.emplace_back(base::hex(i.sha256->bytes), i.path);
      ++progress_.sealed;
    }
    if (i.state == kPending) {
      b.works.push_back({i.number, file_name(i.path), static_cast<std::uint64_t>(i.size), a.bytes,
                         CaseFile::bytes_place(i), false});
    } else {
      i.sequence = next_sequence_++;
      ++b.ended;
      b.failed += i.state == kFailed;
      b.documents.push_back(file_.document_of(i, "", custodian_));
    }
    b.added.emplace_back(std::move(i), std::string());
    b.added.back().second = sealed_payload(b.added.back().first, options_);
  }
  std::int64_t finals = 0;
  for (Outcome& o : outcomes) {
    Item i;
    if (const auto open = open_containers_.find(o.number); open != open_containers_.end()) {
      i = std::move(open->second);
      open_containers_.erase(open);
    } else {
      base::Result<Item> found = file_.item(o.number);
      if (!found.ok()) base::fault(found.error().message);
      i = std::move(*found);
      if (i.runs > 0 || i.number < first_of_run_) {
        // An earlier run was interrupted inside, or this one repeats it: its parts are known by place and
        // path.
        auto& met = met_before_[i.number];
        file_.records().each(
            "select place, path from item where parent = ?",
            [&](store::Statement& s) { met.emplace(s.integer(0), s.text(1)); }, i.number);
        if (met.empty()) met_before_.erase(i.number);
      }
      i.part_extracted = i.part_failed = i.part_skipped = 0;
    }
    std::unique_ptr<search::Document> before;
    if (o.final && i.sequence > 0) {
      base::Result<std::string> text = file_.text_of(i);
      before = std::make_unique<search::Document>(
          file_.document_of(i, text.ok() ? std::move(*text) : "", file_.custodian_of(i.delivery)));
    }
    const std::uint64_t count = o.told->parts.size();
    std::vector<std::unique_ptr<Told>> parts = std::move(o.told->parts);
    if (!o.ocr) add_parts(b, i, parts);
    o.told->parts_sent += count;
    if (!o.final) {
      open_containers_.emplace(o.number, std::move(i));
      continue;
    }
    ++finals;
    const bool first_run = i.runs == 0;
    const std::int64_t accounts[] = {i.expected, i.part_extracted, i.part_failed, i.part_skipped};
    apply(b, i, *o.told, o.ocr);
    if (o.ocr)
      i.expected = accounts[0], i.part_extracted = accounts[1], i.part_failed = accounts[2],
      i.part_skipped = accounts[3];
    else
      close_account(b, i, *o.told);
    if (first_run) ++b.ended;
    b.failed += first_run && i.state == kFailed;
    if (o.ocr && !o.told->text.size() && i.text_bytes) {
      base::Result<std::string> text = file_.text_of(i);
      if (text.ok()) o.told->text = std::move(*text);
    }
    b.documents.push_back(file_.document_of(i, std::move(o.told->text), file_.custodian_of(i.delivery)));
    b.documents.back().before = std::move(before);
    if (i.ocr == 1)
      b.works.push_back({i.number, file_name(i.path), static_cast<std::uint64_t>(i.size), nullptr,
                         CaseFile::bytes_place(i), true});
    std::string payload;
    base::JsonWriter w(payload);
    w.object()
        .member("state", i.state)
        .member("type", i.type)
        .member("parts", i.expected)
        .member("text_bytes", i.text_bytes);
    if (i.reason) w.member("reason", *i.reason);
    if (i.machine) w.member("machine", *i.machine);
    w.end_object();
    b.changed.emplace_back(std::move(i), std::move(payload));
  }
  appenders_[1]->sync();

  const base::Status s = file_.desk().change([&](kernel::Change& c) -> base::Status {
    const std::string& actor = file_.actor();
    for (const auto& [i, payload] : b.added) {
#ifdef CUSTOS_PLANTS  // a defect that the kill harness must find; only in builds for tests
      if (const char* plant = std::getenv("CUSTOS_PLANT");
          plant && std::string_view(plant) == "lose_item" && i.number % 7 == 3)
        continue;
#endif
      const std::string code = file_.code_of(i.number);
      TRY(c.add(i, {i.sha256 ? "sealed" : "recorded", actor, code, payload}));
    }
    for (const auto& [i, payload] : b.changed)
      TRY(c.edit(i, {"processed", "custos", file_.code_of(i.number), payload}));
    for (const Derived& d : b.derived)
      TRY(c.add(
          d, {"derived", "custos", file_.code_of(d.item), R"({"kind":)" + base::json_string(d.kind) + "}"}));
    return base::Done{};
  });
  if (!s.ok()) base::fault("a record was refused: " + s.error().message);

  if (watch_.sealed)
    for (const auto& [sha256, path] : b.sealed) watch_.sealed(sha256, path);
  for (search::Document& d : b.documents) index_.add(std::move(d));
  indexed_since_commit_ += static_cast<std::int64_t>(b.documents.size());
  progress_.done += b.ended;
  progress_.failed += b.failed;
  end_.failed += b.failed;
  const std::lock_guard lock(mutex_);
  for (Work& w : b.works) {
    if (w.ocr) ++progress_.pages_waiting;
    push(std::move(w));
  }
  for (const Outcome& o : outcomes) progress_.pages_waiting -= o.final && o.ocr;
  in_flight_ -= finals;
}

}  // namespace evidence
