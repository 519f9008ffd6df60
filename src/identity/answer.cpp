// What is asked of the register, and who asks: the requests by their names, the people by their standing
// here.
#include "state.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>

#include <algorithm>

namespace identity {
namespace {

using base::Error;
using base::Refusal;

constexpr std::string_view kWhy[] = {"invalid", "not_found",   "denied",   "conflict",
                                     "damaged", "unsupported", "exhausted"};

std::string refusal(const Refused& r) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .key("refused")
      .object()
      .member("why", kWhy[static_cast<std::size_t>(r.error.why)])
      .member("message", r.error.message)
      .member("reason", r.reason)
      .member("alarm", r.alarm)
      .end_object()
      .end_object();
  return out;
}

}  // namespace

base::Result<std::string> bytes_of(const value& v, std::string_view name) {
  if (auto bytes = rights::unbase64url(TRY(text_of(v, name)))) return std::move(*bytes);
  return Error{Refusal::invalid, "\"" + std::string(name) + "\" is not base64url"};
}
base::Result<rights::Assertion> assertion_of(const value& v) {
  const value& a = member(v, "assertion");
  return rights::Assertion{TRY(bytes_of(a, "id")), TRY(bytes_of(a, "client_data")),
                           TRY(bytes_of(a, "authenticator_data")), TRY(bytes_of(a, "signature"))};
}
std::uint64_t object_number(std::string_view code) {
  const base::Digest d = base::sha256(code);
  return base::load_le<std::uint64_t>(d.data()) | 1;
}

std::string canonical(const SignedAct& a) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("act", a.act)
      .member("asked", a.asked)
      .member("body", base::hex(a.body))
      .member("case", a.case_id)
      .member("code", a.code)
      .member("nonce", base::hex(a.nonce))
      .member("requester", a.requester)
      .member("version", 1)
      .end_object();
  return out;
}

std::optional<Officer> Register::State::officer(std::uint64_t person) {
  auto met = store::select<Officer>(*sql, "where person = ? and state = 'admitted'",
                                    static_cast<std::int64_t>(person));
  if (met.empty()) return {};
  return std::move(met.front());
}
std::optional<OpeningRow> Register::State::opening(std::string_view row) {
  auto met = store::select<OpeningRow>(*sql, "where id = ?", row);
  if (met.empty()) return {};
  return std::move(met.front());
}
std::vector<std::string> Register::State::makes() {
  std::vector<std::string> out;
  for (const Officer& o : store::select<Officer>(*sql, "where state = 'admitted'"))
    out.push_back(o.aaguid.bytes);
  return out;
}
rights::OpeningRules Register::State::rules(const std::vector<std::string>& held) const {
  return {policy, self, held, register_fields()};
}

base::Result<Word> Register::State::word(const value& who) const {
  Word w;
  w.person = static_cast<std::uint64_t>(TRY(number_of(who, "person")));
  w.code = TRY(text_of(who, "code"));
  w.organ = static_cast<std::uint32_t>(TRY(number_of(who, "organ")));
  w.clearance = rights::classification_named(TRY(text_of(who, "clearance")));
  if (const auto* roles = member(who, "roles").if_array())
    for (const value& name : *roles)
      if (const auto bit = name.is_string() ? policy.role(std::string_view(name.get_string())) : std::nullopt)
        w.roles |= *bit;
  if (const auto* cases = member(who, "cases").if_array())
    for (const value& n : *cases)
      if (n.is_int64()) w.cases.push_back({static_cast<std::uint64_t>(n.get_int64()), now() + 60});
  return w;
}
rights::OpeningParty Register::State::party(const Officer& o, const Word& w) const {
  rights::Subject s;
  if (static_cast<std::uint64_t>(o.person) != w.person) return {s, {}};
  s.person = w.person;
  s.organ = static_cast<std::uint32_t>(o.organ) == w.organ ? w.organ : 0;
  s.roles = policy.role(o.role).value_or(0) & w.roles;
  s.clearance = w.clearance;
  s.assignments = w.cases;
  s.conflicts = std::span<const std::uint64_t>();
  s.epoch = 1;
  return {s,
          {o.credential.bytes, o.public_key.bytes, o.algorithm, static_cast<std::uint32_t>(o.counter),
           o.aaguid.bytes, false, false}};
}

void Register::State::end_what_is_over() {
  const auto over =
      store::select<OpeningRow>(*sql, "where state in ('signed', 'permitted') and expires <= ?", now());
  if (over.empty()) return;
  static_cast<void>(write([&]() -> base::Status {
    for (OpeningRow row : over) {
      row.state = "ended";
      store::update(*sql, row);
      tell("opening_ended", "", row.id, "{\"by\":\"time\"}");
    }
    return base::Done{};
  }));
}

Register::State::Answer Register::State::status() {
  std::string out;
  base::JsonWriter w(out);
  w.object()
      .member("state", key ? "open" : "sealed")
      .member("id", id)
      .member("origin", self.origins.front())
      .member("rp_id", self.id)
      .member("public_key", rights::base64url(public_key))
      .member("by", by_passphrase ? "passphrase" : "shares")
      .member("given", static_cast<std::int64_t>(given.size()))
      .member("needed", needed)
      .member("locked_in_memory", key.locked());
  w.key("head");
  if (key) {
    const store::Checkpoint head = ledger->head("custos-identity/" + id);
    w.object().member("size", head.size).member("root", base::hex(base::view(head.root))).end_object();
  } else {
    w.null();
  }
  w.end_object();
  return out;
}

// A copy in a state that stands still: this process alone writes, and it is busy with this.
Register::State::Answer Register::State::copy(const value& request) {
  const auto to = text_of(request, "to");
  if (!to.ok()) return Refused{to.error()};
  if (base::file_exists(*to + "/register.json"))
    return Refused{{Refusal::conflict, "there is a register in " + *to + " already; name another folder"}};
  if (sql) sql->script("pragma wal_checkpoint(truncate)");
  for (const char* name : {"/register.db", "/register.json"}) {
    const std::string whole = base::read_file(folder + name);
    base::replace_file(*to + name, whole);
    if (base::read_file(*to + name) != whole)
      return Refused{{Refusal::damaged, *to + name + " reads back differently; use another disk"}};
  }
  if (key)
    static_cast<void>(write([&]() -> base::Status {
      tell("copied", "", "", "{}");
      return base::Done{};
    }));
  return status();
}

// Shares come one by one, from one holder after the other; what was given is forgotten after a while.
Register::State::Answer Register::State::take_share(const value& request) {
  if (key) return Refused{{Refusal::conflict, "the register is unsealed already"}};
  if (by_passphrase) {
    auto opened = open_root(request);
    if (!opened.ok()) return Refused{opened.error(), "passphrase", true};
    if (const base::Status s = unseal(std::move(*opened)); !s.ok()) return Refused{s.error()};
    return status();
  }
  const auto typed = text_of(request, "share");
  if (!typed.ok()) return Refused{typed.error()};
  auto share = rights::read_share(*typed);
  if (!share.ok()) return Refused{share.error()};
  const auto forget = [&] {
    for (rights::Share& s : given) base::wipe(s.bytes);
    given.clear();
  };
  if (now() - given_at > limits.share_minutes * 60) forget();
  given_at = now();
  given.push_back(std::move(*share));
  if (given.size() < given.front().needed) {
    if (given.size() > 1 && given.back().number == given.front().number) {
      given.pop_back();
      return Refused{{Refusal::invalid, "this share was given already; another holder's is needed"}};
    }
    return status();
  }
  auto opened = rights::open_root(root, given);
  forget();
  if (!opened.ok()) return Refused{{Refusal::denied, opened.error().message}, "shares", true};
  Secret root_key(*opened);
  base::wipe(*opened);
  if (const base::Status s = unseal(std::move(root_key)); !s.ok()) return Refused{s.error()};
  return status();
}

std::string Register::answer(std::string_view request) {
  boost::system::error_code broken;
  const value v = boost::json::parse(request, broken);
  const auto op = broken ? base::Result<std::string>(Error{Refusal::invalid, "no JSON"}) : text_of(v, "op");
  if (!op.ok()) return refusal({op.error()});
  State& s = *state_;
  State::Answer out = Refused{{Refusal::invalid, "there is no request \"" + *op + "\""}};
  if (*op == "status") {
    out = s.status();
  } else if (*op == "unseal") {
    out = s.take_share(v);
  } else if (*op == "copy") {
    out = s.copy(v);
  } else if (!s.key) {
    out = Refused{{Refusal::unsupported, "the identity register is sealed; its custodians can unseal it"},
                  "sealed"};
  } else {
    s.end_what_is_over();
    if (*op == "seal") {
      const auto who = text_of(v, "who");
      s.seal(who.ok() ? *who : "");
      out = s.status();
    }
    if (*op == "ask_admission") out = s.ask_admission(v);
    if (*op == "officers") out = s.officers();
    if (*op == "admit") out = s.admit(v, false);
    if (*op == "remove") out = s.admit(v, true);
    if (*op == "standing") out = s.standing(v);
    if (*op == "register" || *op == "amend") out = s.enter(v, *op);
    if (*op == "known") out = s.known(v);
    if (*op == "ask") out = s.ask(v);
    if (*op == "openings") out = s.openings(v);
    if (*op == "approve") out = s.approve(v);
    if (*op == "refuse") out = s.refuse(v);
    if (*op == "close") out = s.close(v);
    if (*op == "show") out = s.show(v);
    if (*op == "log") out = s.log(v);
  }
  if (const auto* text = std::get_if<std::string>(&out)) return *text;
  return refusal(std::get<Refused>(out));
}

}  // namespace identity
