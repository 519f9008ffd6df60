#include "case_file.h"
#include "jpeg.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/show.h>
#include <sandbox/lane.h>

#include <boost/json.hpp>

#include <algorithm>

namespace evidence {
namespace {

// Limits on what a worker may answer, whatever it says of itself (extract/show.h says the same inside).
constexpr std::uint32_t kSideMax = 4000;
constexpr std::uint64_t kPixelsMax = 9'000'000;
constexpr std::size_t kWordsBytesMax = 8 << 20, kWordsMax = 20'000, kWordBytesMax = 200, kPagesMax = 10'000;
constexpr std::size_t kPeaksMax = 24u * 3600 * 50;
constexpr double kPeaksASecond = 50;
constexpr std::size_t kSentAlong = 4 << 20;  // an original of at most so many bytes is sent along

base::Status tell(CaseFile& file, std::string_view what, std::uint32_t page, std::int64_t number) {
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("what", what);
  if (page) w.member("page", page);
  w.end_object();
  return file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"viewed", file.actor(), file.code_of(number), file.with_basis(payload)});
    return base::Done{};
  });
}

// What a worker tells; all of it is bounded here.
struct Answer final : sandbox::FrameReader::Listener, extract::Sink {
  std::string picture, words, peaks, texts, set;
  bool cut = false;
  std::int64_t pages = 0;
  std::optional<std::pair<extract::Reason, std::string>> found;

  void begin(std::uint64_t) override {}
  void done(std::uint64_t) override {}
  extract::Sink& sink() override { return *this; }
  void meta(std::string_view k, std::string_view v) override {
    if (k == "pages") pages = std::clamp<std::int64_t>(std::atoll(std::string(v).c_str()), 0, 1'000'000);
    if (k == "set") set = v == "styled" ? "styled" : "text";
    if (k == "set.cut") cut = true;
  }
  void finding(extract::Reason r, std::string_view d) override {
    if (!found) found.emplace(r, d);
  }
  void derived(std::string_view kind, std::string_view bytes) override {
    const auto take = [&](std::string& to, std::size_t most) {
      if (to.size() + bytes.size() <= most) to += bytes;
    };
    if (kind == "picture") take(picture, 8 + kPixelsMax * 3);
    if (kind == "words") take(words, kWordsBytesMax);
    if (kind == "page.texts") take(texts, kWordsBytesMax);
    if (kind == "peaks") take(peaks, kPeaksMax + kSentAlong);
  }
  bool text(std::string_view) override { return false; }
  void next_page() override {}
  void machine(std::string_view, std::string_view, std::string_view) override {}
  void expect(std::uint64_t) override {}
  bool begin_part(const extract::PartInfo&) override { return false; }
  bool part_bytes(std::string_view) override { return false; }
  void end_part() override {}
  void fail_part(extract::Reason, std::string_view) override {}
  void lost_part(const extract::PartInfo&, extract::Reason, std::string_view) override {}
  bool begin_item(const extract::PartInfo&) override { return false; }
  void end_item() override {}
};

base::Error refusal_of(extract::Reason r, const std::string& detail) {
  using extract::Reason;
  const base::Refusal why = r == Reason::unsupported                          ? base::Refusal::unsupported
                            : r == Reason::encrypted                          ? base::Refusal::denied
                            : r == Reason::too_large || r == Reason::too_deep ? base::Refusal::exhausted
                                                                              : base::Refusal::damaged;
  return {why, detail};
}

std::int32_t share(const boost::json::value& v, double of) {
  const double n = v.is_int64()    ? static_cast<double>(v.get_int64())
                   : v.is_uint64() ? static_cast<double>(v.get_uint64())
                   : v.is_double() ? v.get_double()
                                   : 0;
  const double part = n / of * 10'000;
  return part > 0 ? static_cast<std::int32_t>(std::min(part, 10'000.0)) : 0;
}
// [x, y, width, height] of a picture of this size.
std::optional<WordBox> box_of(const boost::json::value& v, double width, double height) {
  const auto* a = v.if_array();
  if (!a || a->size() < 4 || !(width > 0) || !(height > 0)) return {};
  return WordBox{
      share((*a)[0], width), share((*a)[1], height), share((*a)[2], width), share((*a)[3], height), {}};
}
std::string word_of(const boost::json::value& v) {
  return v.is_string() ? base::clean(base::cut(std::string_view(v.get_string()), kWordBytesMax)) : "";
}

boost::json::value parsed(std::string_view json) {
  boost::system::error_code broken;
  boost::json::value v = boost::json::parse({json.data(), json.size()}, broken);
  return broken ? boost::json::value() : v;
}

std::vector<WordBox> words_in(std::string_view json) {
  std::vector<WordBox> out;
  const boost::json::value all = parsed(json);
  if (const auto* a = all.if_array())
    for (const boost::json::value& v : *a) {
      auto box = box_of(v, 10'000, 10'000);
      if (!box || v.as_array().size() != 5 || out.size() >= kWordsMax) continue;
      box->word = word_of(v.as_array()[4]);
      out.push_back(std::move(*box));
    }
  return out;
}

std::vector<PageText> texts_in(std::string_view json) {
  std::vector<PageText> out;
  const boost::json::value all = parsed(json);
  if (const auto* a = all.if_array())
    for (const boost::json::value& v : *a) {
      const auto* one = v.if_array();
      if (!one || one->size() != 2 || !one->at(0).is_number() || !one->at(1).is_string() ||
          out.size() >= kPagesMax)
        continue;
      const double part = one->at(0).to_number<double>();
      out.push_back({static_cast<std::int64_t>(std::clamp(part, 1.0, 1e6)),
                     base::clean(std::string_view(one->at(1).get_string()))});
    }
  return out;
}

// What recognition kept of a page when the item was read (docs/formats/metadata.md, ocr.words).
std::vector<WordBox> recognised_words(CaseFile& file, std::int64_t item, std::int64_t page) {
  std::vector<WordBox> out;
  const std::vector<Derived> all = store::select<Derived>(
      file.records(), "where item = ? and kind = 'ocr.words' order by id desc limit 1", item);
  if (all.empty()) return out;
  const Derived& d = all.front();
  const base::Result<std::string> bytes =
      file.vault().read({d.pack, d.pack_offset, d.size, d.commitment.bytes});
  if (!bytes.ok()) return out;
  const boost::json::value whole = parsed(*bytes);
  const auto* o = whole.if_object();
  const auto* pages = o && o->if_contains("pages") ? o->at("pages").if_array() : nullptr;
  if (!pages) return out;
  for (const boost::json::value& p : *pages) {
    const auto* one = p.if_object();
    if (!one || !one->if_contains("page") || !one->if_contains("words") || !one->if_contains("width") ||
        !one->if_contains("height"))
      continue;
    const auto number = [&](const char* k) {
      return one->at(k).is_number() ? one->at(k).to_number<double>() : 0.0;
    };
    const auto* words = one->at("words").if_array();
    if (!words || static_cast<std::int64_t>(number("page")) != page) continue;
    for (const boost::json::value& w : *words) {
      const auto* each = w.if_object();
      if (!each || !each->if_contains("b") || !each->if_contains("t") || out.size() >= kWordsMax) continue;
      auto box = box_of(each->at("b"), number("width"), number("height"));
      if (!box) continue;
      box->word = word_of(each->at("t"));
      out.push_back(std::move(*box));
    }
  }
  return out;
}

}  // namespace

std::vector<std::string_view> views_of(std::string_view type) {
  const auto is = [&](std::initializer_list<std::string_view> all) {
    return std::ranges::find(all, type) != all.end();
  };
  if (is({"application/pdf", "image/jpeg", "image/png", "image/tiff", "image/gif", "image/bmp", "image/webp",
          "image/heic", "image/heif", "image/avif"}) ||
      type.starts_with("image/x-portable-"))
    return {"pages"};
  // Set by us.
  if (is({"text/html", "application/xhtml+xml", "message/rfc822", "application/vnd.ms-outlook",
          "application/rtf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.presentation",
          "application/msword", "application/vnd.ms-powerpoint", "application/epub+zip",
          "application/x-fictionbook+xml"}))
    return {"pages"};
  if (type.starts_with("audio/")) return {"sound"};
  if (type.starts_with("video/") || type == "application/vnd.rn-realmedia") return {"film"};
  if (is({"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.oasis.opendocument.spreadsheet"}))
    return {"table", "pages"};
  if (is({"text/csv", "text/tab-separated-values", "application/vnd.sqlite3"})) return {"table"};
  return {};
}

struct Studio::Made {
  std::int64_t pages = 0;
  std::uint32_t width = 0, height = 0;
  std::string jpeg;
  std::vector<WordBox> words;
  std::string peaks;
  std::string set;
  bool cut = false;
  std::shared_ptr<const std::vector<PageText>> texts;
  std::size_t bytes() const {
    std::size_t all = 1000 + jpeg.size() + peaks.size() + words.size() * sizeof(WordBox);
    if (texts)
      for (const PageText& t : *texts) all += t.text.size();
    return all;
  }
};

// A worker that is free, waited for.
class Studio::Turn {
 public:
  Turn(Studio& s, bool sound) : studio_(s) {
    {
      const std::lock_guard lock(s.mutex_);
      if (s.waiting_ >= waiting_max) return;
      ++s.waiting_;
      counted_ = true;
    }
    Line* line = sound ? &s.sounds_[0] : nullptr;
    for (Line& l : s.pictures_)
      if (!line && l.mutex.try_lock()) line = &l, lock_ = std::unique_lock(l.mutex, std::adopt_lock);
    if (!line) line = &s.pictures_[0];
    if (!lock_.owns_lock()) lock_ = std::unique_lock(line->mutex);
    line_ = line;
  }
  ~Turn() {
    if (lock_.owns_lock()) lock_.unlock();
    if (!counted_) return;
    const std::lock_guard lock(studio_.mutex_);
    --studio_.waiting_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Line* line() { return line_; }

 private:
  Studio& studio_;
  std::unique_lock<std::mutex> lock_;
  Line* line_ = nullptr;
  bool counted_ = false;
};

Studio::Studio(std::string worker, const base::Clock& clock) : worker_(std::move(worker)), clock_(clock) {}
Studio::~Studio() = default;

std::shared_ptr<const Studio::Made> Studio::kept(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto at = std::ranges::find(made_, key, &decltype(made_)::value_type::first);
  if (at == made_.end()) return {};
  made_.splice(made_.begin(), made_, at);
  return at->second;
}
void Studio::keep(const std::string& key, std::shared_ptr<const Made> made) {
  const std::lock_guard lock(mutex_);
  kept_bytes_ += made->bytes();
  made_.emplace_front(key, std::move(made));
  while (kept_bytes_ > kept_bytes_max && made_.size() > 1) {
    kept_bytes_ -= made_.back().second->bytes();
    made_.pop_back();
  }
}

base::Result<std::shared_ptr<const Studio::Made>> Studio::make(CaseFile& file, std::int64_t number,
                                                               const std::string& key, sandbox::Task task,
                                                               bool sound) {
  if (auto met = kept(key)) return met;
  const Item i = TRY(file.item(number));
  Turn turn(*this, sound);
  if (!turn.line())
    return base::Error{base::Refusal::exhausted,
                       "many pictures are being made at this moment; try again in a few seconds"};
  if (auto met = kept(key)) return met;  // made while we waited
  task.name = i.path.substr(i.path.rfind('/') + 1);
  task.size = static_cast<std::uint64_t>(i.size);
  const store::Place place = CaseFile::bytes_place(i);
  if (task.size <= kSentAlong) {
    task.hold(std::make_shared<std::string>(TRY(file.vault().read(place))));
  } else {
    task.inlined = false;
    task.window = [&file, place](std::uint64_t offset, std::size_t n) {
      return file.vault().read(place, offset, n);
    };
  }
  std::unique_ptr<sandbox::Lane>& lane = turn.line()->lane;
  if (!lane) {
    sandbox::LaneOptions o;
    o.worker = worker_;
    o.idle_seconds = sound ? 120 : 25, o.seconds_a_mebibyte = sound ? 2 : 1;
    o.cpu_seconds = sound ? 300 : 40;
    lane = std::make_unique<sandbox::Lane>(o, clock_);
  }
  Answer answer;
  const std::uint32_t page = task.page;
  std::vector<sandbox::Task> tasks;
  tasks.push_back(std::move(task));
  const sandbox::JobEnd end = lane->run(tasks, answer);
  if (end.how != sandbox::Ended::well)
    return base::Error{base::Refusal::damaged, file.code_of(number) + " broke the reader (" + end.detail +
                                                   "); read its text instead"};
  if (answer.picture.empty() && answer.pages > 0 && page > answer.pages)
    return base::Error{base::Refusal::not_found, file.code_of(number) + " has no such page"};
  if (answer.found && answer.picture.empty() && answer.peaks.empty())
    return refusal_of(answer.found->first, answer.found->second);
  auto made = std::make_shared<Made>();
  made->pages = answer.pages;
  if (sound) {
    if (answer.peaks.empty()) return base::Error{base::Refusal::damaged, "there is no sound in it"};
    made->peaks = std::move(answer.peaks);
  } else {
    const base::Error broken{base::Refusal::damaged, "the worker gave no picture"};
    if (answer.picture.size() < 8) return broken;
    made->width = base::load_le<std::uint32_t>(answer.picture.data());
    made->height = base::load_le<std::uint32_t>(answer.picture.data() + 4);
    if (made->width < 1 || made->height < 1 || made->width > kSideMax || made->height > kSideMax ||
        std::uint64_t{made->width} * made->height > kPixelsMax ||
        answer.picture.size() != 8 + std::size_t{made->width} * made->height * 3)
      return broken;
    made->jpeg = jpeg_of(std::string_view(answer.picture).substr(8), made->width, made->height);
    if (made->jpeg.empty()) return broken;
    made->words = words_in(answer.words);
    made->set = answer.set, made->cut = answer.cut;
    if (!made->set.empty())
      made->texts = std::make_shared<const std::vector<PageText>>(texts_in(answer.texts));
  }
  keep(key, made);
  return std::shared_ptr<const Made>(std::move(made));
}

base::Result<PageView> Studio::page(CaseFile& file, std::int64_t number, std::uint32_t page,
                                    std::uint32_t width, std::string_view what) {
  const Item i = TRY(file.item(number));
  if (i.pack == 0 || i.size == 0)
    return base::Error{base::Refusal::not_found, file.code_of(number) + " has no bytes of its own"};
  sandbox::Task task;
  task.wish = sandbox::Wish::picture, task.page = page, task.width = std::clamp(width, 100u, width_max);
  TRY(tell(file, what, page, number));
  const std::string key = file.name().id + "/" + std::to_string(number) + "/" + std::to_string(page) + "/" +
                          std::to_string(task.width);
  const std::shared_ptr<const Made> made = TRY(make(file, number, key, std::move(task), false));
  PageView v;
  v.page = page, v.pages = std::max<std::int64_t>(made->pages, 1);
  v.set = made->set, v.cut = made->cut, v.texts = made->texts;
  v.width = made->width, v.height = made->height, v.languages = i.languages;
  if (what == "page") {
    v.jpeg = made->jpeg;
    return v;
  }
  v.words = made->words;
  std::vector<WordBox> guessed = recognised_words(file, number, page);
  v.recognised = !guessed.empty();
  v.words.insert(v.words.end(), std::make_move_iterator(guessed.begin()),
                 std::make_move_iterator(guessed.end()));
  return v;
}

base::Result<OriginalView> take_media(CaseFile& file, std::int64_t number, bool told) {
  const Item i = TRY(file.item(number));
  const bool plays = i.type.starts_with("audio/") || i.type.starts_with("video/");
  if (i.pack == 0 || i.size == 0 || !plays)
    return base::Error{base::Refusal::not_found, file.code_of(number) + " is no sound and no film"};
  if (!told) TRY(tell(file, "media", 0, number));
  return OriginalView{static_cast<std::uint64_t>(i.size), i.sha256 ? base::hex(i.sha256->bytes) : "",
                      file.code_of(number), "", i.type};
}

base::Result<SoundView> Studio::sound(CaseFile& file, std::int64_t number) {
  const Item i = TRY(file.item(number));
  if (i.pack == 0 || i.size == 0)
    return base::Error{base::Refusal::not_found, file.code_of(number) + " has no bytes of its own"};
  if (const auto views = views_of(i.type); views.empty() || (views[0] != "sound" && views[0] != "film"))
    return base::Error{base::Refusal::unsupported, "there is no sound in a file of this type"};
  sandbox::Task task;
  task.wish = sandbox::Wish::peaks;
  TRY(tell(file, "loudness", 0, number));
  const auto met =
      make(file, number, file.name().id + "/" + std::to_string(number) + "/peaks", std::move(task), true);
  SoundView v;
  if (!met.ok() && met.error().why == base::Refusal::unsupported) {
    v.silent = met.error().message;
    return v;
  }
  const std::shared_ptr<const Made> made = TRY(met);
  const std::string& all = made->peaks;
  v.seconds = static_cast<double>(all.size()) / kPeaksASecond;
  const std::size_t points = std::min(all.size(), peaks_max);
  for (std::size_t p = 0; p < points; ++p) {
    const std::size_t from = p * all.size() / points, to = std::max(from + 1, (p + 1) * all.size() / points);
    unsigned char most = 0;
    for (std::size_t k = from; k < to; ++k) most = std::max(most, static_cast<unsigned char>(all[k]));
    v.peaks += static_cast<char>(most);
  }
  return v;
}

}  // namespace evidence
