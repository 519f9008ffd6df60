#include "meter.h"
#include "upload.h"

#include <base/json.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

constexpr std::string_view kNames[] = {"receiving", "waiting", "ingesting", "done", "failed"};
constexpr rights::Time kDoneIsKnown = 86'400;

Upload::State state_in(const boost::json::value& about) {
  if (const auto* finished =
          about.as_object().if_contains("finished"))  // as it was written until November 2026
    return finished->as_bool() ? Upload::State::waiting : Upload::State::receiving;
  const auto at = std::ranges::find(kNames, std::string_view(about.at("state").as_string()));
  if (at == std::end(kNames)) base::fault("an upload in a state that this Custos does not know");
  return static_cast<Upload::State>(at - std::begin(kNames));
}

}  // namespace

std::string_view name_of(Upload::State s) { return kNames[static_cast<std::size_t>(s)]; }
std::string incoming_of(const Core& core, const std::string& case_id) {
  return core.office.home() + "/cases/" + case_id + "/incoming";
}
Shelf shelf_of(const Core& core, const std::string& case_id, const std::string& id) {
  return {incoming_of(core, case_id) + "/" + id,
          base::hkdf_sha512(core.office.key_for("incoming"), id, "custos upload v1 " + case_id, 32), id};
}

std::string Upload::about() const {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("case", case_id)
      .member("person", person)
      .member("actor", actor)
      .member("files", files_announced)
      .member("bytes", bytes_announced)
      .member("source", source)
      .member("collector", collector)
      .member("note", note)
      .member("state", name_of(state))
      .end_object();
  return out;
}
void Upload::read_about(std::string_view json) {
  const auto v = boost::json::parse(json);
  const auto text = [&](const char* k) { return std::string(v.at(k).as_string()); };
  case_id = text("case"), actor = text("actor"), source = text("source");
  collector = text("collector"), note = text("note");
  person = v.at("person").to_number<std::int64_t>();
  files_announced = v.at("files").to_number<std::uint64_t>();
  bytes_announced = v.at("bytes").to_number<std::uint64_t>();
  state = state_in(v);
}
base::Status Upload::refresh() {
  const std::string now = TRY(shelf.about());
  if (case_id.empty())
    read_about(now);
  else
    state = state_in(boost::json::parse(now));
  return base::Done{};
}
void Upload::keep(State next) {
  const State before = state;
  state = next;
  try {
    shelf.keep_about(about());
  } catch (const base::Fault&) {
    state = before;
    throw;
  }
}
base::Status Upload::load() {
  {
    const std::lock_guard lock(mutex);
    if (loaded) return base::Done{};
  }
  return look_again();
}
base::Status Upload::look_again() {
  Files before = all_files(), now;
  for (const std::uint64_t n : shelf.numbers()) {
    const auto at = before.find(n);
    auto file = at == before.end() ? TRY(shelf.look(n)) : at->second;
    if (!file) continue;
    const std::lock_guard lock(file->mutex);
    TRY(shelf.catch_up(n, *file));
    if (!file->gone) now.emplace(n, file);
  }
  const std::lock_guard lock(mutex);
  for (auto& [n, file] : files)  // what has just begun here
    if (!before.contains(n)) now.emplace(n, file);
  files = std::move(now);
  bytes = 0;
  for (const auto& [n, file] : files) bytes += file->size;
  loaded = true;
  return base::Done{};
}
Upload::Files Upload::all_files() {
  const std::lock_guard lock(mutex);
  return files;
}

std::string Intake::argument(const Upload& u) {
  std::string out;
  base::JsonWriter(out).object().member("case", u.case_id).member("upload", u.id).end_object();
  return out;
}
Jobs::End Intake::take_in(const std::string& case_id, const std::string& id, Jobs::Stop stop) {
  using State = Upload::State;
  Upload u(shelf_of(core_, case_id, id), id);
  const auto becomes = [&](State next) {
    const Shelf::Lock lock(u.shelf, Shelf::Lock::Is::whole);
    u.keep(next);
  };
  if (const base::Status there = u.refresh(); !there.ok()) {
    // It was taken in by a process that died before it said so.
    if (there.error().why != base::Refusal::not_found && core_.options.log)
      core_.options.log("upload " + id + " was not taken in: " + there.error().message);
    return Jobs::End::done;
  }
  becomes(State::ingesting);
  base::Result<bool> ended = false;
  try {
    ended = ingest(u, stop);
  } catch (const std::exception& e) { ended = base::Error{base::Refusal::damaged, e.what()}; }
  if (!ended.ok()) {
    if (core_.options.log) core_.options.log("upload " + id + " was not taken in: " + ended.error().message);
    becomes(State::failed);
    return Jobs::End::done;
  }
  if (!*ended) {
    becomes(State::waiting);
    return Jobs::End::later;
  }
  u.state = State::done;
  core_.book.keep(kUploadDone, id, u.about(), core_.book.now() + kDoneIsKnown);
  u.shelf.remove();
  return Jobs::End::done;
}
base::Result<bool> Intake::ingest(Upload& u, Jobs::Stop stop) {
  TRY(u.load());
  const auto name = core_.book.case_of(u.case_id);
  if (!name) return base::Error{base::Refusal::not_found, "its case is gone"};
  Shelf::Reader reader(u.shelf);
  evidence::IngestOptions o;
  o.source = u.source, o.collector = u.collector, o.note = u.note, o.actor = u.actor;
  o.worker = core_.options.worker;
  o.incoming_from = "upload/" + u.id;
  for (const auto& [n, file] : u.all_files()) {
    if (file->sha256.empty()) continue;
    const std::string origin = o.incoming_from + "/" + std::to_string(n) + "/" + file->path;
    const auto read = [&reader, n = n](std::uint64_t at, std::size_t bytes) {
      return reader.read(n, at, bytes);
    };
    o.incoming.push_back({file->path, origin, file->size, read});
  }
  Meter meter(core_, u.case_id, static_cast<std::int64_t>(o.incoming.size()));
  evidence::IngestWatch watch;
  watch.progress = &meter.progress;
  watch.stop = &stop;
  if (const auto& log = core_.options.log) watch.say = [&log](const std::string& line) { log(line); };
  if (TRY(evidence::ingest(core_.office, *name, o, watch)).interrupted) return false;
  if (reader.failed())
    return base::Error{base::Refusal::damaged,
                       "some of its bytes cannot be read back; they stay as they are"};
  return true;
}

}  // namespace service
