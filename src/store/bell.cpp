#include <store/bell.h>

#include <base/handle.h>
#include <base/result.h>

#include <libpq-fe.h>

#include <mutex>
#include <poll.h>
#include <thread>

namespace store {
namespace {

using Answer = base::Handle<PGresult, PQclear>;

bool well(PGconn* db, const std::string& text) {
  const Answer a(PQexec(db, text.c_str()));
  return PQresultStatus(a.get()) == PGRES_COMMAND_OK || PQresultStatus(a.get()) == PGRES_TUPLES_OK;
}

}  // namespace

struct Bell::Lines {
  Lines(const std::string& url, std::string c)
      : channel(std::move(c)), hearing(PQconnectdb(url.c_str())), telling(PQconnectdb(url.c_str())) {
    for (PGconn* db : {hearing.get(), telling.get()})
      PQsetNoticeProcessor(
          db, [](void*, const char*) {}, nullptr);
    const base::Handle<char, PQfreemem> name(
        PQescapeIdentifier(hearing.get(), channel.c_str(), channel.size()));
    if (!name || !well(hearing.get(), listen = std::string("listen ") + name.get()))
      base::fault(std::string("cannot listen to PostgreSQL: ") + PQerrorMessage(hearing.get()));
  }
  const std::string channel;
  base::Handle<PGconn, PQfinish> hearing, telling;
  std::string listen;
  std::mutex mutex;  // of `telling`
};

Bell::Bell(std::string url, std::string channel) : lines_(std::make_unique<Lines>(url, std::move(channel))) {}
Bell::~Bell() = default;

bool Bell::hear(std::chrono::milliseconds limit, const std::function<void(std::string_view)>& word) {
  PGconn* const db = lines_->hearing.get();
  if (PQstatus(db) != CONNECTION_OK) {
    PQreset(db);
    if (PQstatus(db) != CONNECTION_OK || !well(db, lines_->listen)) std::this_thread::sleep_for(limit);
    return false;
  }
  pollfd waits{PQsocket(db), POLLIN, 0};
  ::poll(&waits, 1, static_cast<int>(limit.count()));
  if (!PQconsumeInput(db)) return false;
  while (const base::Handle<PGnotify, PQfreemem> n{PQnotifies(db)}) word(n->extra);
  return PQstatus(db) == CONNECTION_OK;
}

void Bell::tell(std::string_view word) {
  CHECK(word.size() <= bytes_max);
  const std::lock_guard lock(lines_->mutex);
  PGconn* const db = lines_->telling.get();
  if (PQstatus(db) != CONNECTION_OK) PQreset(db);
  const std::string text(word);
  const char* const values[] = {lines_->channel.c_str(), text.c_str()};
  const Answer a(PQexecParams(db, "select pg_notify($1, $2)", 2, nullptr, values, nullptr, nullptr, 0));
}

}  // namespace store
