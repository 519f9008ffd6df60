// What time does to rights, with a clock in hand: break-glass, reviews, approvals, recovery, purposes.
#include "core.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace {

using boost::json::value;

struct Hands final : base::Clock {
  std::int64_t at = 1'900'000'000;  // seconds
  std::int64_t unix_micros() const override { return at * 1'000'000; }
  double seconds() const override { return static_cast<double>(at); }
};

class Rights : public testing::Test {
 protected:
  struct Reply {
    int status = 0;
    std::string code;
    value body;
    std::string text(const char* k) const { return std::string(body.at(k).as_string()); }
  };

  void SetUp() override {
    folder = std::filesystem::temp_directory_path().string() + "/custos-rights-" +
             base::hex(base::random_bytes(8));
    std::filesystem::create_directories(folder);
    ::setenv("CUSTOS_KEYS", (folder + "/keys").c_str(), 1);
    office = evidence::Office::make(folder + "/home", "Owner", clock).value();
    kar = *office->add_case("KAR", "a case"), zed = *office->add_case("ZED", "another");
    book = service::Book::open(*office, clock).value();
    core = std::make_unique<service::Core>(*office, *book, *rights::Policy::parse(rights::shipped_policy()),
                                           service::Options(), clock);
    for (auto* part :
         {&service::case_routes, &service::label_routes, &service::purpose_routes, &service::glass_routes,
          &service::alarm_routes, &service::approval_routes, &service::recovery_routes, &service::key_routes})
      router.add(part(*core));
    head = person(1, "unified_team_head", {kar.id, zed.id}), judge = person(2, "prosecutor", {kar.id});
    auditor = person(3, "auditor", {}), urgent = person(4, "investigator", {zed.id});
    registrar = person(5, "vws_liaison", {}, 2);
  }
  void TearDown() override {
    core.reset(), book.reset(), office.reset();
    std::filesystem::remove_all(folder);
  }

  // Somebody of the office; returns their code.
  std::string person(std::int64_t number, const std::string& role, const std::vector<std::string>& cases,
                     std::int64_t organ = 1) {
    service::Account a = service::first_account("Person " + std::to_string(number), cases);
    a.person = number, a.code = "P-" + std::to_string(number), a.organ = organ;
    a.roles = service::json_of({role});
    EXPECT_TRUE(
        book->write(a.code, [&](const service::Book::Write& w) { return w.add(a, "added", a.code); }).ok());
    return a.code;
  }
  // As they are after signing in by a passkey now; the session is kept under their code.
  void sign_in(const std::string& code) {
    const service::Account a = *book->account_named(code);
    const rights::Begun b = rights::begin_session({a.person, rights::SignIn::passkey, a.epoch}, book->now(),
                                                  service::Book::random());
    EXPECT_TRUE(
        book->write(code, [&](const service::Book::Write& w) { return w.add(b.session, "signed_in", code); })
            .ok());
    tokens[code] = b.tokens.session;
  }
  // Asks as this person, with the purpose of investigation or supervision where one is asked for.
  Reply call(const std::string& code, const std::string& method, const std::string& path,
             const value& body = nullptr, const std::string& fields = "") {
    if (!core->who_of(std::string_view(tokens[code]))) sign_in(code);
    http::Request request(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    const std::shared_ptr<service::Who> who = core->who_of(std::string_view(tokens[code]));
    request.context = who;
    if (!body.is_null()) request.body = boost::json::serialize(body);
    auto found = router.find(request);
    const auto* const route = std::get_if<const http::Route*>(&found);
    EXPECT_TRUE(route) << path;
    auto met = std::get<http::Answer>((*route)->handler)(request);
    if (!met.ok()) {
      const http::Problem p = who->lacking ? *who->lacking : http::problem_of(met.error());
      return {p.status, p.code, boost::json::parse(p.json())};
    }
    const std::string text = std::get<std::string>(met->body());
    Reply out{met->status(), "", text.empty() ? value() : boost::json::parse(text)};
    if (out.body.is_object())
      if (const auto* c = out.body.get_object().if_contains("code"); c && out.status >= 400)
        out.code = c->as_string();
    return out;
  }
  void choose(const std::string& code, const std::string& case_id, const char* purpose) {
    EXPECT_EQ(call(code, "PUT", "/cases/" + case_id + "/purpose",
                   {{"purpose", purpose}, {"reason", "as the tests ask"}})
                  .status,
              200);
  }
  Reply break_glass() {
    return call(urgent, "POST", "/break-glass",
                {{"case", "KAR"}, {"purpose", "investigation"}, {"reason", "a life is in danger"}});
  }
  Reply label(const char* to) {
    const std::string path = "/cases/" + kar.id + "/label";
    const std::string etag = call(head, "GET", path).text("etag");
    return call(head, "PUT", path,
                {{"classification", to},
                 {"compartments", value(boost::json::array())},
                 {"reason", "as the tests ask"}},
                "If-Match: " + etag + "\r\n");
  }
  std::int64_t rows(const std::string& act) {
    std::int64_t n = 0;
    book->ledger(UINT64_MAX, [&](const store::Ledger::Row& r) {
      n += r.entry.find("\"act\":\"" + act + "\"") != std::string_view::npos;
      return true;
    });
    return n;
  }

  Hands clock;
  std::string folder, head, judge, auditor, urgent, registrar;
  std::unique_ptr<evidence::Office> office;
  std::unique_ptr<service::Book> book;
  std::unique_ptr<service::Core> core;
  evidence::CaseName kar, zed;
  http::Router router;
  std::map<std::string, std::string> tokens;
};

TEST_F(Rights, a_broken_glass_holds_for_its_hour_and_not_a_second_more) {
  const std::string home = "/cases/" + kar.id;
  EXPECT_EQ(call(urgent, "GET", home).status, 404);
  ASSERT_EQ(break_glass().status, 201);
  const rights::Limits& limits = core->policy.limits();
  EXPECT_EQ(call(urgent, "GET", home).status, 200);
  for (rights::Time left = limits.glass - 1; left > 0; left -= 600) {
    clock.at += std::min<rights::Time>(left, 600);
    EXPECT_EQ(call(urgent, "GET", home).status, 200);
  }
  clock.at += 1;
  EXPECT_EQ(call(urgent, "GET", home).status, 404);
  EXPECT_EQ(rows("glass_broken"), 1);
}

TEST_F(Rights, a_break_glass_needs_a_proof_of_the_last_minutes) {
  call(urgent, "GET", "/cases");
  clock.at += core->policy.limits().step_up;
  const Reply late = break_glass();
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(late.code, "fresh_proof");
  sign_in(urgent);
  EXPECT_EQ(break_glass().status, 201);
}

TEST_F(Rights, a_review_that_is_overdue_blocks_the_next_break_glass_until_it_is_made) {
  const std::string first = break_glass().text("id");
  clock.at += core->policy.limits().glass_review - 1;
  EXPECT_EQ(break_glass().status, 201) << "in time";
  clock.at += 1;
  EXPECT_EQ(break_glass().code, "review_overdue");
  EXPECT_EQ(call(urgent, "GET", "/cases/" + kar.id).status, 404) << "the one that is open is shut too";
  const auto state = [&] {
    const Reply list = call(auditor, "GET", "/break-glass");
    for (const value& g : list.body.at("break_glass").as_array())
      if (g.at("id").as_string() == first) return std::string(g.at("state").as_string());
    return std::string("not there");
  };
  EXPECT_EQ(state(), "overdue");
  EXPECT_EQ(call(auditor, "POST", "/break-glass/" + first + "/review",
                 {{"justified", true}, {"note", "the danger was real"}})
                .status,
            204);
  EXPECT_EQ(state(), "reviewed");
  EXPECT_EQ(break_glass().status, 201);
  EXPECT_EQ(call(urgent, "GET", "/cases/" + kar.id).status, 200);
}

TEST_F(Rights, an_approval_holds_for_its_minutes) {
  choose(head, kar.id, "supervision"), choose(judge, kar.id, "supervision");
  ASSERT_EQ(label("CONFIDENTIAL").status, 200);
  const auto approved = [&] {
    EXPECT_EQ(label("INTERNAL").code, "second_person");
    const Reply asked =
        call(head, "POST", "/approvals",
             {{"act", "downgrade"},
              {"kind", "case"},
              {"object", kar.id},
              {"what", {{"classification", "INTERNAL"}, {"compartments", value(boost::json::array())}}},
              {"reason", "as the tests ask"}});
    EXPECT_EQ(asked.status, 201);
    sign_in(judge);
    choose(judge, kar.id, "supervision");
    EXPECT_EQ(call(judge, "POST", "/approvals/" + asked.text("id"), {{"approve", true}, {"note", ""}}).status,
              204);
  };
  approved();
  clock.at += core->policy.limits().approval;
  sign_in(head), choose(head, kar.id, "supervision");
  EXPECT_EQ(label("INTERNAL").code, "second_person");
  approved();
  clock.at += core->policy.limits().approval - 1;
  sign_in(head), choose(head, kar.id, "supervision");
  EXPECT_EQ(label("INTERNAL").status, 200);
  EXPECT_EQ(rows("approval_spent"), 1);
  EXPECT_EQ(rows("label_lowered"), 1);
}

TEST_F(Rights, a_second_person_without_a_fresh_proof_approves_nothing) {
  choose(head, kar.id, "supervision"), choose(judge, kar.id, "supervision");
  ASSERT_EQ(label("CONFIDENTIAL").status, 200);
  const Reply asked =
      call(head, "POST", "/approvals",
           {{"act", "downgrade"},
            {"kind", "case"},
            {"object", kar.id},
            {"what", {{"classification", "INTERNAL"}, {"compartments", value(boost::json::array())}}},
            {"reason", "as the tests ask"}});
  clock.at += core->policy.limits().step_up;
  const std::string path = "/approvals/" + asked.text("id");
  EXPECT_EQ(call(judge, "POST", path, {{"approve", true}, {"note", ""}}).code, "fresh_proof");
  EXPECT_EQ(label("INTERNAL").code, "fresh_proof");
}

TEST_F(Rights, a_recovery_gives_its_link_after_the_cooling_time_and_takes_every_old_key) {
  const std::string lost = person(6, "analyst", {kar.id});
  sign_in(lost);
  const service::Passkey old{{"an old key"}, 6, {"x"}, {"x"}, -8, 0, false, "lost", book->now()};
  ASSERT_TRUE(
      book->write(lost, [&](const service::Book::Write& w) { return w.add(old, "enrolled", lost); }).ok());
  const Reply asked = call(head, "POST", "/recoveries", {{"person", lost}, {"reason", "the bag was stolen"}});
  ASSERT_EQ(asked.status, 201);
  const std::string path = "/recoveries/" + asked.text("id");
  EXPECT_EQ(call(judge, "POST", path + "/approve", value(boost::json::object())).status, 403)
      << "both of one organ";
  ASSERT_EQ(call(registrar, "POST", path + "/approve", value(boost::json::object())).text("state"),
            "cooling");
  clock.at += core->policy.limits().recovery_cooling - 1;
  EXPECT_EQ(call(head, "POST", path + "/link", value(boost::json::object())).status, 409);
  EXPECT_EQ(book->passkeys(6).size(), 1u);
  clock.at += 1;
  sign_in(head);
  EXPECT_EQ(call(registrar, "POST", path + "/link", value(boost::json::object())).status, 200)
      << "who approved makes it as well";
  EXPECT_EQ(call(head, "POST", path + "/link", value(boost::json::object())).status, 409) << "once";
  EXPECT_TRUE(book->passkeys(6).empty());
  EXPECT_TRUE(book->sessions(6).empty());
  EXPECT_EQ(book->account(6)->epoch, 2);
  EXPECT_EQ(rows("recovery_done"), 1);
}

TEST_F(Rights, a_withdrawn_recovery_gives_no_link) {
  const std::string lost = person(6, "analyst", {kar.id});
  const Reply asked = call(head, "POST", "/recoveries", {{"person", lost}, {"reason", "the bag was stolen"}});
  const std::string path = "/recoveries/" + asked.text("id");
  ASSERT_EQ(call(registrar, "POST", path + "/approve", value(boost::json::object())).status, 200);
  EXPECT_EQ(call(lost, "POST", path + "/withdraw", value(boost::json::object())).status, 200);
  clock.at += core->policy.limits().recovery_cooling;
  EXPECT_EQ(call(head, "POST", path + "/link", value(boost::json::object())).status, 409);
}

TEST_F(Rights, a_purpose_ends_with_its_session) {
  choose(head, kar.id, "trial");
  EXPECT_EQ(call(head, "GET", "/cases/" + kar.id).status, 200);
  sign_in(head);
  EXPECT_EQ(call(head, "GET", "/cases/" + kar.id).code, "purpose");
}

TEST_F(Rights, events_of_a_case_above_the_clearance_are_not_told) {
  call(urgent, "GET", "/cases");
  const auto who = core->who_of(std::string_view(tokens[urgent]));
  EXPECT_TRUE(core->could(*who, {rights::Act::search, "case", zed.id}));
  choose(head, zed.id, "trial");
  ASSERT_TRUE(
      book->write(head,
                  [&](const service::Book::Write& w) {
                    return w.add(service::CaseLabel{zed.id, "SECRET", "[]", 1}, "label_raised", "ZED");
                  })
          .ok());
  EXPECT_FALSE(core->could(*who, {rights::Act::search, "case", zed.id}));
  EXPECT_EQ(core->case_for(*who, zed.id, rights::Act::search, "case").error().why, base::Refusal::not_found);
}

TEST_F(Rights, a_label_that_is_not_known_hides_the_case) {
  ASSERT_TRUE(
      book->write(head,
                  [&](const service::Book::Write& w) {
                    return w.add(service::CaseLabel{zed.id, "COSMIC", "[]", 1}, "label_raised", "ZED");
                  })
          .ok());
  EXPECT_EQ(call(head, "GET", "/cases/" + zed.id).status, 404);
}

}  // namespace
