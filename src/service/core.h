#pragma once
// What all handlers share: who asks, whether they may, the open cases, the searches that are being looked
// through.

#include "book.h"
#include "mail.h"
#include "challenges.h"
#include "directory.h"
#include "events.h"
#include "jobs.h"
#include "rights.h"

#include <access/password.h>
#include <access/throttle.h>
#include <access/webauthn.h>
#include <base/parsed.h>
#include <evidence/ask.h>
#include <evidence/ingest.h>
#include <http/problem.h>
#include <http/router.h>
#include <http/stream.h>
#include <kinds/home.h>
#include <kinds/records.h>
#include <service/service.h>

#include <atomic>
#include <list>
#include <thread>
#include <unordered_map>

namespace service {

// A person at work: what the guard found out before the handler runs.
struct Who {
  Account account;
  rights::Session session;
  std::string token;
  std::vector<std::string> cases;               // that they need to know
  std::vector<rights::Assignment> assignments;  // the same, for the decision
  std::vector<ChosenPurpose> purposes;          // of this session
  std::vector<Glass> glasses;                   // theirs, whether they still hold or not
  rights::Subject subject;
  // What a refusal says beyond its sentence: which purpose, proof or second person is missing.
  mutable std::optional<http::Problem> lacking{};
  Who() = default;
  Who(const Who&) = delete;
  Who& operator=(const Who&) = delete;
};

class Core {
 public:
  Core(evidence::Office& office, Book& book, rights::Policy policy, Options options,
       const base::Clock& clock);
  ~Core();

  evidence::Office& office;
  Book& book;
  const rights::Policy policy;
  const Options options;
  const base::Clock& clock;
  rights::Passwords passwords;
  rights::CommonPasswords common;
  rights::RelyingParty self;
  Challenges challenges;
  std::vector<std::string> makes;  // of authenticators that cannot be copied, as the office lists them
  rights::SignIn strength_of(const Passkey& key) const;
  std::unique_ptr<Directory> directory;  // of the office, when it signs people in
  Events events;
  Jobs jobs;

  // Who asks; nothing when nobody is signed in. `request.context` keeps it for the handler.
  std::shared_ptr<Who> who_of(const http::Request& request);
  std::shared_ptr<Who> who_of(std::string_view token);
  std::shared_ptr<Who> who_of(const Account& account, rights::Session session) const;
  static const Who& who(const http::Request& request);
  // Somebody of the office as they would be signed in by a passkey, to ask what they could do.
  std::shared_ptr<Who> as_if_here(const Account& account) const;

  // What is asked of the policy. A case is named by its id, or empty for what belongs to no case.
  struct Ask {
    rights::Act act = rights::Act::read;
    std::string kind, case_id{};
    std::string object{}, what{};  // what an approval names: the object, and as JSON what is done to it
    std::int64_t author = 0, requester = 0;
    std::optional<rights::Label> label_after{};
    std::optional<rights::Label> label{};  // of an object that has one of its own, beside that of its case
  };
  struct Verdict {
    rights::Decision decision;
    std::string approval{};  // id of the one to be spent
  };
  // The decision, with the purpose they chose, the proofs they gave, and the approvals that were given them.
  Verdict decide(const Who& who, const Ask& ask) const;
  // Whether they may, now.
  bool may(const Who& who, rights::Act act, std::string_view kind, std::string_view case_id = {}) const;
  // The same for an object with a label of its own, a record: it is behind the walls of its case as well.
  rights::Decision decide(const Who& who, rights::Object object, rights::Act act, std::string_view case_id,
                          std::int64_t requester = 0) const;
  // Whether they may once they choose a purpose, prove afresh and find a second person: what they may know
  // of, and what is offered them. Nothing is done or shown on the strength of it.
  bool could(const Who& who, const Ask& ask) const;
  std::vector<rights::PurposeId> purposes_for(const Who& who, const Ask& ask) const;
  // The decision, if it is yes. Refuses: not_found (they could not), denied (a purpose, a proof or a second
  // person is missing: the answer has the code purpose, fresh_proof or second_person).
  base::Result<Verdict> allowed(const Who& who, const Ask& ask) const;
  // Uses up the approval of a verdict, in the transaction of the act. Refuses: conflict (it was used
  // meanwhile).
  base::Status spend(const Book::Write& w, const Verdict& verdict) const;
  // Whether it could be done but for a second person, and why it is refused.
  bool needs_second(const Who& who, const Ask& ask) const;
  base::Error lacking(const Who& who, const Ask& ask, rights::Reason why) const;

  rights::Label label_of(std::string_view case_id) const;
  // The label of a case for who may see it: {"classification","compartments":[{"id","name"}]}.
  std::string label_json(std::string_view case_id) const;
  rights::Label label_in(const CaseLabel& record) const;
  // The purposes that they may name in a case, in whatever they do there; none: the case is not there for
  // them.
  std::vector<rights::PurposeId> purposes_in(const Who& who, std::string_view case_id) const;
  // Whether they have yet to say why they work in a case, before anything of it is shown.
  bool must_choose(const ChosenPurpose* chosen, std::string_view case_id, std::size_t may_name) const;
  // Why they read in a case, for its ledger: members of a JSON object.
  std::string basis(const Who& who, std::string_view case_id) const;

  // The case, if they may do it there. Refuses: not_found, in the same words whether it exists or not;
  // denied, when they may know that it exists, as allowed() does.
  base::Result<evidence::CaseName> case_for(const Who& who, std::string_view id, rights::Act act,
                                            std::string_view kind);

  // The records of the office and who asks them: to change them, one request at a time; to read them, beside
  // that.
  template <class F>
  auto with_records(const Who& who, F&& f) {
    const kernel::Desk::Turn turn(book.desk());
    return f(*records_, asker_of(who));
  }
  template <class F>
  auto read_records(const Who& who, F&& f) {
    const kernel::Desk::Reading reading(book.desk());
    return f(*records_, asker_of(who));
  }
  const kinds::Homes& homes() const { return homes_; }
  std::shared_ptr<const kinds::Vocabulary> vocabulary(
      std::string_view name);  // that is shipped, as it is now
  // Nothing: there is no such record; before open_records() there is none.
  std::optional<kinds::Asked> about_record(std::string_view code) {
    if (!records_) return {};
    return book.read([&](store::Sql&) { return records_->about(code); });
  }
  std::optional<std::int64_t> feed_of(std::string_view hash);  // the person of a calendar feed
  std::shared_ptr<Who> who_without_session(std::int64_t person);
  base::Status open_records();  // after the Core is made, before the first request
  void read_declared();         // anew: another process has changed vocabularies or templates
  const std::optional<MailServer>& mail() const { return mail_; }

  // A case opened for one request, acting for one person; given back at its end.
  class Lease {
   public:
    Lease(Core& core, std::string id, std::shared_ptr<evidence::CaseFile> file)
        : core_(&core), id_(std::move(id)), file_(std::move(file)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    evidence::CaseFile& operator*() const { return *file_; }
    evidence::CaseFile* operator->() const { return file_.get(); }

   private:
    Core* core_;
    std::string id_;
    std::shared_ptr<evidence::CaseFile> file_;
  };
  base::Result<Lease> open(const Who& who, const evidence::CaseName& name);

  // An item by the id of the API, "<case>-<number>". Refuses: not_found.
  struct ItemName {
    evidence::CaseName in;
    std::int64_t number = 0;
  };
  base::Result<ItemName> item_for(const Who& who, std::string_view id, rights::Act act);
  static std::string item_id(std::string_view case_id, std::int64_t number);

  // Searches that are looked through: known to the person who asked, by an id that is the question itself,
  // sealed. What was found is kept for the newest; another process, or this one later, asks once more.
  struct Asked {
    std::int64_t person = 0;
    std::string case_id;
    evidence::Search::Asked what;
    std::string sort;  // "relevance", "date", "path"
    std::shared_ptr<const evidence::Search> search{};
  };
  static base::Result<search::Sort> sort_named(std::string_view name);  // Refuses: invalid
  std::string keep(Asked asked);
  std::optional<Asked> asked(const Who& who, std::string_view id);

  // What a check found, for the person who asked for it: answered under /jobs/{id}.
  std::string keep_check(const Who& who, std::string_view json);
  std::optional<std::string> check(const Who& who, std::string_view id);

  // Who listens, if their session is still alive; it does not count as a sign of life.
  std::shared_ptr<Who> still_here(std::int64_t person, std::string_view session) const;

  // Work that goes on behind the requests, on a thread of its own: told to stop at the end of the Core, or by
  // stop(), and waited for. What it throws is logged. False: it is not begun, the end has come.
  bool work(std::function<void(const std::atomic<bool>& stop)> job);
  void stop();

 private:
  kinds::Asker asker_of(const Who& who);
  void watch_tasks(const std::atomic<bool>& stop);
  std::unique_ptr<kinds::Records> records_;
  kinds::Homes homes_;
  std::optional<MailServer> mail_;
  void load_rights(Who& who) const;
  struct Asking;
  Asking asking(const Who& who, const Ask& ask) const;
  Asking asking_of(const Who& who, const Ask& ask) const;
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::shared_ptr<evidence::CaseFile>>> idle_;
  std::list<std::pair<std::string, Asked>> searches_;  // newest first
  struct Worker {
    std::atomic<bool> over{false};
    std::thread thread;
  };
  std::list<Worker> workers_;
  std::atomic<bool> stop_{false};
};

base::Error not_found();  // what does not exist, and what may not be known
base::Error no_right();   // for acts on what the person sees
// Cases of which nothing is counted until the person says why they work in them: {id,code,title}.
boost::json::array silent_cases(Core& core, const Who& who);
std::uint64_t number_of_case(std::string_view id);

// A text with its hits between U+0002 and U+0003.
std::string marked(std::string_view text, const std::vector<std::pair<std::size_t, std::size_t>>& marks);
// The person that opens an office: head of a team, who knows the cases there are.
Account first_account(const std::string& name, const std::vector<std::string>& cases);

// Reading JSON bodies: a member of the right kind, or a refusal that names it; texts by base::text_of.
// The reason for an act, of Limits::reason_characters_min at least. Refuses: invalid.
base::Result<std::string> reason_member(const boost::json::value& body, const rights::Limits& limits);
base::Result<std::vector<std::string>> list_member(const boost::json::value& body, std::string_view name);

// The routes, by what they are about.
// The jobs, by what they do.
void bring_intake(Core& core);
void bring_retry(Core& core);
std::vector<http::Route> sign_in_routes(Core& core);
std::vector<http::Route> session_routes(Core& core);
std::vector<http::Route> people_routes(Core& core);
std::vector<http::Route> case_routes(Core& core);
std::vector<http::Route> item_routes(Core& core);
std::vector<http::Route> tag_routes(Core& core);
std::vector<http::Route> custody_routes(Core& core);
std::vector<http::Route> upload_routes(Core& core);
std::vector<http::Route> ledger_routes(Core& core);
std::vector<http::Route> record_routes(Core& core);
std::vector<http::Route> home_routes(Core& core);
std::vector<http::Route> document_routes(Core& core);
std::vector<http::Route> proof_routes(Core& core);
std::vector<http::Route> reckoning_routes(Core& core);
std::vector<http::Route> warrant_routes(Core& core);
std::vector<http::Route> label_routes(Core& core);
std::vector<http::Route> record_label_routes(Core& core);
std::vector<http::Route> purpose_routes(Core& core);
std::vector<http::Route> glass_routes(Core& core);
std::vector<http::Route> alarm_routes(Core& core);
std::vector<http::Route> approval_routes(Core& core);
std::vector<http::Route> recovery_routes(Core& core);
std::vector<http::Route> key_routes(Core& core);
std::vector<http::Route> showing_routes(Core& core);
std::vector<http::Route> workspace_routes(Core& core);
std::vector<http::Route> note_routes(Core& core);
std::vector<http::Route> retry_routes(Core& core);
std::vector<http::Route> correction_routes(Core& core);
std::vector<http::Route> identity_routes(Core& core);

// The list of authenticators of an office: {"source","version","authenticators":[{"aaguid","name"}]}.
// Refuses: invalid, naming the member.
base::Result<std::vector<std::string>> read_makes(std::string_view json);

}  // namespace service
