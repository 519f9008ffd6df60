#pragma once
// What all handlers share: who asks, whether they may, the open cases, the searches that are being looked
// through.

#include "book.h"

#include <access/password.h>
#include <access/throttle.h>
#include <access/webauthn.h>
#include <evidence/ask.h>
#include <evidence/ingest.h>
#include <http/problem.h>
#include <http/router.h>
#include <http/stream.h>
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
  rights::Subject subject;
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

  // Who asks; nothing when nobody is signed in. `request.context` keeps it for the handler.
  std::shared_ptr<Who> who_of(const http::Request& request);
  std::shared_ptr<Who> who_of(std::string_view token);
  static const Who& who(const http::Request& request);

  // What the policy says. A case is named by its id, or empty for what belongs to no case.
  bool may(const Who& who, rights::Act act, std::string_view kind, std::string_view case_id = {}) const;
  // The cases in which they may do it, of those there are.
  std::vector<evidence::CaseName> cases_for(const Who& who, rights::Act act, std::string_view kind);
  // The case, if they may do it there. Refuses: not_found, in the same words whether it exists or not.
  base::Result<evidence::CaseName> case_for(const Who& who, std::string_view id, rights::Act act,
                                            std::string_view kind);

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

  // Searches that are looked through: known to the person who asked, by a random id, the oldest forgotten.
  struct Asked {
    std::int64_t person = 0;
    std::string case_id;
    std::shared_ptr<const evidence::Search> search;
    std::string query, sort;
    std::vector<std::pair<std::string, std::vector<std::string>>> facets;
  };
  std::string keep(Asked asked);
  std::optional<Asked> asked(const Who& who, std::string_view id);

  // What a check found, for the person who asked for it: answered under /jobs/{id}.
  std::string keep_check(const Who& who, std::string json);
  std::optional<std::string> check(const Who& who, std::string_view id);

  // What is being processed in a case, as JSON; empty: nothing.
  std::string processing(std::string_view case_id);
  void processing(std::string_view case_id, std::string json);

  // Events of a case, told to whoever may know that it exists.
  void listen(const Who& who, std::shared_ptr<http::EventStream> stream);
  void tell(std::string_view case_id, std::string_view event, const std::string& data);

  // Work that goes on behind the requests, on a thread of its own: told to stop at the end of the Core, or by
  // stop(), and waited for. What it throws is logged.
  void work(std::function<void(const std::atomic<bool>& stop)> job);
  void stop();

 private:
  struct Listener {
    std::int64_t person;
    std::weak_ptr<http::EventStream> stream;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, std::vector<std::shared_ptr<evidence::CaseFile>>> idle_;
  std::list<std::pair<std::string, Asked>> searches_;  // newest first
  std::vector<Listener> listeners_;
  std::map<std::string, std::string, std::less<>> processing_;
  std::map<std::string, std::pair<std::int64_t, std::string>, std::less<>> checks_;  // by id: who asked
  struct Worker {
    std::atomic<bool> over{false};
    std::thread thread;
  };
  std::list<Worker> workers_;
  std::atomic<bool> stop_{false};
};

base::Error not_found();  // what does not exist, and what may not be known
base::Error no_right();   // for acts on what the person sees
std::uint64_t number_of_case(std::string_view id);

// A text with its hits between U+0002 and U+0003.
std::string marked(std::string_view text, const std::vector<std::pair<std::size_t, std::size_t>>& marks);
// The person that opens an office: head of a team, who knows the cases there are.
Account first_account(const std::string& name, const std::vector<std::string>& cases);

// Reading JSON bodies: a member of the right kind, or a refusal that names it.
base::Result<std::string> text_member(const boost::json::value& body, std::string_view name);
base::Result<std::vector<std::string>> list_member(const boost::json::value& body, std::string_view name);

// The routes, by what they are about.
std::vector<http::Route> sign_in_routes(Core& core);
std::vector<http::Route> people_routes(Core& core);
std::vector<http::Route> case_routes(Core& core);
std::vector<http::Route> item_routes(Core& core);
std::vector<http::Route> tag_routes(Core& core);
std::vector<http::Route> upload_routes(Core& core);
std::vector<http::Route> ledger_routes(Core& core);

}  // namespace service
