// The register with a clock in hand, real keys of authenticators and its real database.
#include <authenticator.h>
#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <identity/hpke.h>
#include <identity/register.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>

using authenticator::Authenticator;
using boost::json::value;
using namespace identity;

namespace {

constexpr const char* kName = "Amina Hadžiefendić-Marker";
constexpr const char* kForm =
    R"({"aliases":["Мина"],"born":"1970-02-03","contacts":[{"kind":"telephone","value":"+387 61 000 000"}],)"
    R"("household":[{"name":"Senad Hadžiefendić","relation":"son","born":"1999"}],"languages":["bs"],)"
    R"("names":["Amina Hadžiefendić-Marker"]})";

struct Hands final : base::Clock {
  std::int64_t at = 1'900'000'000;
  std::int64_t unix_micros() const override { return at * 1'000'000; }
  double seconds() const override { return static_cast<double>(at); }
};

struct Someone {
  std::int64_t person, organ;
  std::string role;
  Authenticator key;
  std::string clearance = "SECRET", cases = "[3]", office_role = role;
  Someone(std::int64_t p, std::int64_t o, const char* r) : person(p), organ(o), role(r), key(-8) {}
  std::string word() const {
    return "{\"person\":" + std::to_string(person) + ",\"code\":\"P-" + std::to_string(person) +
           "\",\"organ\":" + std::to_string(organ) + ",\"roles\":[\"" + office_role + "\"],\"clearance\":\"" +
           clearance + "\",\"cases\":" + cases + "}";
  }
};

std::string said(const rights::Assertion& a) {
  return "{\"id\":\"" + rights::base64url(a.credential_id) + "\",\"client_data\":\"" +
         rights::base64url(a.client_data) + "\",\"authenticator_data\":\"" +
         rights::base64url(a.authenticator_data) + "\",\"signature\":\"" + rights::base64url(a.signature) +
         "\"}";
}

class Registers : public testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path().string() + "/custos-register-" +
             base::hex(base::random_bytes(8));
    shares = Register::make(folder, "https://custos.example", {}).value();
    house = Register::open(folder, clock).value();
    unseal();
    for (Someone* one : {&officer, &other_officer, &approver, &same_organ}) admit(*one);
  }
  void TearDown() override {
    house.reset();
    std::filesystem::remove_all(folder);
  }
  value ask(const std::string& request) { return boost::json::parse(house->answer(request)); }
  std::string refused(const value& v) {
    return v.as_object().contains("refused") ? std::string(v.at("refused").at("reason").as_string()) : "";
  }
  void unseal() {
    ask("{\"op\":\"unseal\",\"share\":\"" + shares[0] + "\"}");
    ask("{\"op\":\"unseal\",\"share\":\"" + shares[2] + "\"}");
    ASSERT_FALSE(house->sealed());
  }
  void admit(Someone& one) {
    const rights::Credential c = one.key.credential();
    const value asked =
        ask("{\"op\":\"ask_admission\",\"who\":" + one.word() + ",\"role\":\"" + one.role +
            "\",\"passkey\":{\"id\":\"" + rights::base64url(c.id) + "\",\"public_key\":\"" +
            rights::base64url(c.public_key) + "\",\"aaguid\":\"" + rights::base64url(c.aaguid) +
            "\",\"algorithm\":-8,\"counter\":0,\"may_be_copied\":false}}");
    ASSERT_EQ(refused(asked), "") << boost::json::serialize(asked);
    const std::string id(asked.at("standing").at(0).at("id").as_string());
    const value done = ask("{\"op\":\"admit\",\"officer\":\"" + id + "\",\"shares\":[\"" + shares[1] +
                           "\",\"" + shares[2] + "\"]}");
    ASSERT_EQ(refused(done), "") << boost::json::serialize(done);
  }
  std::string act_request(const char* op, Someone& by, const std::string& form, std::int64_t case_id = 3,
                          const std::string& code = "") {
    const Sealed s = seal_to(*unbase64(text(ask("{\"op\":\"status\"}"), "public_key")),
                             "custos identity form v1", "", form)
                         .value();
    SignedAct a{op,
                code,
                std::string(base::view(base::sha256(s.enc, s.box))),
                static_cast<std::uint64_t>(case_id),
                static_cast<std::uint64_t>(by.person),
                clock.at,
                base::random_bytes(32)};
    const auto signature = by.key.assertion(base::view(base::sha256(canonical(a))));
    return "{\"op\":\"" + std::string(op) + "\",\"who\":" + by.word() +
           ",\"act\":{\"case\":" + std::to_string(case_id) + ",\"asked\":" + std::to_string(clock.at) +
           ",\"code\":\"" + code + "\",\"nonce\":\"" + rights::base64url(a.nonce) + "\"},\"enc\":\"" +
           rights::base64url(s.enc) + "\",\"box\":\"" + rights::base64url(s.box) +
           "\",\"assertion\":" + said(signature) + "}";
  }
  static std::optional<std::string> unbase64(std::string text) {
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return base::unbase64(text);
  }
  static std::string text(const value& v, const char* name) { return std::string(v.at(name).as_string()); }
  std::string entered(const char* form = kForm) {
    const value v = ask(act_request("register", officer, form));
    EXPECT_EQ(refused(v), "") << boost::json::serialize(v);
    return v.as_object().contains("code") ? text(v, "code") : "";
  }
  std::string known(const std::string& names, const std::string& born = "") {
    const value v =
        ask(act_request("known", officer, "{\"names\":[\"" + names + "\"],\"born\":\"" + born + "\"}"));
    return v.as_object().contains("answer") ? text(v, "answer") : refused(v);
  }
  rights::OpeningRequest request_for(const std::string& code, const Someone& by) {
    return {.code = code,
            .fields = {"born", "names"},
            .purpose = "protection",
            .case_id = 3,
            .requester = static_cast<std::uint64_t>(by.person),
            .asked = clock.at,
            .expires = clock.at + 600,
            .nonce = base::random_bytes(32),
            .reader_key = public_of(reader)};
  }
  value opening_of(const rights::OpeningRequest& r, Someone& by) {
    return ask("{\"op\":\"ask\",\"who\":" + by.word() + ",\"request\":" + base::json_string(canonical(r)) +
               ",\"assertion\":" + said(by.key.assertion(challenge_of(r))) + "}");
  }
  value approval_of(const std::string& id, const rights::OpeningRequest& r, Someone& by, Someone& first) {
    return ask("{\"op\":\"approve\",\"who\":" + by.word() + ",\"requester\":" + first.word() +
               ",\"opening\":\"" + id + "\",\"assertion\":" + said(by.key.assertion(challenge_of(r))) + "}");
  }
  // The whole way; the reason of the first refusal, or the id of the opening.
  std::string opened(const std::string& code, Someone& first, Someone& second) {
    const rights::OpeningRequest r = request_for(code, first);
    const value asked = opening_of(r, first);
    if (const std::string why = refused(asked); !why.empty()) return why;
    const std::string id = text(asked, "opening");
    const std::string why = refused(approval_of(id, r, second, first));
    return why.empty() ? id : why;
  }
  value show(const std::string& id, const Someone& who) {
    return ask("{\"op\":\"show\",\"who\":" + who.word() + ",\"opening\":\"" + id + "\"}");
  }
  std::string read(const std::string& id, const value& shown) {
    return open_for(reader, "custos identity opened v1", id,
                    {*unbase64(text(shown, "enc")), *unbase64(text(shown, "box"))})
        .value();
  }

  Hands clock;
  std::string folder, reader = base::random_bytes(32);
  std::vector<std::string> shares;
  std::unique_ptr<Register> house;
  Someone officer{11, 1, "identity_officer"}, other_officer{12, 1, "identity_officer"},
      approver{22, 2, "identity_approver"}, same_organ{23, 1, "identity_approver"};
};

}  // namespace

TEST_F(Registers, show_to_one_person_what_two_of_two_organs_agreed_to_and_nothing_else) {
  const std::string code = entered();
  ASSERT_TRUE(rights::is_person_code(code));
  const std::string id = opened(code, officer, approver);
  const value shown = show(id, officer);
  ASSERT_EQ(refused(shown), "") << boost::json::serialize(shown);
  const value plain = boost::json::parse(read(id, shown));
  EXPECT_EQ(plain.at("fields").at("names").at(0).as_string(), kName);
  EXPECT_EQ(plain.at("fields").at("born").as_string(), "1970-02-03");
  EXPECT_EQ(plain.at("fields").as_object().size(), 2u) << "the fields that were asked for";
  for (const Someone* one : {&other_officer, &approver, &same_organ})
    EXPECT_EQ(ask("{\"op\":\"show\",\"who\":" + one->word() + ",\"opening\":\"" + id + "\"}")
                  .at("refused")
                  .at("why")
                  .as_string(),
              "not_found");
}

TEST_F(Registers, refuse_everybody_else) {
  const std::string code = entered();
  EXPECT_EQ(opened(code, officer, same_organ), "organ");
  EXPECT_EQ(opened(code, officer, other_officer), "organ");
  EXPECT_EQ(opened(code, approver, officer), "policy") << "who agrees does not ask";
  Someone stranger{31, 2, "identity_approver"};
  EXPECT_EQ(opened(code, officer, stranger), "policy") << "never admitted here, whatever the office says";
  const auto with = [&](Someone& one, auto change) {
    const std::string role = one.office_role, clearance = one.clearance, cases = one.cases;
    const std::int64_t organ = one.organ;
    change(one);
    const std::string why = opened(code, officer, approver);
    one.office_role = role, one.clearance = clearance, one.cases = cases, one.organ = organ;
    return why;
  };
  EXPECT_EQ(with(approver, [](Someone& s) { s.office_role = "auditor"; }), "policy");
  EXPECT_EQ(with(approver, [](Someone& s) { s.cases = "[4]"; }), "policy");
  EXPECT_EQ(with(approver, [](Someone& s) { s.clearance = "CONFIDENTIAL"; }), "policy");
  EXPECT_EQ(with(approver, [](Someone& s) { s.organ = 3; }), "organ") << "moved to an organ it does not know";
  EXPECT_EQ(with(officer, [](Someone& s) { s.office_role = "prosecutor"; }), "policy");
  EXPECT_EQ(with(officer, [](Someone& s) { s.cases = "[]"; }), "policy");
  EXPECT_FALSE(rights::is_person_code(opened(code, officer, approver))) << "the control";
}

TEST_F(Registers, believe_the_office_nothing_about_signatures) {
  const std::string code = entered();
  Authenticator own(-8);  // of a server that was taken over
  const rights::OpeningRequest r = request_for(code, officer);
  std::swap(officer.key.id, own.id);
  const value forged =
      ask("{\"op\":\"ask\",\"who\":" + officer.word() + ",\"request\":" + base::json_string(canonical(r)) +
          ",\"assertion\":" + said(own.assertion(challenge_of(r))) + "}");
  std::swap(officer.key.id, own.id);
  EXPECT_EQ(refused(forged), "assertion");
  EXPECT_TRUE(forged.at("refused").at("alarm").as_bool());
  // A signature for one code is none for another, and none twice.
  rights::OpeningRequest other = r;
  other.fields = {"contacts"};
  EXPECT_EQ(refused(ask("{\"op\":\"ask\",\"who\":" + officer.word() +
                        ",\"request\":" + base::json_string(canonical(other)) +
                        ",\"assertion\":" + said(officer.key.assertion(challenge_of(r))) + "}")),
            "assertion");
  const std::string question = act_request("known", officer, R"({"names":["Amina"]})");
  EXPECT_EQ(refused(ask(question)), "");
  EXPECT_EQ(refused(ask(question)), "assertion") << "the counter of the authenticator did not go up";
}

TEST_F(Registers, say_the_same_of_a_code_that_nobody_has) {
  const std::string code = entered();
  const std::string nobody = rights::make_person_code([](std::size_t n) { return base::random_bytes(n); });
  const auto answer = [&](const std::string& of, Someone& second) {
    const rights::OpeningRequest r = request_for(of, officer);
    const value asked = opening_of(r, officer);
    EXPECT_EQ(refused(asked), "");
    value said = approval_of(text(asked, "opening"), r, second, officer);
    said.at("refused").as_object().erase("reason"), said.at("refused").as_object().erase("alarm");
    return boost::json::serialize(said);
  };
  EXPECT_EQ(answer(nobody, approver), answer(code, same_organ));
}

TEST_F(Registers, end_an_opening_at_the_stated_second) {
  const std::string id = opened(entered(), officer, approver);
  clock.at += 599;
  EXPECT_EQ(refused(show(id, officer)), "");
  clock.at += 1;
  EXPECT_EQ(refused(show(id, officer)), "time");
  clock.at -= 300;  // a clock that is set back opens nothing again
  EXPECT_EQ(refused(show(id, officer)), "time");
}

TEST_F(Registers, end_an_opening_when_it_is_closed_or_the_register_sealed) {
  const std::string code = entered();
  std::string id = opened(code, officer, approver);
  EXPECT_EQ(refused(ask("{\"op\":\"close\",\"who\":" + officer.word() + ",\"opening\":\"" + id + "\"}")), "");
  EXPECT_EQ(refused(show(id, officer)), "time");
  id = opened(code, officer, approver);
  ask("{\"op\":\"seal\",\"who\":\"P-1\"}");
  EXPECT_EQ(refused(show(id, officer)), "sealed");
  unseal();
  EXPECT_EQ(refused(show(id, officer)), "time");
}

TEST_F(Registers, end_it_for_who_lost_the_role_meanwhile) {
  const std::string id = opened(entered(), officer, approver);
  officer.office_role = "investigator";
  EXPECT_EQ(refused(show(id, officer)), "time");
}

TEST_F(Registers, permit_no_more_openings_a_day_than_the_policy_says) {
  const std::string code = entered();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(opened(code, officer, approver).size(), 16u) << i;
  EXPECT_EQ(opened(code, officer, approver), "quota");
  clock.at += 24 * 3600;
  EXPECT_EQ(opened(code, officer, approver).size(), 16u);
}

TEST_F(Registers, answer_a_blind_question_with_one_word) {
  entered();
  EXPECT_EQ(known(kName, "1970-02-03"), "yes");
  EXPECT_EQ(known("HADŽIEFENDIĆ-MARKER Amina", "1970-02-03"), "yes");
  EXPECT_EQ(known(kName), "ask") << "without a day of birth nothing is certain";
  EXPECT_EQ(known(kName, "1971-02-03"), "ask");
  EXPECT_EQ(known("Амина Хаджиефендич Маркер"), "ask");
  EXPECT_EQ(known("Emina Hadziefendic"), "ask");
  EXPECT_EQ(known("Petar Nikolić", "1970-02-03"), "no");
}

TEST_F(Registers, answer_so_many_questions_a_day_and_no_more) {
  for (int i = 0; i < 30; ++i) EXPECT_EQ(known("Petar Nikolić"), "no");
  EXPECT_EQ(known("Petar Nikolić"), "quota");
  clock.at += 24 * 3600 + 1;
  EXPECT_EQ(known("Petar Nikolić"), "no");
}

TEST_F(Registers, take_forms_of_who_may_register_in_that_case_only) {
  for (Someone* one : {&approver, &same_organ})
    EXPECT_EQ(refused(ask(act_request("register", *one, kForm))), "role") << one->role;
  EXPECT_EQ(refused(ask(act_request("register", officer, kForm, 4))), "need");
  std::string late = act_request("register", officer, kForm);
  clock.at += 301;
  EXPECT_EQ(refused(ask(late)), "time");
}

TEST_F(Registers, correct_an_entry_and_find_it_by_what_it_says_now) {
  const std::string code = entered();
  const value done =
      ask(act_request("amend", officer, R"({"names":["Zlata Kovač"],"born":"1980-05-06"})", 3, code));
  EXPECT_EQ(refused(done), "");
  EXPECT_EQ(known("Zlata Kovač", "1980-05-06"), "yes");
  EXPECT_EQ(known(kName, "1970-02-03"), "no");
  const std::string id = opened(code, officer, approver);
  EXPECT_NE(read(id, show(id, officer)).find("Zlata"), std::string::npos);
}

TEST_F(Registers, have_no_field_for_the_place_where_a_person_is) {
  for (const char* field : {"address", "place", "location", "relocated_to", "country"})
    EXPECT_EQ(refused(ask(act_request("register", officer,
                                      "{\"names\":[\"A B\"],\"" + std::string(field) + "\":\"there\"}"))),
              "form")
        << field;
  EXPECT_EQ(refused(ask(act_request(
                "register", officer,
                R"({"names":["A B"],"contacts":[{"kind":"telephone","value":"1","place":"there"}]})"))),
            "form");
  for (const std::string& field : register_fields())
    for (const char* word : {"place", "address", "location", "country"})
      EXPECT_EQ(field.find(word), std::string::npos);
}

TEST_F(Registers, say_what_is_wrong_with_a_form) {
  const auto message = [&](const std::string& form) {
    const value v = ask(act_request("register", officer, form));
    return v.as_object().contains("refused") ? text(v.at("refused"), "message") : "taken";
  };
  EXPECT_EQ(message("{}"), "names: at least one is needed");
  EXPECT_EQ(message(R"({"names":["A B"],"born":"3.2.1970"})"),
            "born: a date is written 1970-02-03, or 1970-02, or 1970");
  EXPECT_NE(message("{\"names\":[\"A \u202EB\"]}").find("mark of direction"), std::string::npos);
  EXPECT_EQ(message(R"({"names":["A B"],"contacts":[{"kind":"pigeon","value":"x"}]})"),
            "contacts.kind: it is telephone, mail, message or through");
}

TEST_F(Registers, yield_no_name_to_who_takes_the_folder) {
  const std::string code = entered();
  known(kName, "1970-02-03");
  opened(code, officer, approver);
  ask("{\"op\":\"seal\",\"who\":\"P-1\"}");
  house.reset();
  int files = 0;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder)) {
    if (!e.is_regular_file()) continue;
    ++files;
    const std::string bytes = base::read_file(e.path().string());
    for (const char* part :
         {"Hadžiefendić", "hadziefendic", "Amina", "Senad", "1970-02-03", "+387 61", "Мина"})
      EXPECT_EQ(bytes.find(part), std::string::npos) << part << " in " << e.path();
    EXPECT_EQ(bytes.find(code), std::string::npos) << "not even the code";
  }
  EXPECT_GE(files, 2);
  house = Register::open(folder, clock).value();
  EXPECT_EQ(refused(ask("{\"op\":\"unseal\",\"share\":\"" + shares[0] + "\"}")), "") << "one share";
  EXPECT_TRUE(house->sealed());
  EXPECT_EQ(refused(show("0", officer)), "sealed");
}

TEST_F(Registers, are_unsealed_by_enough_right_shares_only) {
  ask("{\"op\":\"seal\",\"who\":\"P-1\"}");
  const auto other = Register::make(folder + "-other", "https://custos.example", {}).value();
  ask("{\"op\":\"unseal\",\"share\":\"" + other[0] + "\"}");
  EXPECT_EQ(refused(ask("{\"op\":\"unseal\",\"share\":\"" + shares[1] + "\"}")), "shares");
  EXPECT_TRUE(house->sealed());
  ask("{\"op\":\"unseal\",\"share\":\"" + shares[0] + "\"}");
  EXPECT_FALSE(ask("{\"op\":\"unseal\",\"share\":\"" + shares[0] + "\"}").as_object().contains("state"))
      << "twice";
  clock.at += 16 * 60;  // what was given is forgotten
  ask("{\"op\":\"unseal\",\"share\":\"" + shares[1] + "\"}");
  EXPECT_TRUE(house->sealed());
  ask("{\"op\":\"unseal\",\"share\":\"" + shares[2] + "\"}");
  EXPECT_FALSE(house->sealed());
  std::filesystem::remove_all(folder + "-other");
}

TEST_F(Registers, admit_nobody_without_their_custodians) {
  Someone one{41, 2, "identity_approver"};
  const rights::Credential c = one.key.credential();
  const value asked = ask("{\"op\":\"ask_admission\",\"who\":" + one.word() +
                          ",\"role\":\"identity_approver\",\"passkey\":{\"id\":\"" + rights::base64url(c.id) +
                          "\",\"public_key\":\"" + rights::base64url(c.public_key) + "\",\"aaguid\":\"" +
                          rights::base64url(c.aaguid) + "\",\"algorithm\":-8,\"counter\":0}}");
  const std::string id(asked.at("standing").at(0).at("id").as_string());
  EXPECT_EQ(refused(ask("{\"op\":\"admit\",\"officer\":\"" + id + "\",\"shares\":[\"" + shares[0] + "\"]}")),
            "proof");
  const std::string code = entered();
  EXPECT_EQ(opened(code, officer, one), "policy");
}

TEST_F(Registers, keep_a_ledger_without_names) {
  const std::string code = entered();
  known(kName, "1970-02-03");
  const std::string id = opened(code, officer, approver);
  show(id, officer);
  const std::string log = house->answer("{\"op\":\"log\",\"from\":0}");
  for (const char* act : {"unsealed", "officer_admitted", "registered", "asked_whether_known",
                          "opening_asked", "opening_permitted", "shown"})
    EXPECT_NE(log.find("\"act\":\"" + std::string(act) + "\""), std::string::npos) << act;
  EXPECT_NE(log.find(code), std::string::npos);
  for (const char* part : {"Hadžiefendić", "Amina", "1970-02-03"}) EXPECT_EQ(log.find(part), std::string::npos);
}

TEST(RegisterPassphrase, is_its_own_and_opens_it) {
  Hands clock;
  const std::string folder = std::filesystem::temp_directory_path().string() + "/custos-register-" +
                             base::hex(base::random_bytes(8));
  ::setenv("CUSTOS_PASSPHRASE", "the word of the office", 1);
  EXPECT_FALSE(Register::make(folder, "https://custos.example", {{}, "the word of the office"}).ok());
  ::unsetenv("CUSTOS_PASSPHRASE");
  EXPECT_FALSE(Register::make(folder, "http://custos.example", {{}, "another word altogether"}).ok());
  EXPECT_TRUE(Register::make(folder, "https://custos.example", {{}, "another word altogether"})->empty());
  const auto house = Register::open(folder, clock).value();
  house->answer(R"({"op":"unseal","passphrase":"the word of the office"})");
  EXPECT_TRUE(house->sealed());
  house->answer(R"({"op":"unseal","passphrase":"another word altogether"})");
  EXPECT_FALSE(house->sealed());
  std::filesystem::remove_all(folder);
}
