// How the records of the office ask the rest of it: who decides, who is there, what time does.
#include "core.h"

#include <casework/module.h>
#include <evidence/view.h>
#include <protection/module.h>

namespace service {

std::optional<std::int64_t> Core::feed_of(std::string_view hash) {
  return book.read([&](store::Sql&) { return records_->feed_of(hash); });
}
// A person as far as a password would bring them: what a calendar tells, days and codes, is no more.
std::shared_ptr<Who> Core::who_without_session(std::int64_t person) {
  const std::optional<Account> account = book.account(person);
  if (!account || account->disabled) return {};
  rights::Session session;
  session.person = person, session.strength = rights::SignIn::password, session.epoch = account->epoch;
  return who_of(*account, std::move(session));
}

kinds::Asker Core::asker_of(const Who& who) {
  kinds::Asker out;
  out.person = who.account.person, out.code = who.account.code;
  for (const std::string& role : strings_of(who.account.roles))
    if (const auto bit = policy.role(role); bit && (*bit & policy.counted_at(who.subject.sign_in)))
      out.roles.push_back(role);
  // What is named in a record or a document has to be there for them; nothing of it is read.
  const auto named = [this, &who](std::string_view id) -> std::optional<evidence::ItemName> {
    const std::size_t dash = std::min(id.find('-'), id.size());
    const std::string case_id(id.substr(0, dash));
    const auto number = std::atoll(std::string(id.substr(std::min(id.size(), dash + 1))).c_str());
    const auto met = book.case_of(case_id);
    if (!could(who, {rights::Act::search, "item", case_id}) || !met || id != item_id(case_id, number))
      return {};
    const auto file = open(who, *met);
    return file ? evidence::name_item(**file, number) : std::nullopt;
  };
  out.item = [named](std::string_view id) { return named(id).has_value(); };
  out.told = [this, &who, named](std::string_view id) -> std::optional<kinds::Asker::Item> {
    const std::string case_id(id.substr(0, std::min(id.find('-'), id.size())));
    auto item = may(who, rights::Act::search, "item", case_id) ? named(id) : std::nullopt;
    if (!item) return {};
    return kinds::Asker::Item{item->code, item->path, item->type, item->sha256, case_id};
  };
  out.lacking = [this, &who](const kinds::Asked& a, rights::Reason why) {
    return lacking(who, {a.act, std::string(a.rights), std::string(a.case_id)}, why);
  };
  // The label of a case is looked up once for what is asked at once.
  const auto labels = std::make_shared<std::map<std::string, rights::Label, std::less<>>>();
  out.decide = [this, &who, labels](const kinds::Asked& a) {
    auto label = labels->find(a.case_id);
    if (label == labels->end()) label = labels->emplace(std::string(a.case_id), label_of(a.case_id)).first;
    rights::Object object;
    object.kind = policy.kind(a.rights);
    object.id = a.record, object.author = a.author;
    object.case_id = a.case_id.empty() ? 0 : number_of_case(a.case_id);
    object.label = rights::join(a.label, label->second);
    object.held = false, object.embargo_until = 0;
    object.fields = a.fields, object.sensitive = a.sensitive;
    return decide(who, object, a.act, a.case_id, static_cast<std::int64_t>(a.requester));
  };
  return out;
}

base::Status Core::open_records() {
  kinds::Declared declared = TRY(kinds::Declared::shipped(policy));
  homes_ = TRY(kinds::Homes::shipped(policy, declared));
  kinds::Surroundings around;
  around.seal = [this](std::string_view purpose, std::string_view secret) {
    return office.seal(purpose, secret);
  };
  around.unseal = [this](std::string_view purpose, std::string_view sealed) {
    return office.unseal(purpose, sealed);
  };
  around.reason_characters_min = static_cast<std::size_t>(policy.limits().reason_characters_min);
  around.staff = [this] {
    std::vector<kinds::Surroundings::Person> out;
    book.read([&](store::Sql& sql) {  // asked with every page: no more of the accounts than is needed
      sql.each("select person, code, name, roles from account order by person", [&](store::Statement& s) {
        out.push_back({s.integer(0), std::string(s.text(1)), std::string(s.text(2)), strings_of(s.text(3))});
      });
    });
    return out;
  };
  around.cases = [this] {
    std::vector<kinds::Surroundings::Case> out;
    for (const evidence::CaseName& c : book.case_names()) out.push_back({c.id, c.code, c.title});
    return out;
  };
  around.as = [this](std::int64_t person, const std::function<void(const kinds::Asker&)>& f) {
    if (const std::shared_ptr<Who> who = who_without_session(person)) f(asker_of(*who));
  };
  if (!options.mail.empty()) mail_ = TRY(read_mail_server(options.mail));
  const base::Status opened = book.with_office([&](evidence::Office&) -> base::Status {
    records_ = TRY(kinds::Records::open(book.desk(), std::move(declared), clock, std::move(around)));
    protection::bring(*records_);
    casework::bring(*records_);
    return base::Done{};
  });
  if (opened.ok()) work([this](const std::atomic<bool>& over) { watch_tasks(over); });
  return opened;
}

std::shared_ptr<const kinds::Vocabulary> Core::vocabulary(std::string_view name) {
  auto met = records_->declared()->vocabulary(name);
  CHECK(met);
  return met;
}
void Core::read_declared() {
  const kernel::Desk::Turn turn(book.desk());
  const base::Status read = records_->reload();
  if (!read.ok() && options.log) options.log("what is declared is as it was: " + read.error().message);
}

// Reminders, and the mails that tell of them: how many, never what.
void Core::watch_tasks(const std::atomic<bool>& over) {
  book.read([&](store::Sql&) { records_->warm(); });
  for (int second = 0; !over; second = (second + 1) % 10) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    if (second || over) continue;
    book.read([&](store::Sql&) { records_->remind(); });  // takes its turn when there is somebody to tell
    const auto unsent = book.with_office([&](evidence::Office&) {
      return mail_ ? records_->unsent() : std::vector<kinds::Records::Unsent>();
    });
    for (const auto& u : unsent) {
      const std::optional<Account> account = book.account(u.person);
      if (!account || account->disabled) continue;
      const bool french = account->language == "fr";
      const std::string n = std::to_string(u.notices), late = std::to_string(u.overdue);
      const std::string subject =
          french ? "Custos : " + n + " nouveaux avis" : "Custos: " + n + " new notices";
      const std::string text =
          french ? "Il y a " + n + " nouveaux avis pour vous dans Custos; tâches en retard : " + late + "."
                 : "There are " + n + " new notices for you in Custos; tasks overdue: " + late + ".";
      const base::Status sent = send_mail(*mail_, u.address, subject, text, book.now());
      if (!sent.ok() && options.log) options.log(sent.error().message);
    }
  }
}

}  // namespace service
