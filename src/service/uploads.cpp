// Uploads: files come in chunks, lie sealed until all are there, and are then taken into their case.
#include "core.h"
#include "numbers.h"
#include "upload.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>

namespace service {
namespace {

using http::Request;
using http::Response;
using State = Upload::State;
namespace fs = std::filesystem;

// Limits.
constexpr std::uint64_t kChunkBytes = 4 << 20, kChunkSlack = 64 << 10;
constexpr std::size_t kPathBytes = 4096, kNameBytes = 500, kNoteBytes = 4000;

base::Error wrong(std::string message) { return {base::Refusal::invalid, std::move(message)}; }

base::Result<std::uint64_t> count_member(const boost::json::value& body, std::string_view name) {
  if (const auto* o = body.if_object())
    if (const auto* v = o->if_contains(name)) {
      if (v->is_uint64()) return v->get_uint64();
      if (v->is_int64() && v->get_int64() >= 0) return static_cast<std::uint64_t>(v->get_int64());
    }
  return wrong("\"" + std::string(name) + "\" is missing, or no whole number");
}
base::Result<std::string> words(const boost::json::value& body, std::string_view name,
                                std::size_t bytes_max) {
  const std::string raw = TRY(base::text_of(body, name));
  const std::string out(base::trim(base::clean(raw)));
  if (out.size() > bytes_max)
    return wrong("\"" + std::string(name) + "\" is longer than " + std::to_string(bytes_max) +
                 " bytes; shorten it");
  return out;
}

base::Result<std::string> path_in(std::string_view header) {
  const auto decoded = http::percent_decoded(header);
  if (!decoded || decoded->empty() || !base::is_utf8(*decoded))
    return wrong("X-Path is missing, broken or no UTF-8; send the path in the folder, percent-encoded");
  if (decoded->size() > kPathBytes)
    return wrong("X-Path is longer than " + std::to_string(kPathBytes) +
                 " bytes; pack the folder as an archive and send that");
  if (decoded->find('\0') != std::string::npos)
    return wrong("X-Path holds a NUL; pack the file as an archive and send that");
  for (const std::string_view part : base::split(*decoded, '/'))
    if (part.empty() || part == "." || part == "..")
      return wrong(
          "X-Path is absolute, or has an empty, \".\" or \"..\" part; send the path below the folder "
          "that was chosen");
  return *decoded;
}

Response received(std::uint64_t bytes) {
  return Response::json("{\"received\":" + std::to_string(bytes) + "}");
}

// For what is there already: the body is let pass.
struct There final : http::Sink {
  explicit There(std::uint64_t n) : bytes(n) {}
  base::Status add(std::string_view) override { return base::Done{}; }
  base::Result<Response> finish() override { return received(bytes); }
  std::uint64_t bytes;
};

enum class Of : std::uint8_t { memory, shelf };
void forget(Upload& u, std::uint64_t n, const std::shared_ptr<IncomingFile>& file, Of of) {
  const std::lock_guard lock(u.mutex);
  const auto at = u.files.find(n);
  if (at == u.files.end() || at->second != file) return;
  if (of == Of::shelf) u.shelf.remove(n);
  u.bytes -= file->size;
  u.files.erase(at);
}
Response differs(std::uint64_t n) {
  return Response::problem(
      {422,
       "hash_differs",
       "",
       "file " + std::to_string(n) +
           " did not arrive as it was read: its SHA-256 is another than X-Sha256; nothing "
           "of it was kept, send it again from its beginning",
       {},
       {}});
}

// For what is another file by now.
struct Refusing final : http::Sink {
  explicit Refusing(std::uint64_t number) : n(number) {}
  base::Status add(std::string_view) override { return base::Done{}; }
  base::Result<Response> finish() override { return differs(n); }
  std::uint64_t n;
};

class Receiving final : public http::Sink {
 public:
  Receiving(std::shared_ptr<Upload> upload, std::uint64_t n, std::shared_ptr<IncomingFile> file,
            Shelf::Claim claim, std::string sha256)
      : upload_(std::move(upload)),
        n_(n),
        file_(std::move(file)),
        claim_(std::move(claim)),
        sha256_(std::move(sha256)) {
    turn_ = ++file_->turn;
    left_ = file_->size - file_->received;
    chunk_.emplace(upload_->shelf, n_, *file_);
  }
  base::Status add(std::string_view bytes) override {
    const std::lock_guard lock(file_->mutex);
    TRY(goes_on());
    taken_ += bytes.size();
    if (taken_ > left_)
      return wrong("file " + std::to_string(n_) +
                   " brings more bytes than X-Size announced; send it again as "
                   "it is now, in another upload");
    if (taken_ > kChunkBytes + kChunkSlack)
      return wrong("a chunk of file " + std::to_string(n_) + " is longer than 4 MiB; send smaller ones");
    chunk_->add(bytes);
    return base::Done{};
  }
  base::Result<Response> finish() override {
    {
      const Shelf::Lock comes(upload_->shelf, Shelf::Lock::Is::part);
      TRY(upload_->refresh());
      const std::lock_guard lock(file_->mutex);
      TRY(goes_on());
      ++file_->turn;
      if (taken_ == 0 && left_ > 0) return received(file_->received);
      if (taken_ == left_ && sha256_.empty())
        return wrong("the last chunk of file " + std::to_string(n_) +
                     " has no X-Sha256; send it again with "
                     "the hash of the whole file");
      if (chunk_->close(sha256_) != Shelf::Chunk::End::differs) return received(file_->received);
      file_->gone = true;
    }
    forget(*upload_, n_, file_, Of::shelf);
    return differs(n_);
  }

 private:
  base::Status goes_on() const {
    if (turn_ == file_->turn && !file_->gone && upload_->state == State::receiving) return base::Done{};
    return base::Error{base::Refusal::conflict, "this chunk of file " + std::to_string(n_) +
                                                    " was overtaken by another; ask what is there and go on"};
  }
  std::shared_ptr<Upload> upload_;
  std::uint64_t n_;
  std::shared_ptr<IncomingFile> file_;
  Shelf::Claim claim_;
  std::string sha256_;
  std::uint64_t turn_ = 0, left_ = 0, taken_ = 0;
  std::optional<Shelf::Chunk> chunk_;
};

class UploadDesk {
 public:
  explicit UploadDesk(Core& core) : core_(core) {}

  // What an end of the program left half: a beginning that never was one, and a finish without its job.
  void sweep() {
    for (const evidence::CaseName& c : core_.book.cases()) {
      std::error_code error;
      for (const auto& e : fs::directory_iterator(incoming_of(core_, c.id), error)) {
        Upload u(shelf_of(core_, c.id, e.path().filename().string()), e.path().filename().string());
        const base::Status known = u.refresh();
        if (!known.ok()) {
          // Another server may be about to make one.
          const bool old =
              fs::last_write_time(e.path(), error) < fs::file_time_type::clock::now() - std::chrono::hours(1);
          if (known.error().why == base::Refusal::not_found && (old || core_.office.database().empty()))
            fs::remove_all(e.path(), error);
          else if (known.error().why == base::Refusal::damaged && core_.options.log)
            core_.options.log(known.error().message);
        } else if (u.state == State::waiting || u.state == State::ingesting) {
          if (const base::Status asked = ask_for(u, {}); !asked.ok() && core_.options.log)
            core_.options.log(asked.error().message);
        }
      }
    }
  }

  base::Result<Response> begin(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(core_.case_for(who, request.place("id"), rights::Act::add, "item"));
    const boost::json::value body = TRY(request.json());
    const std::string id = base::hex(base::random_bytes(16));
    const auto u = std::make_shared<Upload>(shelf_of(core_, name.id, id), id);
    u->loaded = true;
    u->case_id = name.id, u->person = who.account.person, u->actor = who.account.code;
    u->files_announced = TRY(count_member(body, "files"));
    u->bytes_announced = TRY(count_member(body, "bytes"));
    u->source = TRY(words(body, "source", kNameBytes));
    u->collector = TRY(words(body, "collector", kNameBytes));
    u->note = TRY(words(body, "note", kNoteBytes));
    if (u->source.empty() || u->collector.empty())
      return wrong("\"source\" or \"collector\" is empty; say from whom this comes and who took it");
    if (u->files_announced == 0) return wrong("\"files\" is 0; choose at least one file");
    const rights::Limits& limits = core_.policy.limits();
    if (u->files_announced > limits.upload_files_max || u->bytes_announced > limits.upload_bytes_max)
      return wrong("an upload takes up to " + base::with_commas(limits.upload_files_max) + " files and " +
                   base::with_commas(limits.upload_bytes_max) +
                   " bytes; send this in several, or use `custos ingest`");
    const std::string incoming = incoming_of(core_, name.id);
    fs::create_directories(u->shelf.folder());
    fs::permissions(incoming, fs::perms::owner_all);
    u->shelf.keep_about(u->about());
    base::sync_folder(incoming);
    base::sync_folder(incoming + "/..");
    TRY(core_.book.write(u->actor, [&](const Book::Write& w) -> base::Status {
      tell(w, *u, "upload_begun", u->files_announced, u->bytes_announced);
      return base::Done{};
    }));
    {
      const std::lock_guard lock(mutex_);
      uploads_[id] = u;
    }
    std::string out;
    base::JsonWriter(out).object().member("upload", id).end_object();
    return Response::json(out, 201);
  }

  base::Result<std::unique_ptr<http::Sink>> receive(Request& request) {
    const std::shared_ptr<Upload> u = TRY(find(request));
    const auto n = number_in(request.place("n")), offset = number_in(request.query("offset").value_or("")),
               size = number_in(request.header("x-size"));
    if (!n || !offset || !size)
      return wrong("the number of the file, offset= or X-Size is missing, or no whole number");
    const std::string path = TRY(path_in(request.header("x-path")));
    const std::string_view hash = request.header("x-sha256");
    const std::string sha256 = base::unhex(base::lower_ascii(hash)).value_or("");
    if (!hash.empty() && sha256.size() != 32) return wrong("X-Sha256 is no SHA-256 of 64 hexadecimal digits");
    std::unique_lock lock(u->mutex);
    if (u->state != State::receiving)
      return wrong("this upload was finished and is being taken in; begin another one for more files");
    if (*n >= u->files_announced)
      return wrong("file " + std::to_string(*n) + " is beyond the " + std::to_string(u->files_announced) +
                   " files that were announced, from 0; begin another upload for more");
    std::shared_ptr<IncomingFile> file;
    // What came by another server is not known here yet.
    if (!u->files.contains(*n))
      if (auto there = TRY(u->shelf.look(*n)))
        u->bytes += there->size, u->files.emplace(*n, std::move(there));
    if (const auto at = u->files.find(*n); at != u->files.end()) {
      file = at->second;
      if (file->path != path || file->size != *size)
        return wrong("file " + std::to_string(*n) +
                     " of this upload has another path or size; give each file a number of its own");
    } else {
      if (*size > u->bytes_announced - u->bytes)
        return wrong("with file " + std::to_string(*n) + " the upload is larger than the " +
                     std::to_string(u->bytes_announced) + " bytes that were announced; begin another one");
      file = std::make_shared<IncomingFile>();
      file->path = path, file->size = *size;
      if (*offset == 0) u->files.emplace(*n, file), u->bytes += *size;
    }
    lock.unlock();
    std::unique_lock one(file->mutex);
    TRY(u->shelf.catch_up(*n, *file));
    std::optional<Shelf::Claim> claim;
    if (*offset == file->received && file->sha256.empty() && !file->gone) {
      claim.emplace(TRY(u->shelf.claim(*n, file)));
      TRY(u->shelf.catch_up(*n, *file));
    }
    if (file->gone) {
      one.unlock();
      forget(*u, *n, file, Of::memory);  // whoever refused it has removed it
      return base::Error{base::Refusal::conflict,
                         "file " + std::to_string(*n) + " was refused just now; send it from its beginning"};
    }
    if (*offset > file->received)
      return base::Error{base::Refusal::conflict,
                         "of file " + std::to_string(*n) + " " + std::to_string(file->received) +
                             " bytes are here: offset would leave a gap; go on there"};
    const bool whole = !file->sha256.empty();
    if (whole && !sha256.empty() && sha256 != file->sha256) {
      file->gone = true;
      one.unlock();
      forget(*u, *n, file, Of::shelf);
      return std::unique_ptr<http::Sink>(std::make_unique<Refusing>(*n));
    }
    if (whole || *offset < file->received)
      return std::unique_ptr<http::Sink>(std::make_unique<There>(file->received));
    return std::unique_ptr<http::Sink>(std::make_unique<Receiving>(u, *n, file, std::move(*claim), sha256));
  }

  // Of one file alone with ?n=.
  base::Result<Response> state(Request& request) {
    const std::shared_ptr<Upload> u = TRY(find(request));
    const auto only = number_in(request.query("n").value_or(""));
    if (u->state == State::receiving || u->state == State::failed) TRY(u->look_again());
    std::string out;
    base::JsonWriter w(out);
    w.object().member("state", name_of(u->state)).key("files").array();
    for (const auto& [n, file] : u->all_files()) {
      if (only && *only != n) continue;
      const std::lock_guard lock(file->mutex);
      w.object().member("n", n).member("path", file->path).member("size", file->size);
      w.member("received", file->received).key("sha256");
      if (file->sha256.empty())
        w.null();
      else
        w.value(base::hex(file->sha256));
      w.member("state", file->sha256.empty() ? "receiving" : "received").end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> finish(Request& request) {
    const std::shared_ptr<Upload> u = TRY(find(request));
    std::optional<std::uint64_t> wanted;
    if (!request.body.empty()) {
      const boost::json::value body = TRY(request.json());
      if (body.is_object() && body.get_object().contains("files")) wanted = TRY(count_member(body, "files"));
    }
    if (u->state == State::done) return Response::empty(202);  // its answer was lost
    const Shelf::Lock none_comes(u->shelf, Shelf::Lock::Is::whole);
    TRY(u->refresh());
    if (u->state == State::waiting || u->state == State::ingesting) return Response::empty(202);
    TRY(u->look_again());
    std::uint64_t whole = 0, bytes = 0;
    for (const auto& [n, file] : u->all_files()) {
      const std::lock_guard lock(file->mutex);
      if (file->sha256.empty()) continue;
      ++whole, bytes += file->size;
    }
    if (whole == 0) return wrong("no file of this upload has arrived whole; send them first");
    if (bytes > u->bytes_announced || whole > u->files_announced)
      return wrong("more has arrived than the " + std::to_string(u->files_announced) + " files and " +
                   std::to_string(u->bytes_announced) + " bytes that were announced; begin another upload");
    if (wanted && *wanted != whole)
      return base::Error{base::Refusal::conflict, std::to_string(whole) + " files have arrived whole, not " +
                                                      std::to_string(*wanted) +
                                                      "; ask what is there and send the rest"};
    if (u->state == State::failed)
      TRY(ask_for(*u, {}));
    else
      TRY(ask_for(*u, [&](const Book::Write& w) { tell(w, *u, "upload_finished", whole, bytes); }));
    u->keep(State::waiting);
    core_.jobs.wake();
    core_.events.changed("jobs");
    return Response::empty(202);
  }

  // What this person began in a case and has not finished, or what could not be taken in.
  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(core_.case_for(who, request.place("id"), rights::Act::add, "item"));
    std::vector<std::shared_ptr<Upload>> mine;
    std::error_code none;
    for (const auto& e : fs::directory_iterator(incoming_of(core_, name.id), none)) {
      const std::string id = e.path().filename().string();
      const std::shared_ptr<Upload> u = known(name.id, id);
      if (u && u->person == who.account.person && is_open(*u)) mine.push_back(u);
    }
    std::ranges::sort(mine, {}, &Upload::id);
    std::string out;
    base::JsonWriter w(out);
    w.object().key("uploads").array();
    for (const std::shared_ptr<Upload>& u : mine) {
      if (!u->look_again().ok()) continue;  // it is damaged: removed by its id, if anybody knows it
      const std::lock_guard lock(u->mutex);
      w.object().member("id", u->id).member("state", name_of(u->state)).member("source", u->source);
      w.member("collector", u->collector).member("files", u->files_announced);
      w.member("bytes", u->bytes_announced);
      w.member("received", static_cast<std::uint64_t>(u->files.size())).end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> remove(Request& request) {
    const std::shared_ptr<Upload> u = TRY(find(request));
    if (u->state != State::done) {
      const Shelf::Lock none_comes(u->shelf, Shelf::Lock::Is::whole);
      TRY(u->refresh());
      if (is_open(*u)) {
        Upload::Files files = u->all_files();
        for (const auto& [n, file] : files) {
          const std::lock_guard lock(file->mutex);
          file->gone = true;
        }
        u->shelf.remove();
        u->state = State::done;  // what still arrives is refused
        TRY(core_.book.write(u->actor, [&](const Book::Write& w) -> base::Status {
          tell(w, *u, "upload_removed", files.size(), u->bytes);
          return base::Done{};
        }));
        const std::lock_guard lock(mutex_);
        uploads_.erase(u->id);
        return Response::empty();
      }
    }
    return base::Error{base::Refusal::conflict,
                       "this upload is being taken in, or is in the case; nothing is removed from a case"};
  }

 private:
  static bool is_open(const Upload& u) { return u.state == State::receiving || u.state == State::failed; }
  // The upload as it is now, known here from before or not.
  std::shared_ptr<Upload> known(const std::string& case_id, const std::string& id) {
    std::shared_ptr<Upload> u;
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = uploads_.find(id); at != uploads_.end()) u = at->second;
    }
    if (!u) u = std::make_shared<Upload>(shelf_of(core_, case_id, id), id);
    const bool there = u->refresh().ok();
    const std::lock_guard lock(mutex_);
    if (there) return uploads_.try_emplace(id, u).first->second;
    uploads_.erase(id);
    return {};
  }
  std::shared_ptr<Upload> find(const std::string& id) {
    if (id.size() != 32 || id.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
    std::string case_id;
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = uploads_.find(id); at != uploads_.end()) case_id = at->second->case_id;
    }
    if (case_id.empty())
      for (const evidence::CaseName& c : core_.book.case_names())
        if (base::file_exists(incoming_of(core_, c.id) + "/" + id + "/about")) case_id = c.id;
    if (!case_id.empty())
      if (auto u = known(case_id, id)) return u;
    if (const auto done = core_.book.kept(kUploadDone, id)) {
      auto u = std::make_shared<Upload>(shelf_of(core_, {}, id), id);
      u->read_about(*done);
      u->loaded = true;
      return u;
    }
    return {};
  }
  // The upload, for the person who began it, while they may still add to its case.
  base::Result<std::shared_ptr<Upload>> find(Request& request) {
    const Who& who = Core::who(request);
    const std::shared_ptr<Upload> u = find(request.place("id"));
    if (!u || u->person != who.account.person || !core_.may(who, rights::Act::add, "item", u->case_id))
      return not_found();
    TRY(u->load());
    return u;
  }
  // The job that takes it in, unless there is one; with `also` in the same change.
  base::Status ask_for(const Upload& u, const std::function<void(const Book::Write&)>& also) {
    return core_.book.write(u.actor, [&](const Book::Write& w) -> base::Status {
      const std::string argument = Intake::argument(u);
      if (also) also(w);
      if (!w.sql.number("select count(*) from job where kind = ? and argument = ? and state <> 'done'",
                        Intake::kJob, std::string_view(argument)))
        w.change.later(Intake::kJob, argument, u.case_id);
      return base::Done{};
    });
  }
  static void tell(const Book::Write& w, const Upload& u, std::string_view act, std::uint64_t files,
                   std::uint64_t bytes) {
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("case", u.case_id)
        .member("files", files)
        .member("bytes", bytes)
        .end_object();
    w.tell(act, u.id, payload);
  }

  Core& core_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Upload>> uploads_;
};

}  // namespace

void bring_intake(Core& core) {
  core.jobs.bring(std::string(Intake::kJob), [&core](const boost::json::value& a, Jobs::Stop stop) {
    const auto text = [&](const char* name) { return std::string(a.at(name).as_string()); };
    return Intake(core).take_in(text("case"), text("upload"), stop);
  });
}

std::vector<http::Route> upload_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<UploadDesk>(core);
  desk->sweep();
  const auto does = [desk](base::Result<Response> (UploadDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::post, "/cases/{id}/uploads", "upload.begin", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&UploadDesk::begin)});
  out.push_back({Method::put, "/uploads/{id}/files/{n}", "upload.receive", "application/octet-stream",
                 kChunkBytes + kChunkSlack, http::Runs::in_pool,
                 http::Receive([desk](Request& r) { return desk->receive(r); })});
  out.push_back({Method::get, "/uploads/{id}", "upload.read", "application/json", 0, http::Runs::in_pool,
                 does(&UploadDesk::state)});
  out.push_back({Method::get, "/cases/{id}/uploads", "upload.list", "application/json", 0,
                 http::Runs::in_pool, does(&UploadDesk::list)});
  out.push_back({Method::delete_, "/uploads/{id}", "upload.remove", "application/json", 1024,
                 http::Runs::in_pool, does(&UploadDesk::remove)});
  out.push_back({Method::post, "/uploads/{id}/finish", "upload.finish", "application/json", 1024,
                 http::Runs::in_pool, does(&UploadDesk::finish)});
  return out;
}

}  // namespace service
