// Uploads: files come in chunks, lie sealed until all are there, and are then taken into their case.
#include "core.h"
#include "upload.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace service {
namespace {

using http::Request;
using http::Response;
using State = Upload::State;
namespace fs = std::filesystem;

// Limits.
constexpr std::uint64_t kBytesMax = 2'000'000'000'000, kFilesMax = 1'000'000;
constexpr std::uint64_t kChunkBytes = 4 << 20, kChunkSlack = 64 << 10;
constexpr std::size_t kPathBytes = 4096, kNameBytes = 500, kNoteBytes = 4000;

base::Error wrong(std::string message) { return {base::Refusal::invalid, std::move(message)}; }

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t n = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || r.ec != std::errc() || r.ptr != text.data() + text.size()) return {};
  return n;
}
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
  const std::string raw = TRY(text_member(body, name));
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

void forget(Upload& u, std::uint64_t n, const std::shared_ptr<IncomingFile>& file) {
  const std::lock_guard lock(u.mutex);
  const auto at = u.files.find(n);
  if (at == u.files.end() || at->second != file) return;
  u.shelf.remove(n);
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
            std::string sha256)
      : upload_(std::move(upload)), n_(n), file_(std::move(file)), sha256_(std::move(sha256)) {
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
    forget(*upload_, n_, file_);
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
  std::string sha256_;
  std::uint64_t turn_ = 0, left_ = 0, taken_ = 0;
  std::optional<Shelf::Chunk> chunk_;
};

class UploadDesk {
 public:
  explicit UploadDesk(Core& core) : core_(core), intake_(std::make_shared<Intake>(core)) {}

  // What lies on disk from before: goes on to be received, or to be taken in.
  void resume() {
    for (const evidence::CaseName& c : core_.book.cases()) {
      const std::string folder = incoming(c.id);
      std::error_code error;
      for (const auto& e : fs::directory_iterator(folder, error)) {
        const std::string id = e.path().filename().string();
        const auto u = std::make_shared<Upload>(shelf(c.id, id), id);
        const base::Result<std::string> about = u->shelf.about();
        // Without what makes it an upload it was not yet one, or is one no longer.
        if (!about.ok() && about.error().why == base::Refusal::not_found) fs::remove_all(e.path(), error);
        if (!about.ok()) {
          if (about.error().why == base::Refusal::damaged && core_.options.log)
            core_.options.log(about.error().message);
          continue;
        }
        u->read_about(*about);
        {
          const std::lock_guard lock(mutex_);
          uploads_[id] = u;
        }
        if (u->state == State::waiting) intake_->add(u);
      }
    }
  }

  base::Result<Response> begin(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(core_.case_for(who, request.place("id"), rights::Act::add, "item"));
    const boost::json::value body = TRY(request.json());
    const std::string id = base::hex(base::random_bytes(16));
    const auto u = std::make_shared<Upload>(shelf(name.id, id), id);
    u->case_id = name.id, u->person = who.account.person, u->actor = who.account.code;
    u->files_announced = TRY(count_member(body, "files"));
    u->bytes_announced = TRY(count_member(body, "bytes"));
    u->source = TRY(words(body, "source", kNameBytes));
    u->collector = TRY(words(body, "collector", kNameBytes));
    u->note = TRY(words(body, "note", kNoteBytes));
    if (u->source.empty() || u->collector.empty())
      return wrong("\"source\" or \"collector\" is empty; say from whom this comes and who took it");
    if (u->files_announced == 0) return wrong("\"files\" is 0; choose at least one file");
    if (u->files_announced > kFilesMax || u->bytes_announced > kBytesMax)
      return wrong("an upload takes up to " + base::with_commas(kFilesMax) + " files and " +
                   base::with_commas(kBytesMax) + " bytes; send this in several, or use `custos ingest`");
    fs::create_directories(u->shelf.folder());
    fs::permissions(incoming(name.id), fs::perms::owner_all);
    u->shelf.keep_about(u->about());
    base::sync_folder(incoming(name.id));
    base::sync_folder(incoming(name.id) + "/..");
    TRY(tell(*u, "upload_begun", u->files_announced, u->bytes_announced));
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
    if (file->gone)
      return base::Error{base::Refusal::conflict,
                         "file " + std::to_string(*n) + " was refused just now; send it from its beginning"};
    if (*offset > file->received)
      return base::Error{base::Refusal::conflict,
                         "of file " + std::to_string(*n) + " " + std::to_string(file->received) +
                             " bytes are here: offset would leave a gap; go on there"};
    const bool whole = !file->sha256.empty();
    if (whole && !sha256.empty() && sha256 != file->sha256) {
      file->gone = true;
      one.unlock();
      forget(*u, *n, file);
      return std::unique_ptr<http::Sink>(std::make_unique<Refusing>(*n));
    }
    if (whole || *offset < file->received)
      return std::unique_ptr<http::Sink>(std::make_unique<There>(file->received));
    return std::unique_ptr<http::Sink>(std::make_unique<Receiving>(u, *n, file, sha256));
  }

  // Of one file alone with ?n=.
  base::Result<Response> state(Request& request) {
    const std::shared_ptr<Upload> u = TRY(find(request));
    const auto only = number_in(request.query("n").value_or(""));
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
    State was = State::receiving;
    if (!u->state.compare_exchange_strong(was, State::waiting)) {
      if (was == State::failed && u->state.compare_exchange_strong(was, State::waiting)) intake_->add(u);
      return Response::empty(202);
    }
    std::uint64_t whole = 0, bytes = 0;
    for (const auto& [n, file] : u->all_files()) {
      const std::lock_guard lock(file->mutex);
      if (file->sha256.empty()) continue;
      ++whole, bytes += file->size;
    }
    const auto refuse = [&](base::Error e) {
      u->state = State::receiving;
      return e;
    };
    if (whole == 0) return refuse(wrong("no file of this upload has arrived whole; send them first"));
    if (wanted && *wanted != whole)
      return refuse({base::Refusal::conflict, std::to_string(whole) + " files have arrived whole, not " +
                                                  std::to_string(*wanted) +
                                                  "; ask what is there and send the rest"});
    try {
      TRY(tell(*u, "upload_finished", whole, bytes));
      u->shelf.keep_about(u->about());
    } catch (const base::Fault&) {
      u->state = State::receiving;
      throw;
    }
    intake_->add(u);
    return Response::empty(202);
  }

 private:
  std::string incoming(const std::string& case_id) const {
    return core_.office.home() + "/cases/" + case_id + "/incoming";
  }
  Shelf shelf(const std::string& case_id, const std::string& id) const {
    return {incoming(case_id) + "/" + id,
            base::hkdf_sha512(core_.office.key_for("incoming"), id, "custos upload v1 " + case_id, 32), id};
  }
  // The upload, for the person who began it, while they may still add to its case.
  base::Result<std::shared_ptr<Upload>> find(Request& request) {
    const Who& who = Core::who(request);
    std::shared_ptr<Upload> u;
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = uploads_.find(request.place("id")); at != uploads_.end()) u = at->second;
    }
    if (!u || u->person != who.account.person || !core_.may(who, rights::Act::add, "item", u->case_id))
      return not_found();
    TRY(u->load());
    return u;
  }
  base::Status tell(const Upload& u, std::string_view act, std::uint64_t files, std::uint64_t bytes) {
    return core_.book.write(u.actor, [&](const Book::Write& w) -> base::Status {
      std::string payload;
      base::JsonWriter(payload)
          .object()
          .member("case", u.case_id)
          .member("files", files)
          .member("bytes", bytes)
          .end_object();
      w.tell(act, u.id, payload);
      return base::Done{};
    });
  }

  Core& core_;
  const std::shared_ptr<Intake> intake_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Upload>> uploads_;
};

}  // namespace

std::vector<http::Route> upload_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<UploadDesk>(core);
  desk->resume();
  const auto does = [desk](base::Result<Response> (UploadDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::post, "/cases/{id}/uploads", "upload.begin", "{files,bytes,source,collector,note}",
                 "{upload}", "application/json", 64 * 1024, http::Runs::in_pool, does(&UploadDesk::begin)});
  out.push_back({Method::put, "/uploads/{id}/files/{n}", "upload.receive", "bytes", "{received}",
                 "application/octet-stream", kChunkBytes + kChunkSlack, http::Runs::in_pool,
                 http::Receive([desk](Request& r) { return desk->receive(r); })});
  out.push_back({Method::get, "/uploads/{id}", "upload.read", "", "{state,files}", "application/json", 0,
                 http::Runs::in_pool, does(&UploadDesk::state)});
  out.push_back({Method::post, "/uploads/{id}/finish", "upload.finish", "{files}", "", "application/json",
                 1024, http::Runs::in_pool, does(&UploadDesk::finish)});
  return out;
}

}  // namespace service
