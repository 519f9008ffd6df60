#include "lying.h"

#include <access/shares.h>
#include <base/bytes.h>
#include <base/json.h>
#include <base/parsed.h>
#include <keys/doors.h>
#include <sandbox/door.h>

#include <algorithm>
#include <map>

namespace keys {
namespace {

using base::Error;
using base::member, base::text_of;
using base::Refusal;
using boost::json::value;

// How a refusal is spelt between the processes, in the order of base::Refusal.
constexpr std::string_view kRefusals[] = {"invalid", "not_found",   "denied",   "conflict",
                                          "damaged", "unsupported", "exhausted"};

base::Result<std::string> bytes_of(const value& v, std::string_view name) {
  if (auto b = base::unhex(TRY(text_of(v, name)))) return std::move(*b);
  return Error{Refusal::invalid, "\"" + std::string(name) + "\" is no hexadecimal"};
}
base::Result<std::uint64_t> size_of(const value& v, std::string_view name) {
  return static_cast<std::uint64_t>(TRY(base::number_of(v, name)));
}
base::Result<base::Digest> digest_of(std::string_view hex) {
  const auto b = base::unhex(hex);
  if (!b || b->size() != 32) return Error{Refusal::invalid, "a hash is 32 bytes in hexadecimal"};
  base::Digest d;
  std::copy(b->begin(), b->end(), d.begin());
  return d;
}

// What both say of themselves, and how they come by their secret and lose it.
class Duties {
 public:
  Duties(const DoorOptions& o, const Proof& proof)
      : o_(o),
        secret_name_(o.duty == Duty::key_service ? kOfficeKey : kSigningKey),
        heads_(o.folder, o.office) {
    open(proof);
  }
  // Ends the start where it cannot end well: files that are damaged, a passphrase that is wrong.
  base::Status begun() const {
    if (trouble_ && !(lying_.by == By::shares && trouble_->why == Refusal::denied)) return *trouble_;
    return base::Done{};
  }

  std::string answer(std::string_view request) {
    boost::system::error_code broken;
    const value v = boost::json::parse(request, broken);
    const auto said = broken ? base::Result<std::string>(Error{Refusal::invalid, "no JSON"}) : dispatch(v);
    if (said.ok()) return *said;
    return "{\"refused\":" + base::json_string(kRefusals[static_cast<std::size_t>(said.error().why)]) +
           ",\"message\":" + base::json_string(said.error().message) + "}";
  }

 private:
  void open(const Proof& proof) {
    const auto lying = how_they_lie(o_.folder);
    if (!lying.ok()) {
      trouble_ = lying.error();
      return;
    }
    lying_ = *lying;
    auto opened = open_file(o_.folder, secret_name_, proof);
    if (!opened.ok()) {
      trouble_ = opened.error();
      return;
    }
    secret_ = std::move(*opened);
    trouble_.reset();
    public_key_ =
        o_.duty == Duty::signer ? base::SigningKey::from_seed(secret_.view()).public_key : std::string();
  }

  base::Result<std::string> dispatch(const value& v) {
    const std::string op = TRY(text_of(v, "op"));
    if (op == "state") return state();
    if (op == "seal") {
      secret_ = base::Secret();
      forget_shares();
      if (o_.log) o_.log(std::string(name_of(o_.duty)) + ": sealed");
      return state();
    }
    if (op == "unseal") return unseal(v);
    if (!secret_)
      return Error{Refusal::denied,
                   "the keys of this office are sealed; open them with `custos keys unseal`"};
    return o_.duty == Duty::key_service ? keep(op, v) : sign(op, v);
  }

  std::string state() const {
    return std::string("{\"open\":") + (secret_ ? "true" : "false") +
           ",\"locked_in_memory\":" + (secret_.locked() ? "true" : "false") +
           ",\"given\":" + std::to_string(given_.size()) + ",\"needed\":" + std::to_string(lying_.needed) +
           "}";
  }

  void forget_shares() {
    for (auto& [number, one] : given_) base::wipe(one);
    given_.clear();
  }

  base::Result<std::string> unseal(const value& v) {
    if (secret_) return state();
    Proof proof;
    if (member(v, "passphrase").is_string()) proof.passphrase = TRY(text_of(v, "passphrase"));
    if (member(v, "share").is_string()) {
      const std::string typed = TRY(text_of(v, "share"));
      const rights::Share share = TRY(rights::read_share(typed));
      given_[share.number] = typed;
      if (static_cast<std::int64_t>(given_.size()) < lying_.needed) return state();
      for (const auto& [number, one] : given_) proof.shares.push_back(one);
      forget_shares();
    }
    open(proof);
    for (std::string& s : proof.shares) base::wipe(s);
    base::wipe(proof.passphrase);
    if (trouble_) {
      if (o_.log) o_.log(std::string(name_of(o_.duty)) + ": an attempt to open it failed");
      return *trouble_;
    }
    if (o_.log) o_.log(std::string(name_of(o_.duty)) + ": open");
    return state();
  }

  base::Result<std::string> keep(std::string_view op, const value& v) {
    const auto given = [](const std::string& bytes) { return "{\"bytes\":\"" + base::hex(bytes) + "\"}"; };
    if (op == "derived") return given(derive(secret_.view(), TRY(text_of(v, "use"))));
    if (op == "wrapped")
      return given(wrap(secret_.view(), TRY(text_of(v, "name")), TRY(bytes_of(v, "bytes"))));
    if (op == "unwrapped")
      return given(TRY(unwrap(secret_.view(), TRY(text_of(v, "name")), TRY(bytes_of(v, "bytes")))));
    return Error{Refusal::invalid, "there is no such request"};
  }

  base::Result<std::string> sign(std::string_view op, const value& v) {
    if (op == "public_key") return "{\"bytes\":\"" + base::hex(public_key_) + "\"}";
    const std::string origin = TRY(text_of(v, "origin"));
    if (op == "last") return "{\"note\":" + base::json_string(TRY(heads_.last(origin))) + "}";
    if (op != "sign") return Error{Refusal::invalid, "there is no such request"};
    const store::Checkpoint head{origin, TRY(size_of(v, "size")), TRY(digest_of(TRY(text_of(v, "root"))))};
    std::vector<base::Digest> way;
    if (const auto* list = member(v, "way").if_array())
      for (const value& one : *list)
        way.push_back(
            TRY(digest_of(one.is_string() ? std::string_view(one.get_string()) : std::string_view())));
    auto signed_note = heads_.sign(
        head, [&](std::uint64_t) { return way; }, secret_.view(), TRY(size_of(v, "older")));
    if (!signed_note.ok() && signed_note.error().why == Refusal::conflict && o_.log)
      o_.log("signer: REFUSED: " + signed_note.error().message);
    return "{\"note\":" + base::json_string(TRY(std::move(signed_note))) + "}";
  }

  DoorOptions o_;
  const char* secret_name_;
  Lying lying_;
  base::Secret secret_;
  std::string public_key_;
  std::map<int, std::string> given_;  // shares, by their numbers
  std::optional<Error> trouble_;
  Heads heads_;
};

std::string socket_of(const std::string& doors, Duty duty) {
  return doors + "/" + std::string(name_of(duty));
}

base::Result<value> asked(const std::string& doors, Duty duty, const std::string& request, int seconds = 10) {
  const std::string what = duty == Duty::key_service ? "the key service" : "the log signer";
  std::string said = TRY(sandbox::ask_door(what, socket_of(doors, duty), request, seconds));
  boost::system::error_code broken;
  value v = boost::json::parse(said, broken);
  base::wipe(said);
  if (broken || !v.is_object()) return Error{Refusal::damaged, what + " gave no answer"};
  if (const auto* no = member(v, "refused").if_string()) {
    const auto at = std::ranges::find(kRefusals, std::string_view(*no));
    return Error{
        at == std::end(kRefusals) ? Refusal::denied : static_cast<Refusal>(at - std::begin(kRefusals)),
        TRY(text_of(v, "message"))};
  }
  return v;
}
base::Result<std::string> bytes_asked(const std::string& doors, Duty duty, const std::string& request) {
  return bytes_of(TRY(asked(doors, duty, request)), "bytes");
}
State state_in(const value& v) {
  const auto number = [&](const char* k) {
    const auto n = base::number_of(v, k);
    return n.ok() ? *n : 0;
  };
  return {member(v, "open") == value(true), member(v, "locked_in_memory") == value(true), number("given"),
          number("needed")};
}

class Behind final : public Keys {
 public:
  Behind(std::string doors, std::string office, std::string public_key)
      : doors_(std::move(doors)), signer_("custos/" + office), public_key_(std::move(public_key)) {}
  base::Result<std::string> derived(std::string_view use) const override {
    return bytes_asked(doors_, Duty::key_service,
                       "{\"op\":\"derived\",\"use\":" + base::json_string(use) + "}");
  }
  base::Result<std::string> wrapped(std::string_view name, std::string_view secret) const override {
    return named("wrapped", name, secret);
  }
  base::Result<std::string> unwrapped(std::string_view name, std::string_view wrapped) const override {
    return named("unwrapped", name, wrapped);
  }
  const std::string& public_key() const override { return public_key_; }
  base::Result<std::string> last(const std::string& origin) const override {
    return text_of(
        TRY(asked(doors_, Duty::signer, "{\"op\":\"last\",\"origin\":" + base::json_string(origin) + "}")),
        "note");
  }
  base::Result<std::string> sign(const store::Checkpoint& head, const Consistency& way) override {
    // Who else signs the same ledger may come between the two questions.
    for (int attempt = 0;; ++attempt) {
      const std::string note = TRY(last(head.origin));
      std::uint64_t older = 0;
      if (!note.empty()) older = TRY(store::open_checkpoint(note, signer_, public_key_)).size;
      std::string request;
      base::JsonWriter w(request);
      w.object()
          .member("op", "sign")
          .member("origin", head.origin)
          .member("size", static_cast<std::int64_t>(head.size))
          .member("root", base::hex(base::view(head.root)))
          .member("older", static_cast<std::int64_t>(older))
          .key("way")
          .array();
      if (older && older < head.size)
        for (const base::Digest& d : way(older)) w.value(base::hex(base::view(d)));
      w.end_array().end_object();
      const auto said = asked(doors_, Duty::signer, request);
      if (!said.ok() && said.error().why == Refusal::exhausted && attempt < 8) continue;
      return text_of(TRY(said), "note");
    }
  }

 private:
  base::Result<std::string> named(const char* op, std::string_view name, std::string_view bytes) const {
    return bytes_asked(doors_, Duty::key_service,
                       "{\"op\":\"" + std::string(op) + "\",\"name\":" + base::json_string(name) +
                           ",\"bytes\":\"" + base::hex(bytes) + "\"}");
  }
  std::string doors_, signer_, public_key_;
};

}  // namespace

std::string_view name_of(Duty duty) { return duty == Duty::key_service ? "keys" : "signer"; }

base::Status serve(const DoorOptions& o, Proof proof, const std::function<void()>& ready) {
  Duties duties(o, proof);
  base::wipe(proof.passphrase);
  for (std::string& s : proof.shares) base::wipe(s);
  TRY(duties.begun());
  sandbox::DoorOptions door;
  door.what = o.duty == Duty::key_service ? "the key service" : "the log signer";
  door.socket = socket_of(o.doors, o.duty);
  door.peers = o.peers, door.with_parent = o.with_parent, door.log = o.log;
  door.fault =
      "{\"refused\":\"damaged\",\"message\":\"" + door.what + " could not do this; its log says why\"}";
  return sandbox::serve_door(
      door, [&](std::string_view r) { return duties.answer(r); }, ready);
}

base::Result<std::unique_ptr<Keys>> behind(const std::string& doors, const std::string& office) {
  for (const Duty duty : {Duty::key_service, Duty::signer})
    if (!TRY(state_of(doors, duty)).open)
      return Error{Refusal::denied,
                   "the keys of this office are sealed; open them with `custos keys unseal`"};
  return std::unique_ptr<Keys>(
      new Behind(doors, office, TRY(bytes_asked(doors, Duty::signer, "{\"op\":\"public_key\"}"))));
}

base::Result<State> state_of(const std::string& doors, Duty duty) {
  return state_in(TRY(asked(doors, duty, "{\"op\":\"state\"}")));
}
base::Result<State> unseal(const std::string& doors, const Proof& proof) {
  std::vector<std::string> requests;
  for (const std::string& share : proof.shares)
    requests.push_back("{\"op\":\"unseal\",\"share\":" + base::json_string(share) + "}");
  if (requests.empty())
    requests.push_back("{\"op\":\"unseal\",\"passphrase\":" + base::json_string(proof.passphrase) + "}");
  State both;
  for (std::string& request : requests) {
    const State service = state_in(TRY(asked(doors, Duty::key_service, request, 60)));
    both = state_in(TRY(asked(doors, Duty::signer, request, 60)));
    both.open = both.open && service.open;
    both.locked_in_memory = both.locked_in_memory && service.locked_in_memory;
    base::wipe(request);
  }
  return both;
}
base::Status seal(const std::string& doors) {
  // The one is sealed even where the other does not answer.
  const auto service = asked(doors, Duty::key_service, "{\"op\":\"seal\"}");
  TRY(asked(doors, Duty::signer, "{\"op\":\"seal\"}"));
  TRY(service);
  return base::Done{};
}

}  // namespace keys
