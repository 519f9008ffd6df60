#pragma once
// An office with records for the tests: two cases, four people, the shipped policy, on both databases.

#include "say.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <kinds/home.h>
#include <kinds/records.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace json = boost::json;
using kinds::Records;

namespace {

struct Watch final : base::Clock {
  std::int64_t now = 1'795'000'000'000'000;  // 2026-11-18
  std::int64_t unix_micros() const override { return now; }
  double seconds() const override { return static_cast<double>(now) / 1e6; }
};

json::object object(std::string_view text) {
  return json::parse(json::string_view(text.data(), text.size())).get_object();
}

// Two cases, four people with the roles that the shipped policy knows, and records that the real policy
// decides.
class Office : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql") {
      const char* url = std::getenv("CUSTOS_PG");
      if (!url) GTEST_SKIP() << "CUSTOS_PG is not set: ./test starts a server and sets it";
      schema = "r" + base::hex(base::random_bytes(8));
    } else {
      path = std::filesystem::temp_directory_path().string() + "/custos-kinds-" +
             base::hex(base::random_bytes(8)) + ".db";
    }
    sql = connect();
    sql->script(kernel::Desk::schema());
    desk = std::make_unique<kernel::Desk>(*sql, house, watch);
    policy = std::make_unique<rights::Policy>(std::move(*rights::Policy::parse(rights::shipped_policy())));
    around.seal = [](std::string_view purpose, std::string_view s) {
      return std::string(purpose) + "|" + std::string(s);
    };
    around.unseal = [](std::string_view purpose, std::string_view s) -> std::optional<std::string> {
      if (!s.starts_with(std::string(purpose) + "|")) return {};
      return std::string(s.substr(purpose.size() + 1));
    };
    around.staff = [] {
      return std::vector<kinds::Surroundings::Person>{{1, "P-1", "Ada", {"unified_team_head"}},
                                                      {2, "P-2", "Ben", {"investigator"}},
                                                      {3, "P-3", "Cem", {"analyst"}},
                                                      {4, "P-4", "Dan", {"system_administrator"}}};
    };
    around.cases = [] {
      return std::vector<kinds::Surroundings::Case>{{"c1", "ONE", "First"}, {"c2", "TWO", "Second"}};
    };
    reopen();
    head = asker(1, "unified_team_head", {1, 2});
    ben = asker(2, "investigator", {1});
    cem = asker(3, "analyst", {2});
    dan = asker(4, "system_administrator", {1, 2});
  }
  std::unique_ptr<store::Sql> connect() const {
    if (!schema.empty()) return store::open_postgresql(std::getenv("CUSTOS_PG"), schema);
    return store::open_sqlite(path, {.key = std::string(32, 'k')});
  }
  void reopen() {
    auto opened = Records::open(*desk, std::move(*kinds::Declared::shipped(*policy)), watch, around);
    ASSERT_TRUE(opened) << opened.error().message;
    records = std::move(*opened);
  }
  void TearDown() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }

  kinds::Asker asker(std::int64_t person, const std::string& role, std::vector<std::uint64_t> cases,
                     std::vector<std::size_t> compartments = {}) {
    kinds::Asker a;
    a.person = person, a.code = "P-" + std::to_string(person), a.roles = {role};
    a.item = [](std::string_view) { return false; };
    a.decide = [this, person, role, cases, compartments](const kinds::Asked& asked) {
      std::vector<rights::Assignment> assignments;
      for (const auto c : cases) assignments.push_back({c, std::int64_t{1} << 60});
      rights::Subject s;
      s.person = static_cast<std::uint64_t>(person), s.organ = 1, s.roles = *policy->role(role);
      s.clearance = rights::Classification::confidential, s.assignments = assignments;
      s.conflicts = std::span<const std::uint64_t>(), s.sign_in = rights::SignIn::passkey, s.epoch = 1;
      for (const std::size_t c : compartments) s.compartments.add(c);
      s.stepped_up = watch.now / 1'000'000;
      rights::Object o;
      o.kind = policy->kind(asked.rights), o.id = asked.record, o.author = asked.author;
      o.case_id = asked.case_id == "c1" ? 1 : asked.case_id == "c2" ? 2 : 0;
      o.label = asked.label, o.held = false, o.embargo_until = 0, o.fields = asked.fields,
      o.sensitive = asked.sensitive;
      rights::Request r;
      r.act = asked.act, r.now = watch.now / 1'000'000, r.requester = asked.requester;
      rights::Decision last;
      for (std::size_t p = 0; p < policy->purposes().size(); ++p) {
        r.purpose = rights::Purpose{static_cast<rights::PurposeId>(p), o.case_id, r.now + 1, true};
        const auto d = rights::decide(*policy, s, o, r);
        if (d.allowed) return d;
        if (d.reason_for_ledger() != rights::Reason::purpose) last = d;
      }
      return last;
    };
    return a;
  }
  static json::object lead(std::string_view more = "{}") {
    json::object v = object(
        R"({"title":"Lorry at the bridge","received":"2026-11-01","account":"A lorry was seen at the bridge of Bria"})");
    const json::object others = object(more);
    for (const auto& m : others) v[m.key()] = m.value();
    return v;
  }
  Records::Stand add(const kinds::Asker& who, std::string_view more = "{}", const std::string& in = "c1") {
    auto a = records->add(who, "lead", lead(more), {in, "", {}, ""});
    if (auto* s = std::get_if<Records::Stand>(&a)) return *s;
    ADD_FAILURE() << said(a);
    return {};
  }
  static std::string said(const kinds::Answer<Records::Stand>& a) {
    if (const auto* e = std::get_if<base::Error>(&a)) return e->message;
    if (const auto* u = std::get_if<kinds::Unfit>(&a)) {
      std::string out;
      for (const auto& w : u->wrong) out += (out.empty() ? "" : ", ") + w.field + " " + w.code;
      return out;
    }
    return "done";
  }
  std::uint64_t count(const kinds::Asker& who, std::string_view filter = "[]", std::string words = "") {
    Records::Query q;
    q.filter = json::parse(json::string_view(filter.data(), filter.size())).get_array();
    q.words = std::move(words);
    const auto f = records->find(who, "lead", q);
    if (!f) ADD_FAILURE() << f.error().message;
    return f ? f->total : 0;
  }
  std::vector<std::string> acts(const std::string& object_code) {
    std::vector<std::string> out;
    desk->ledger().of_item(object_code, [&](const store::Ledger::Row& row) {
      const json::value entry = json::parse(json::string_view(row.entry.data(), row.entry.size()));
      out.emplace_back(entry.at("act").get_string());
    });
    return out;
  }

  std::string path, schema;
  Watch watch;
  std::unique_ptr<store::Sql> sql;
  kernel::Registrar house;
  std::unique_ptr<kernel::Desk> desk;
  std::unique_ptr<rights::Policy> policy;
  kinds::Surroundings around;
  std::unique_ptr<Records> records;
  kinds::Asker head, ben, cem, dan;
};
}  // namespace
