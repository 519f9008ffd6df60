// Openings, by the protocol of access/opening.h: this file keeps its book, its stages and its ledger.
#include "state.h"

#include <base/bytes.h>

#include <algorithm>

namespace identity {
namespace {

using base::Error;
using base::Refusal;
using rights::OpeningReason;

constexpr std::string_view kShownInfo = "custos identity opened v1";

// Whatever the reason, one sentence; the same for a code that nobody has.
Refused refused(OpeningReason why) {
  const bool alarm = why == OpeningReason::replay || why == OpeningReason::quota ||
                     why == OpeningReason::organ || why == OpeningReason::credential ||
                     why == OpeningReason::assertion || why == OpeningReason::person;
  return {
      {Refusal::denied, std::string(rights::opening_refused())}, std::string(rights::name_of(why)), alarm};
}
Refused unknown() { return {{Refusal::not_found, "there is nothing here, or nothing for you to see"}}; }

std::string told(const rights::Assertion& a) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("id", rights::base64url(a.credential_id))
      .member("client_data", rights::base64url(a.client_data))
      .member("authenticator_data", rights::base64url(a.authenticator_data))
      .member("signature", rights::base64url(a.signature))
      .end_object();
  return out;
}

rights::OpeningBook book_for(store::Sql& sql, const std::string& nonce, Time now) {
  rights::OpeningBook out;
  sql.each(
      "select nonce, requester, at from spent where at > ? or nonce = ?",
      [&](store::Statement& row) {
        out.entries.push_back(
            {std::string(row.text(0)), static_cast<std::uint64_t>(row.integer(1)), row.integer(2)});
      },
      now - 24 * 3600, record::Cell::blob(nonce));
  return out;
}

void keep_counter(store::Sql& sql, const Officer& o, const std::optional<rights::Credential>& used) {
  if (used)
    sql.run("update officer set counter = ? where id = ?", std::int64_t{used->counter},
            std::string_view(o.id));
}

}  // namespace

Register::State::Answer Register::State::ask(const value& request) {
  const auto w = word(member(request, "who"));
  const auto text = text_of(request, "request");
  const auto assertion = assertion_of(request);
  if (!w.ok()) return Refused{w.error()};
  if (!text.ok()) return Refused{text.error()};
  if (!assertion.ok()) return Refused{assertion.error()};
  const auto r = rights::read_opening_request(*text);
  if (!r.ok()) return Refused{r.error(), "request"};
  std::optional<Refused> no;
  OpeningRow row{base::hex(base::random_bytes(8)), "signed", *text, 0, 0, 0, {}, r->asked, r->expires, 0, 0};
  const base::Status done = write([&]() -> base::Status {
    const auto refuse = [&](OpeningReason why) {
      tell("opening_refused", w->code, r->code, "{\"why\":\"" + std::string(rights::name_of(why)) + "\"}");
      no = refused(why);
      return base::Done{};
    };
    const auto o = officer(w->person);
    if (!o || o->role != "identity_officer") return refuse(OpeningReason::policy);
    const auto held = makes();
    const rights::OpeningRules fixed = rules(held);
    const rights::OpeningParty first = party(*o, *w);
    const rights::OpeningAnswer begun =
        rights::ask_opening(fixed, book_for(*sql, r->nonce, now()), *r, first, now());
    if (!begun.next) return refuse(begun.reason_for_ledger);
    const rights::OpeningAnswer said = rights::sign_opening(fixed, *begun.next, first, *assertion, now());
    keep_counter(*sql, *o, said.credential);
    if (!said.next) return refuse(said.reason_for_ledger);
    row.requester = o->person, row.organ = std::int64_t{said.next->organ};
    row.credential = {said.next->credential_id};
    store::insert(*sql, row);
    tell("opening_asked", w->code, r->code,
         "{\"opening\":\"" + row.id + "\",\"request\":" + *text + ",\"assertion\":" + told(*assertion) + "}");
    return base::Done{};
  });
  if (!done.ok()) return Refused{done.error()};
  if (no) return *no;
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("opening", row.id)
      .member("until", base::rfc3339(row.expires))
      .end_object();
  return out;
}

// The requester's own, and those that this person of another organ may agree to.
Register::State::Answer Register::State::openings(const value& request) {
  const auto w = word(member(request, "who"));
  if (!w.ok()) return Refused{w.error()};
  const auto o = officer(w->person);
  std::string out;
  base::JsonWriter j(out);
  j.object().key("openings").array();
  const rights::OpeningParty me = o ? party(*o, *w) : rights::OpeningParty{};
  for (const OpeningRow& row : store::select<OpeningRow>(*sql, "order by asked desc, id limit 100")) {
    const auto r = rights::read_opening_request(row.request);
    if (!r.ok()) continue;
    const bool mine = static_cast<std::uint64_t>(row.requester) == w->person;
    const bool decides =
        o && o->role == "identity_approver" && me.subject.organ && me.subject.roles &&
        me.subject.organ != static_cast<std::uint32_t>(row.organ) && row.state == "signed" &&
        std::ranges::any_of(w->cases, [&](const auto& c) { return c.case_id == r->case_id; });
    const bool decided = static_cast<std::uint64_t>(row.approver) == w->person;
    if (!mine && !decides && !decided) continue;
    j.object().member("id", row.id).member("state", row.state).member("request", row.request);
    j.member("requester", row.requester).member("approver", row.approver);
    j.member("asked", base::rfc3339(row.asked)).member("until", base::rfc3339(row.expires));
    j.member("mine", mine).member("may_decide", decides).end_object();
  }
  j.end_array().end_object();
  return out;
}

Register::State::Answer Register::State::approve(const value& request) {
  const auto w = word(member(request, "who")), other = word(member(request, "requester"));
  const auto one = text_of(request, "opening");
  const auto assertion = assertion_of(request);
  if (!w.ok()) return Refused{w.error()};
  if (!other.ok()) return Refused{other.error()};
  if (!one.ok()) return Refused{one.error()};
  if (!assertion.ok()) return Refused{assertion.error()};
  auto row = opening(*one);
  if (!row) return unknown();
  const auto r = rights::read_opening_request(row->request);
  std::optional<Refused> no;
  const base::Status done = write([&]() -> base::Status {
    const auto refuse = [&](OpeningReason why, rights::Reason decision = rights::Reason::allowed) {
      std::string payload;
      base::JsonWriter(payload)
          .object()
          .member("opening", row->id)
          .member("why", rights::name_of(why))
          .member("decision", rights::name_of(decision))
          .end_object();
      tell("opening_refused", w->code, r->code, payload);
      no = refused(why);
      return base::Done{};
    };
    const auto first = officer(static_cast<std::uint64_t>(row->requester)), second = officer(w->person);
    if (!first || !second) return refuse(OpeningReason::policy);
    if (row->state != "signed") return refuse(OpeningReason::order);
    const auto held = makes();
    const rights::OpeningRules fixed = rules(held);
    const rights::Opening opened{
        *r, rights::OpeningStage::signed_, static_cast<std::uint32_t>(row->organ), row->credential.bytes, {}};
    const auto met = store::select<Entry>(*sql, "where code = ?", std::string_view(r->code));
    std::optional<rights::Object> object;
    if (!met.empty())
      object = rights::Object{.kind = policy.kind("identity"),
                              .id = object_number(r->code),
                              .case_id = static_cast<std::uint64_t>(met.front().case_id),
                              .author = static_cast<std::uint64_t>(met.front().author),
                              .label = rights::Label{},
                              .held = false,
                              .embargo_until = 0,
                              .fields = 63,
                              .sensitive = 63,
                              .epoch = 1};
    const rights::PermitAnswer a =
        rights::approve_opening(fixed, book_for(*sql, r->nonce, now()), opened, party(*first, *other),
                                party(*second, *w), object, *assertion, now());
    keep_counter(*sql, *second, a.credential);
    if (!a.permit) return refuse(a.reason_for_ledger, a.decision);
    sql->run("insert into spent (nonce, requester, at) values (?, ?, ?)", record::Cell::blob(r->nonce),
             row->requester, now());
    row->state = "permitted", row->approver = second->person, row->decided = now();
    store::update(*sql, *row);
    tell("opening_permitted", w->code, r->code,
         "{\"opening\":\"" + row->id + "\",\"assertion\":" + told(*assertion) + "}");
    return base::Done{};
  });
  if (!done.ok()) return Refused{done.error()};
  if (no) return *no;
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("opening", row->id)
      .member("until", base::rfc3339(row->expires))
      .end_object();
  return out;
}

Register::State::Answer Register::State::written(const OpeningRow& row, std::string_view act,
                                                 std::string_view who) {
  const base::Status done = write([&]() -> base::Status {
    store::update(*sql, row);
    tell(act, who, row.id, "{}");
    return base::Done{};
  });
  if (!done.ok()) return Refused{done.error()};
  return std::string("{}");
}

base::Result<Register::State::Asked> Register::State::asked_of(const value& request) {
  Asked a;
  a.who = TRY(word(member(request, "who")));
  a.row = opening(TRY(text_of(request, "opening")));
  return a;
}

Register::State::Answer Register::State::refuse(const value& request) {
  const auto asked = asked_of(request);
  if (!asked.ok()) return Refused{asked.error()};
  const Word& w = asked->who;
  auto row = asked->row;
  const auto o = officer(w.person);
  if (!row || !o || o->role != "identity_approver" || !party(*o, w).subject.organ ||
      party(*o, w).subject.organ == static_cast<std::uint32_t>(row->organ))
    return unknown();
  if (row->state != "signed") return Refused{{Refusal::conflict, "this request is decided or over"}};
  row->state = "refused", row->approver = o->person, row->decided = now();
  return written(*row, "opening_declined", o->code);
}

// Whoever asked ends it; so do its time and the seal.
Register::State::Answer Register::State::close(const value& request) {
  const auto asked = asked_of(request);
  if (!asked.ok()) return Refused{asked.error()};
  const Word& w = asked->who;
  auto row = asked->row;
  if (!row || static_cast<std::uint64_t>(row->requester) != w.person) return unknown();
  if (row->state != "signed" && row->state != "permitted")
    return Refused{{Refusal::conflict, "this opening is over already"}};
  row->state = "closed";
  return written(*row, "opening_closed", w.code);
}

// Only the fields that were asked for, only to who asked, only for the key of the page that asked.
Register::State::Answer Register::State::show(const value& request) {
  const auto asked = asked_of(request);
  if (!asked.ok()) return Refused{asked.error()};
  const Word& w = asked->who;
  auto row = asked->row;
  if (!row || static_cast<std::uint64_t>(row->requester) != w.person) return unknown();
  const auto o = officer(w.person);
  // Who was taken off meanwhile, here or in the office, sees no more.
  if (row->state != "permitted" || now() >= row->expires || !o || !party(*o, w).subject.roles)
    return refused(OpeningReason::time);
  const auto r = rights::read_opening_request(row->request);
  const auto met = store::select<Entry>(*sql, "where code = ?", std::string_view(r->code));
  if (met.empty()) return refused(OpeningReason::request);
  std::string whole = open_entry(met.front());
  const value v = boost::json::parse(whole);
  base::wipe(whole);
  std::string plain;
  base::JsonWriter j(plain);
  j.object().member("code", r->code).member("for", w.code).member("until", base::rfc3339(row->expires));
  j.key("fields").object();
  for (const std::string& field : r->fields) j.key(field).raw(boost::json::serialize(member(v, field)));
  j.end_object().end_object();
  const auto sealed_answer = seal_to(r->reader_key, kShownInfo, row->id, plain);
  base::wipe(plain);
  if (!sealed_answer.ok()) return refused(OpeningReason::request);
  ++row->shown;
  const base::Status done = write([&]() -> base::Status {
    store::update(*sql, *row);
    std::string fields;
    base::JsonWriter f(fields);
    f.object().member("opening", row->id).key("fields").array();
    for (const std::string& field : r->fields) f.value(field);
    f.end_array().end_object();
    tell("shown", w.code, r->code, fields);
    return base::Done{};
  });
  if (!done.ok()) return Refused{done.error()};
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("enc", rights::base64url(sealed_answer->enc))
      .member("box", rights::base64url(sealed_answer->box))
      .member("until", base::rfc3339(row->expires))
      .end_object();
  return out;
}

Register::State::Answer Register::State::log(const value& request) {
  const auto from = number_of(request, "from");
  std::string out;
  base::JsonWriter j(out);
  j.object().key("rows").array();
  std::int64_t n = 0;
  ledger->scan([&](const store::Ledger::Row& row) {
    if (from.ok() && row.seq < static_cast<std::uint64_t>(*from)) return true;
    j.object().key("entry").raw(row.entry).key("payload").raw(row.payload).end_object();
    return ++n < 200;
  });
  j.end_array().end_object();
  return out;
}

}  // namespace identity
