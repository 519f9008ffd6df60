// The people of the register and of its doors: officers are admitted, persons are registered, corrected, and
// asked for blindly.
#include "state.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>

namespace identity {
namespace {

using base::Error;
using base::Refusal;

Error not_for_you() {
  return {Refusal::denied, "The register does not do this for you. Ask its custodians how to go on."};
}
constexpr std::string_view kFormInfo = "custos identity form v1";

std::string fingerprint(const std::string& public_key) {
  const std::string hex = base::hex(base::view(base::sha256(public_key))).substr(0, 20);
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 4) out += (i ? " " : "") + hex.substr(i, 4);
  return out;
}
void say(base::JsonWriter& w, const Officer& o) {
  w.object()
      .member("id", o.id)
      .member("person", o.code)
      .member("role", o.role)
      .member("organ", o.organ)
      .member("state", o.state)
      .member("passkey", rights::base64url(o.credential.bytes))
      .member("fingerprint", fingerprint(o.public_key.bytes))
      .member("asked", base::rfc3339(o.asked))
      .end_object();
}

}  // namespace

Register::State::Answer Register::State::ask_admission(const value& request) {
  const auto w = word(member(request, "who"));
  if (!w.ok()) return Refused{w.error()};
  const value& c = member(request, "passkey");
  const auto role = text_of(request, "role");
  const auto credential = bytes_of(c, "id"), their_key = bytes_of(c, "public_key"),
             aaguid = bytes_of(c, "aaguid");
  const auto algorithm = member(c, "algorithm");
  const auto counter = number_of(c, "counter");
  for (const auto* r : {&role, &credential, &their_key, &aaguid})
    if (!r->ok()) return Refused{r->error()};
  if (!algorithm.is_int64() || !counter.ok()) return Refused{{Refusal::invalid, "\"passkey\" is not whole"}};
  const auto bit = policy.role(*role);
  if (!bit || !(w->roles & *bit) || !w->organ) return Refused{not_for_you(), "role"};
  if (member(c, "may_be_copied").is_bool() && member(c, "may_be_copied").get_bool())
    return Refused{{Refusal::denied, "this passkey can be copied to other devices; take one of hardware"}};
  const Officer o{base::hex(base::random_bytes(8)),
                  static_cast<std::int64_t>(w->person),
                  w->code,
                  *role,
                  std::int64_t{w->organ},
                  {*credential},
                  {*their_key},
                  {*aaguid},
                  algorithm.get_int64(),
                  *counter,
                  "asked",
                  now(),
                  0};
  static_cast<void>(write([&]() -> base::Status {
    sql->run("delete from officer where person = ? and state = 'asked'", o.person);
    store::insert(*sql, o);
    tell("admission_asked", o.code, o.id, "{\"fingerprint\":\"" + fingerprint(*their_key) + "\"}");
    return base::Done{};
  }));
  return standing(request);
}

Register::State::Answer Register::State::officers() {
  std::string out;
  base::JsonWriter w(out);
  w.object().key("officers").array();
  for (const Officer& o : store::select<Officer>(*sql, "where state <> 'removed' order by asked, id"))
    say(w, o);
  w.end_array().end_object();
  return out;
}

// Who opens the register admits to it: the shares, or the passphrase, are asked for once more.
Register::State::Answer Register::State::admit(const value& request, bool remove) {
  const auto one = text_of(request, "officer");
  if (!one.ok()) return Refused{one.error()};
  auto met = store::select<Officer>(*sql, "where id = ? and state <> 'removed'", std::string_view(*one));
  if (met.empty()) return Refused{{Refusal::not_found, "nobody is known or asks under " + *one}};
  if (!remove)
    if (const auto proof = open_root(request); !proof.ok()) {
      static_cast<void>(write([&]() -> base::Status {
        tell("admission_refused", "", *one, "{\"why\":\"proof\"}");
        return base::Done{};
      }));
      return Refused{proof.error(), "proof", true};
    }
  Officer o = met.front();
  o.state = remove ? "removed" : "admitted", o.decided = now();
  static_cast<void>(write([&]() -> base::Status {
    if (!remove)
      sql->run("update officer set state = 'removed' where person = ? and state = 'admitted'", o.person);
    store::update(*sql, o);
    tell(remove ? "officer_removed" : "officer_admitted", o.code, o.id,
         "{\"role\":" + base::json_string(o.role) + ",\"organ\":" + std::to_string(o.organ) + "}");
    return base::Done{};
  }));
  return officers();
}

Register::State::Answer Register::State::standing(const value& request) {
  const auto w = word(member(request, "who"));
  if (!w.ok()) return Refused{w.error()};
  const auto all = store::select<Officer>(*sql, "where person = ? and state <> 'removed' order by state",
                                          static_cast<std::int64_t>(w->person));
  std::string out;
  base::JsonWriter j(out);
  j.object().key("standing").array();
  for (const Officer& o : all) say(j, o);
  j.end_array().end_object();
  return out;
}

std::variant<Register::State::Signed, Refused> Register::State::signed_form(const value& request,
                                                                            std::string_view act,
                                                                            rights::Act right) {
  const auto w = word(member(request, "who"));
  if (!w.ok()) return Refused{w.error()};
  const value& said = member(request, "act");
  const auto enc = bytes_of(request, "enc"), box = bytes_of(request, "box"), nonce = bytes_of(said, "nonce");
  const auto case_id = number_of(said, "case"), asked = number_of(said, "asked");
  const auto code = text_of(said, "code");
  const auto assertion = assertion_of(request);
  for (const auto* r : {&enc, &box, &nonce, &code})
    if (!r->ok()) return Refused{r->error()};
  if (!case_id.ok() || !asked.ok() || !assertion.ok() || nonce->size() != 32)
    return Refused{{Refusal::invalid, "the request is not whole: act, assertion, enc and box are needed"}};
  Signed s{.officer = {},
           .word = *w,
           .act = {std::string(act), *code, std::string(base::view(base::sha256(*enc, *box))),
                   static_cast<std::uint64_t>(*case_id), w->person, *asked, *nonce},
           .form = {}};
  const auto refuse = [&](const char* why, bool alarm = false) {
    static_cast<void>(write([&]() -> base::Status {
      tell(std::string(act) + "_refused", w->code, s.act.code, "{\"why\":\"" + std::string(why) + "\"}");
      return base::Done{};
    }));
    return Refused{not_for_you(), why, alarm};
  };
  const auto o = officer(w->person);
  if (!o) return refuse("person");
  s.officer = *o;
  const rights::OpeningParty p = party(*o, s.word);
  const auto used = rights::verify_assertion(self, std::string(base::view(base::sha256(canonical(s.act)))),
                                             p.credential, *assertion);
  if (!used.ok()) return refuse("assertion", true);
  static_cast<void>(write([&]() -> base::Status {
    sql->run("update officer set counter = ? where id = ?", std::int64_t{used->counter},
             std::string_view(o->id));
    return base::Done{};
  }));
  if (s.act.asked > now() + 60 || now() - s.act.asked > limits.act_seconds) return refuse("time");
  if (sql->number("select count(*) from used where nonce = ?", record::Cell::blob(s.act.nonce)))
    return refuse("replay", true);
  const std::int64_t today = sql->number("select count(*) from used where person = ? and act = ? and at > ?",
                                         o->person, std::string_view(s.act.act), now() - 24 * 3600);
  if (today >= (act == "known" ? limits.questions_a_day : limits.registrations_a_day)) {
    static_cast<void>(refuse("quota", true));
    return Refused{{Refusal::exhausted, "the number for one day is reached; it is counted over 24 hours"},
                   "quota",
                   true};
  }
  // The same function as everywhere decides, on what the register knows.
  rights::Subject subject = p.subject;
  const auto held = makes();
  subject.sign_in = rights::strength_of(*used, held);
  subject.stepped_up = now();
  rights::Object object{.kind = policy.kind("identity"),
                        .id = object_number(s.act.code),
                        .case_id = s.act.case_id,
                        .author = w->person,
                        .label = rights::Label{},
                        .held = false,
                        .embargo_until = 0,
                        .fields = 63,
                        .sensitive = 63,
                        .epoch = 1};
  const auto purpose = policy.purpose("registration");
  rights::Request r{.act = right, .now = now()};
  if (purpose) r.purpose = rights::Purpose{*purpose, s.act.case_id, now() + 1, true};
  r.label_after = object.label;
  const rights::Decision d = rights::decide(policy, subject, object, r);
  if (!d.allowed) return refuse(std::string(rights::name_of(d.reason_for_ledger())).c_str());
  auto form = open_for(key_for("reader"), kFormInfo, "", {*enc, *box});
  if (!form.ok()) return refuse("form");
  s.form = std::move(*form);
  return s;
}

std::string Register::State::trace(std::string_view of) const {
  return base::hmac_sha256(key_for("blind question"), of);
}
void Register::State::keep_traces(const std::string& code, const std::string& form) {
  sql->run("delete from trace where code = ?", std::string_view(code));
  const Traces t = ear.traces(names_in(form), born_in(form));
  int grade = 0;
  for (const auto* list : {&t.certain, &t.same, &t.heard}) {
    ++grade;
    for (const std::string& one : *list)
      sql->run("insert into trace (mac, code, grade) values (?, ?, ?)", record::Cell::blob(trace(one)),
               std::string_view(code), grade);
  }
}
base::Status Register::State::make_traces_anew() {
  std::string kept;
  sql->each("select content from fact where name = 'sounds'",
            [&](store::Statement& row) { kept = std::string(row.text(0)); });
  if (kept == Ear::version()) return base::Done{};
  for (const Entry& e : store::select<Entry>(*sql, "order by code")) keep_traces(e.code, open_entry(e));
  sql->run("update fact set content = ? where name = 'sounds'", std::string_view(Ear::version()));
  tell("traces_made_anew", "", "", "{}");
  return base::Done{};
}

std::string Register::State::open_entry(const Entry& e) const {
  const std::string& s = e.sealed.bytes;
  if (s.size() < 28) base::fault("an entry of the register is damaged");
  std::string out(s.size() - 28, '\0');
  if (!base::Aead(key_for("entry", e.code))
           .open(reinterpret_cast<const unsigned char*>(s.data()), e.code, s.data() + 12, out.size(),
                 out.data()))
    base::fault("an entry of the register does not open under its key");
  return out;
}
record::Octets Register::State::seal_entry(const std::string& code, std::string_view form) const {
  std::string out = base::random_bytes(12);
  out.resize(28 + form.size());
  base::Aead(key_for("entry", code))
      .seal(reinterpret_cast<const unsigned char*>(out.data()), code, form.data(), form.size(),
            out.data() + 12);
  return {out};
}

Register::State::Answer Register::State::enter(const value& request, std::string_view act) {
  const bool amends = act == "amend";
  auto asked = signed_form(request, act, amends ? rights::Act::change : rights::Act::add);
  if (const auto* no = std::get_if<Refused>(&asked)) return *no;
  Signed& s = std::get<Signed>(asked);
  const auto read = read_form(s.form, amends);
  base::wipe(s.form);
  if (!read.ok()) return Refused{read.error(), "form"};
  Entry e;
  std::string form = *read;
  if (amends) {
    auto met = store::select<Entry>(*sql, "where code = ?", std::string_view(s.act.code));
    if (met.empty() || static_cast<std::uint64_t>(met.front().case_id) != s.act.case_id)
      return Refused{not_for_you(), "code"};
    e = met.front();
    // What is given replaces what was there; the rest stays.
    value whole = boost::json::parse(open_entry(e));
    const value changed = boost::json::parse(form);
    for (const auto& m : changed.get_object()) whole.get_object()[m.key()] = m.value();
    const auto after = read_form(boost::json::serialize(whole), false);
    if (!after.ok()) return Refused{after.error(), "form"};
    form = *after;
  } else {
    e.case_id = static_cast<std::int64_t>(s.act.case_id), e.author = s.officer.person, e.made = now();
    do e.code = rights::make_person_code([](std::size_t n) { return base::random_bytes(n); });
    while (sql->number("select count(*) from entry where code = ?", std::string_view(e.code)));
  }
  e.sealed = seal_entry(e.code, form), e.changed = now();
  const base::Status done = write([&]() -> base::Status {
    sql->run("insert into used (nonce, person, act, at) values (?, ?, ?, ?)", record::Cell::blob(s.act.nonce),
             s.officer.person, act, now());
    if (amends)
      store::update(*sql, e);
    else
      store::insert(*sql, e);
    keep_traces(e.code, form);
    tell(amends ? "amended" : "registered", s.officer.code, e.code, "{}");
    return base::Done{};
  });
  base::wipe(form);
  if (!done.ok()) return Refused{done.error()};
  std::string out;
  base::JsonWriter(out).object().member("code", e.code).end_object();
  return out;
}

Register::State::Answer Register::State::known(const value& request) {
  auto asked = signed_form(request, "known", rights::Act::add);
  if (const auto* no = std::get_if<Refused>(&asked)) return *no;
  Signed& s = std::get<Signed>(asked);
  const auto form = read_form(s.form, false);
  base::wipe(s.form);
  if (!form.ok()) return Refused{form.error(), "form"};
  const Traces t = ear.traces(names_in(*form), born_in(*form));
  // Every key is looked up, whatever was found before: the time tells nothing.
  const auto meets = [&](const std::vector<std::string>& keys) {
    std::int64_t n = 0;
    for (const std::string& one : keys)
      n += sql->number("select count(*) from trace where mac = ?", record::Cell::blob(trace(one)));
    return n > 0;
  };
  const bool certain = meets(t.certain), same = meets(t.same), heard = meets(t.heard);
  const char* said = certain ? "yes" : same || heard ? "ask" : "no";
  const base::Status done = write([&]() -> base::Status {
    sql->run("insert into used (nonce, person, act, at) values (?, ?, 'known', ?)",
             record::Cell::blob(s.act.nonce), s.officer.person, now());
    tell("asked_whether_known", s.officer.code, "", "{\"answer\":\"" + std::string(said) + "\"}");
    return base::Done{};
  });
  if (!done.ok()) return Refused{done.error()};
  std::string out;
  base::JsonWriter(out).object().member("answer", said).end_object();
  return out;
}

}  // namespace identity
