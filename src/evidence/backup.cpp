// A backup is a copy of the home in a state that stood still: databases copied under their own locks, packs
// as they are (what is in them never changes), and every copied file read back and compared by hash.
#include "case_file.h"

#include <base/handle.h>
#include <base/json.h>
#include <evidence/ask.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace evidence {
namespace {

namespace fs = std::filesystem;

std::string hash_of(const std::string& path, int out, std::int64_t& done, const std::function<void()>& tick) {
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) base::fault_errno("cannot read " + path);
  base::Hasher h;
  std::string piece(1 << 20, '\0');
  for (;;) {
    const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
    if (n < 0) base::fault_errno("cannot read " + path);
    if (n == 0) return h.finish();
    h.add({piece.data(), static_cast<std::size_t>(n)});
    if (out >= 0 && !base::write_all(out, {piece.data(), static_cast<std::size_t>(n)}))
      base::fault_errno("cannot write the copy of " + path);
    done += n;
    tick();
  }
}

}  // namespace

base::Status backup(Office& office, const std::string& to,
                    const std::function<void(std::int64_t, std::int64_t)>& tick) {
  if (!office.database().empty())
    return base::Error{
        base::Refusal::unsupported,
        "the records of this office are in PostgreSQL: while no server and no ingest runs, copy "
        "them with `pg_dump --schema='custos_" +
            office.id() + "*'` and the folder " + office.home() + " with what copies your files"};
  std::error_code error;
  if (fs::exists(to, error) && !fs::is_empty(to, error))
    return base::Error{base::Refusal::conflict, to + " is not empty; name a new folder"};
  if (const std::string inside = fs::weakly_canonical(to).string(); inside.starts_with(office.home() + "/"))
    return base::Error{base::Refusal::invalid,
                       "a backup does not belong inside the office it is of; name a folder elsewhere"};
  fs::create_directories(to, error);
  if (error) return base::Error{base::Refusal::denied, "cannot make " + to + ": " + error.message()};
  ::chmod(to.c_str(), 0700);

  // Everything stands still: no ingest runs, and the logs of the databases are folded in and held.
  std::vector<base::Fd> locks;
  std::vector<std::shared_ptr<CaseFile>> open;
  std::vector<std::unique_ptr<store::Transaction>> held;
  for (const CaseName& c : office.cases()) {
    locks.emplace_back(::open((office.case_folder(c) + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!locks.back() || ::flock(locks.back().get(), LOCK_EX | LOCK_NB))
      return base::Error{base::Refusal::conflict,
                         "an ingest is running in case " + c.code + "; make the backup when it has ended"};
    open.push_back(TRY(open_case(office, c)));
    static_cast<void>(open.back()->desk().change([&](kernel::Change& change) -> base::Status {
      change.tell({"backed_up", office.actor(), "", "{}"});
      return base::Done{};
    }));
    TRY(open.back()->checkpoint());
    open.back()->records().script("pragma wal_checkpoint(truncate)");
    held.push_back(std::make_unique<store::Transaction>(open.back()->records()));
  }
  office.records().script("pragma wal_checkpoint(truncate)");
  const store::Transaction hold_office(office.records());

  std::vector<std::string> files;
  std::int64_t total = 0, done = 0;
  for (const auto& e : fs::recursive_directory_iterator(office.home())) {
    const std::string path = e.path().string().substr(office.home().size());
    // The identity register is a house of its own: its custodians copy it with `custos identity copy`.
    if (path == "/identity" || path.starts_with("/identity/")) continue;
    if (e.is_directory()) {
      if (e.path().filename() != "index") fs::create_directories(to + path);
      continue;
    }
    // The index is derived and made anew; logs are empty now; shared memory is of running processes.
    if (path.find("/index/") != std::string::npos || path.ends_with("-shm") || path.ends_with("-wal") ||
        path.ends_with("/lock") || path.ends_with(".lock") || path.ends_with(".new"))
      continue;
    files.push_back(path);
    total += 2 * static_cast<std::int64_t>(e.file_size());
  }
  const auto progress = [&] {
    if (tick) tick(done, total);
  };
  for (const std::string& f : files) {
    const base::Fd fd(::open((to + f).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) base::fault_errno("cannot write " + to + f);
    const std::string hash = hash_of(office.home() + f, fd.get(), done, progress);
    if (::fsync(fd.get())) base::fault_errno("cannot write " + to + f);
    if (hash_of(to + f, -1, done, progress) != hash)
      return base::Error{base::Refusal::damaged, to + f + " reads back differently; use another disk"};
  }
  for (const auto& e : fs::recursive_directory_iterator(to))
    if (e.is_directory()) base::sync_folder(e.path().string());
  for (const CaseName& c : office.cases()) fs::create_directories(to + "/cases/" + c.id + "/index");
  base::sync_folder(to);
  return base::Done{};
}

}  // namespace evidence
