// custos-worker: reads foreign bytes, locked in. Started by custos; of no use by hand.
//
// Order of events: warm up (load what must come from disk), build the walls, prove them, then fork a child a
// job.

#include "fonts.h"
#include "likeness.h"
#include "source.h"

#include <base/bytes.h>
#include <base/text.h>
#include <extract/detect.h>
#include <extract/memory.h>
#include <extract/reader.h>
#include <extract/show.h>
#include <extract/strings.h>
#include <sandbox/lane.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <memory>
#include <new>
#include <unistd.h>

namespace {

constexpr extract::Limits kLimits;
constexpr std::size_t kHead = 3072;  // bytes of a text by which its languages are told

extract::Reason reason_of(base::Refusal r) {
  switch (r) {
    case base::Refusal::unsupported: return extract::Reason::unsupported;
    case base::Refusal::exhausted: return extract::Reason::too_large;
    case base::Refusal::denied: return extract::Reason::encrypted;
    default: return extract::Reason::damaged;
  }
}

void read_item(const sandbox::Task& task, sandbox::FrameWriter& frames) {
  extract::MemorySource memory(task.bytes);
  worker::FetchedSource fetched(frames, task.size, kLimits);
  extract::Source& source = task.inlined ? static_cast<extract::Source&>(memory) : fetched;
  const std::string type = extract::type_of(source, task.name);
  frames.meta("type", type);
  if (task.size == 0) {
    frames.finding(extract::Reason::empty, "zero bytes");
    return;
  }
  const extract::Request request{task.name, type, task.passwords, task.ocr, kLimits};
  const extract::Reader* reader = extract::reader_of(type);
  if (!reader && task.wish == sandbox::Wish::read) {
    if (task.strings) extract::read_strings(source, frames);
    frames.finding(extract::Reason::unsupported, type);
    return;
  }
  if (reader)
    frames.meta("x.reader", std::string(reader->engine.name) + " " + std::string(reader->engine.version));
  const auto answer = [&] {
    switch (task.wish) {
      case sandbox::Wish::picture: return extract::draw(source, request, task.page, task.width, frames);
      case sandbox::Wish::peaks: return extract::measure(source, request, frames);
      default: return reader->read(source, request, frames);
    }
  };
  // A library that throws is a library that could not read: told, and the next item is read.
  try {
    const base::Status s = answer();
    if (!s.ok()) frames.finding(reason_of(s.error().why), s.error().message);
  } catch (const std::bad_alloc&) {
    frames.close_open();
    frames.finding(extract::Reason::out_of_memory, "the reader wanted more memory than it may have");
  } catch (const std::exception& e) {
    frames.close_open();
    frames.finding(extract::Reason::damaged, e.what());
  }
}

void job(int socket) {
  std::uint64_t length = 0;
  if (!base::read_exactly(socket, &length, sizeof length)) _exit(4);
  const auto order = std::make_unique_for_overwrite<char[]>(length);
  if (!base::read_exactly(socket, order.get(), length)) _exit(4);
  const auto tasks = sandbox::parse_job({order.get(), length});
  if (!tasks.ok()) _exit(4);
  sandbox::FrameWriter frames(
      socket, {kLimits.text_bytes_max, kLimits.part_bytes_max, kLimits.parts_bytes_max, kLimits.parts_max,
               kLimits.depth_max, kLimits.ratio_max, kLimits.ratio_floor});
  // Each text, of the item and of the items inside of it, is listened to for its language and its likeness.
  struct Heard {
    std::string head;
    worker::Sketch sketch;
  };
  std::vector<Heard> heard(1);
  frames.listener = [&](int depth, std::string_view text) {
    const auto level = static_cast<std::size_t>(depth);
    if (heard.size() <= level) heard.resize(level + 1);
    Heard& h = heard[level];
    if (h.head.size() < kHead) h.head.append(base::cut(text, kHead - h.head.size()));
    h.sketch.add(text);
  };
  frames.closing = [&](int depth) {
    const auto level = static_cast<std::size_t>(depth);
    if (heard.size() <= level || heard[level].head.empty()) return;
    Heard& h = heard[level];
    if (const std::string l = extract::languages_of(h.head); !l.empty()) frames.meta("languages", l);
    if (const std::int64_t n = h.sketch.words(); n > 0) frames.meta("words", std::to_string(n));
    if (const std::string s = h.sketch.finish(); !s.empty()) frames.meta("sketch", base::hex(s));
    h = {};
  };
  for (std::size_t i = 0; i < tasks->size(); ++i) {
    frames.begin(i, (*tasks)[i].size);
    read_item((*tasks)[i], frames);
    frames.done();
  }
  frames.flush();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "--keeper") != 0) {
    std::fprintf(stderr, "custos-worker is started by custos; it reads foreign files inside a sandbox\n");
    return 2;
  }
  // A child gives nothing back before its end: what one item has used, the next uses again.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  extract::warm_types();
  extract::warm();
  worker::warm_fonts();
  if (std::strcmp(argv[2], "--ocr") == 0) extract::warm_ocr("/usr/share/tesseract-ocr/5/tessdata");
  return sandbox::keep(3, "custos-worker " CUSTOS_VERSION, job);
}
