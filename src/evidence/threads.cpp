// Mail threads: messages joined by what each says that it answers (RFC 5322, 3.6.4: In-Reply-To, References),
// in whatever order they came in. A thread is named by the message it begins with, be it here or not.
#include "pipeline.h"

#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <unordered_map>

namespace evidence {
namespace {

// What a message says it answers, oldest first. `metadata` is a JSON array of pairs.
struct Answered {
  std::vector<std::string> chain;   // References: each answers the one before
  std::vector<std::string> direct;  // In-Reply-To
};
Answered answered(std::string_view metadata) {
  Answered out;
  if (metadata.find("\"references\"") == std::string_view::npos &&
      metadata.find("\"in_reply_to\"") == std::string_view::npos)
    return out;
  boost::system::error_code broken;
  const boost::json::value all = boost::json::parse(metadata, broken);
  if (broken || !all.is_array()) return out;
  for (const boost::json::value& pair : all.get_array()) {
    const boost::json::array* p = pair.if_array();
    if (!p || p->size() != 2 || !(*p)[0].is_string() || !(*p)[1].is_string()) continue;
    const std::string_view key = (*p)[0].get_string(), ids = (*p)[1].get_string();
    if (key != "references" && key != "in_reply_to") continue;
    for (std::size_t at = 0; at < ids.size();) {
      const std::size_t end = std::min(ids.find(' ', at), ids.size());
      if (end > at) (key == "references" ? out.chain : out.direct).emplace_back(ids.substr(at, end - at));
      at = end + 1;
    }
  }
  return out;
}

class Messages {
 public:
  std::uint32_t of(const std::string& id) {
    const auto [at, fresh] = numbers_.try_emplace(id, static_cast<std::uint32_t>(root_.size()));
    if (fresh) root_.push_back(at->second), ids_.push_back(&at->first), answers_.push_back(false);
    return at->second;
  }
  void answer(std::uint32_t message, std::uint32_t earlier) {
    if (message == earlier) return;
    answers_[message] = true;
    root_[find(message)] = find(earlier);
  }
  std::uint32_t find(std::uint32_t i) {
    while (root_[i] != i) i = root_[i] = root_[root_[i]];
    return i;
  }
  // The name of each thread by its root: the first, in the order of ids, that answers nothing; where all
  // answer each other, the first of all.
  std::vector<const std::string*> names() {
    std::vector<std::uint32_t> best(root_.size(), UINT32_MAX);
    for (std::uint32_t i = 0; i < root_.size(); ++i) {
      std::uint32_t& b = best[find(i)];
      if (b == UINT32_MAX || std::pair(bool{answers_[i]}, *ids_[i]) < std::pair(bool{answers_[b]}, *ids_[b]))
        b = i;
    }
    std::vector<const std::string*> out(root_.size());
    for (std::uint32_t i = 0; i < root_.size(); ++i) out[i] = ids_[best[find(i)]];
    return out;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::uint32_t> root_;
  std::vector<const std::string*> ids_;
  std::vector<bool> answers_;
};

}  // namespace

void join_threads(CaseFile& file) {
  Messages messages;
  struct Mail {
    std::int64_t number;
    std::uint32_t message;
    std::string thread;
  };
  std::vector<Mail> mails;
  file.records().each(
      "select number, message_id, thread, metadata from item where thread is not null order by number",
      [&](store::Statement& s) {
        const std::string id(s.text(1)), thread(s.text(2));
        const Answered before = answered(s.text(3));
        // A message without an id of its own belongs where what it answers belongs.
        const std::string& own = !id.empty()              ? id
                                 : !before.chain.empty()  ? before.chain.back()
                                 : !before.direct.empty() ? before.direct.front()
                                                          : thread;
        const std::uint32_t m = messages.of(own);
        std::uint32_t last = UINT32_MAX;
        for (const std::string& b : before.chain) {
          const std::uint32_t e = messages.of(b);
          if (last != UINT32_MAX) messages.answer(e, last);
          last = e;
        }
        if (last != UINT32_MAX) messages.answer(m, last);
        for (const std::string& b : before.direct) messages.answer(m, messages.of(b));
        mails.push_back({s.integer(0), m, thread});
      });
  const std::vector<const std::string*> names = messages.names();
  std::int64_t changed = 0;
  for (const Mail& m : mails) changed += *names[m.message] != m.thread;
  if (changed == 0) return;
  // Derived and computed again each time: the ledger keeps that it was done, not every row.
  static_cast<void>(file.desk().change([&](kernel::Change& c) -> base::Status {
    for (const Mail& m : mails)
      if (*names[m.message] != m.thread)
        file.records().run("update item set thread = ? where number = ?", std::string_view(*names[m.message]),
                           m.number);
    std::string payload;
    base::JsonWriter(payload).object().member("changed", changed).end_object();
    c.tell({"threads_joined", "custos", "", payload});
    return base::Done{};
  }));
}

}  // namespace evidence
