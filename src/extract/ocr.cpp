// Which model reads a page: the script decides first (Tesseract's own detection), then, among models of one
// script, the language that the first reading shows. Pages of one item mostly share a language, so the last
// good one is tried first.
#include "ocr.h"

#include <extract/detect.h>

#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>
#include <tesseract/resultiterator.h>

namespace extract {
namespace {

// "Latin" reads any language of that script, at several times the cost: it is asked where no other fits.
constexpr std::array<const char*, 8> kLanguages{"eng", "fra", "spa", "swa", "rus", "ukr", "ara", "Latin"};
constexpr double kPixelsMax = 12e6;   // of a picture given to the engine
constexpr double kPixelsSmall = 1e6;  // below this, letters may be too low to be read: it is enlarged as well
constexpr int kPageMilliseconds = 60'000;
constexpr int kLowConfidence = 60, kDoubtful = 75, kSure = 93;
constexpr std::size_t kWordsOfALanguage = 8;  // fewer do not tell it

// The engines of this process: made once by warm_ocr(), then only used. A fork shares their memory.
struct Engines {
  std::array<std::unique_ptr<tesseract::TessBaseAPI>, kLanguages.size()> by_language;
  std::unique_ptr<tesseract::TessBaseAPI> script;

  tesseract::TessBaseAPI* of(std::string_view language) {
    for (std::size_t i = 0; i < kLanguages.size(); ++i)
      if (kLanguages[i] == language) return by_language[i].get();
    return nullptr;
  }
};
Engines& engines() {
  static Engines all;
  return all;
}

std::string_view model_of(std::string_view iso) {
  if (iso == "fr") return "fra";
  if (iso == "es") return "spa";
  if (iso == "sw") return "swa";
  if (iso == "en") return "eng";
  if (iso == "uk") return "ukr";
  if (iso == "ru") return "rus";
  if (iso == "ar") return "ara";
  return {};
}

struct Script {
  std::string name;  // "Latin", "Cyrillic", "Arabic", or empty when it could not be told
  int turn = 0;      // quarter turns clockwise that set the page upright
};

// The engine estimates the resolution itself, by the height of letters: what files claim misleads it.
void show(tesseract::TessBaseAPI& engine, Pix* picture) {
  pixSetResolution(picture, 0, 0);
  engine.SetImage(picture);
}

Script script_of(Pix* picture) {
  Script out;
  tesseract::TessBaseAPI* engine = engines().script.get();
  if (!engine) return out;
  show(*engine, picture);
  int degrees = 0;
  float degrees_confidence = 0, script_confidence = 0;
  const char* name = nullptr;
  if (engine->DetectOrientationScript(&degrees, &degrees_confidence, &name, &script_confidence)) {
    if (name && script_confidence > 0.5f) out.name = name;
    if (degrees_confidence > 3) out.turn = (360 - degrees) / 90 % 4;
  }
  engine->Clear();
  return out;
}

}  // namespace

// Lines that climb or fall by a degree or two lose words, and whole lines, without any loss of confidence.
struct Recognition::Levelled {
  Picture picture;
  double radians = 0;         // clockwise, that made the lines level
  int width = 0, height = 0;  // of the page before it
  // The middle of a box on the level page, on the page as it was.
  void back(double& x, double& y) const {
    const double dx = x - pixGetWidth(picture.get()) / 2.0, dy = y - pixGetHeight(picture.get()) / 2.0;
    x = width / 2.0 + std::cos(radians) * dx + std::sin(radians) * dy;
    y = height / 2.0 - std::sin(radians) * dx + std::cos(radians) * dy;
  }
};

Recognition::Levelled Recognition::level(const Picture& page) {
  Levelled out;
  out.width = pixGetWidth(page.get()), out.height = pixGetHeight(page.get());
  const Picture black(pixThresholdToBinary(page.get(), 128));
  l_float32 degrees = 0, confidence = 0;
  constexpr double kDegree = 3.14159265358979 / 180;
  if (black && pixFindSkew(black.get(), &degrees, &confidence) == 0 && confidence > 3 &&
      std::abs(degrees) > 0.2) {
    out.radians = degrees * kDegree;
    out.picture.reset(pixRotate(page.get(), static_cast<float>(out.radians), L_ROTATE_AREA_MAP,
                                L_BRING_IN_WHITE, out.width, out.height));
  }
  if (!out.picture) {
    out.radians = 0;
    out.picture.reset(pixCopy(nullptr, page.get()));
  }
  return out;
}

void warm_ocr(std::string_view tessdata_folder) {
  setMsgSeverity(L_SEVERITY_NONE);
  const std::string folder(tessdata_folder);
  for (std::size_t i = 0; i < kLanguages.size(); ++i) {
    if (!base::file_exists(folder + "/" + kLanguages[i] + ".traineddata")) continue;
    auto engine = std::make_unique<tesseract::TessBaseAPI>();
    engine->SetVariable("debug_file", "/dev/null");
    if (engine->Init(folder.c_str(), kLanguages[i], tesseract::OEM_LSTM_ONLY) != 0) continue;
    engine->SetPageSegMode(tesseract::PSM_AUTO);
    engines().by_language[i] = std::move(engine);
  }
  if (!base::file_exists(folder + "/osd.traineddata")) return;
  auto script = std::make_unique<tesseract::TessBaseAPI>();
  if (script->Init(folder.c_str(), "osd", tesseract::OEM_TESSERACT_ONLY) == 0)
    engines().script = std::move(script);
}

void PixCloser::operator()(Pix* p) const { pixDestroy(&p); }

Picture grey_picture(const char* pixels, int width, int height, int stride) {
  if (width < 1 || height < 1 || width > 65500 || height > 65500 || stride < width) return {};
  Picture out(pixCreateNoInit(width, height, 8));
  if (!out) return {};
  for (int y = 0; y < height; ++y) {
    const auto* from =
        reinterpret_cast<const unsigned char*>(pixels) + static_cast<std::ptrdiff_t>(y) * stride;
    l_uint32* line = pixGetData(out.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(out.get());
    for (int x = 0; x < width; ++x) SET_DATA_BYTE(line, x, from[x]);
  }
  return out;
}

Picture upright(Picture picture, int orientation) {
  if (!picture || orientation < 2 || orientation > 8) return picture;
  // Quarter turns clockwise, then a mirror from left to right.
  constexpr struct {
    int turns;
    bool mirror;
  } kSteps[] = {{0, false}, {0, false}, {0, true}, {2, false}, {2, true},
                {1, true},  {1, false}, {3, true}, {3, false}};
  const auto step = kSteps[orientation];
  if (step.turns) picture.reset(pixRotateOrth(picture.get(), step.turns));
  if (picture && step.mirror) picture.reset(pixFlipLR(nullptr, picture.get()));
  return picture;
}

struct Recognition::Outcome {
  std::string language, text;
  struct Word {
    std::string text;
    int confidence = 0, x = 0, y = 0, width = 0, height = 0;
  };
  std::vector<Word> words;
  int confidence = 0;  // mean over words
  bool late = false;
  // Words count too: a model of another script may be sure of the few marks it takes for letters.
  double worth() const { return confidence * std::sqrt(1.0 + static_cast<double>(words.size())); }
};

Recognition::Recognition(Sink& sink, const Limits& limits) : sink_(sink), limits_(limits) {}
Recognition::~Recognition() = default;

bool Recognition::ready() {
  for (const auto& e : engines().by_language)
    if (e) return true;
  return false;
}

Recognition::Outcome Recognition::recognise(std::string_view language, Pix* picture) {
  Outcome out;
  tesseract::TessBaseAPI* engine = engines().of(language);
  if (!engine) return out;
  out.language = language;
  show(*engine, picture);
  tesseract::ETEXT_DESC monitor;
  monitor.set_deadline_msecs(kPageMilliseconds);
  const int failed = engine->Recognize(&monitor);
  out.late = failed != 0 || monitor.deadline_exceeded();
  if (const std::unique_ptr<char[]> text{engine->GetUTF8Text()}) out.text = text.get();
  std::uint64_t sum = 0;
  const std::unique_ptr<tesseract::ResultIterator> at(engine->GetIterator());
  if (at) {
    do {
      const std::unique_ptr<char[]> word(at->GetUTF8Text(tesseract::RIL_WORD));
      if (!word || base::trim(word.get()).empty()) continue;
      int left = 0, top = 0, right = 0, bottom = 0;
      at->BoundingBox(tesseract::RIL_WORD, &left, &top, &right, &bottom);
      const int confidence = std::clamp(static_cast<int>(at->Confidence(tesseract::RIL_WORD)), 0, 100);
      sum += static_cast<unsigned>(confidence);
      out.words.push_back({word.get(), confidence, left, top, right - left, bottom - top});
    } while (out.words.size() < 100'000 && at->Next(tesseract::RIL_WORD));
  }
  if (!out.words.empty()) out.confidence = static_cast<int>(sum / out.words.size());
  engine->Clear();
  return out;
}

Recognition::Outcome Recognition::best(Pix* picture, std::string_view script) {
  Outcome first;
  const auto better = [&](std::string_view language) {
    if (language.empty() || language == first.language || !engines().of(language)) return;
    Outcome other = recognise(language, picture);
    if (other.worth() > first.worth()) first = std::move(other);
  };
  if (script == "Arabic") {
    first = recognise("ara", picture);
  } else if (script == "Cyrillic") {
    first = recognise("rus", picture);
    if (first.confidence < 88 || languages_of(first.text).starts_with("uk")) better("ukr");
  } else {
    first = recognise("eng", picture);
    const std::string languages = languages_of(first.text);
    const std::string_view model = model_of(std::string_view(languages).substr(0, 2));
    better(model);
    if (script == "Latin" && first.words.size() >= kWordsOfALanguage && first.confidence < kSure &&
        (model.empty() || first.confidence < kDoubtful))
      better("Latin");
    // Nothing told the script, or it told one without a model here: the other scripts get their try.
    if (script != "Latin" && first.confidence < kLowConfidence) better("rus"), better("ara");
  }
  return first;
}

// Reads a picture at a scale; `page` becomes what was read, upright and level.
Recognition::Outcome Recognition::read(const Picture& given, double scale, Levelled& page) {
  Picture picture(scale == 1 ? pixCopy(nullptr, given.get())
                             : pixScale(given.get(), static_cast<float>(scale), static_cast<float>(scale)));
  Outcome outcome;
  if (!picture) return outcome;
  page = level(picture);
  if (!last_.empty() && page.picture) outcome = recognise(last_, page.picture.get());
  if (outcome.confidence >= 80 || !page.picture) return outcome;
  const Script script = script_of(page.picture.get());
  if (script.turn) {
    picture.reset(pixRotateOrth(picture.get(), script.turn));
    if (picture) page = level(picture);
  }
  if (page.picture) outcome = best(page.picture.get(), script.name);
  return outcome;
}

void Recognition::page(unsigned number, const Pix* given, int dpi) {
  const Picture picture(given ? pixConvertTo8(const_cast<Pix*>(given), 0) : nullptr);
  if (!picture) return;
  const double pixels = static_cast<double>(pixGetWidth(picture.get())) * pixGetHeight(picture.get());
  double scale = pixels > kPixelsMax ? std::sqrt(kPixelsMax / pixels) : 1;
  Levelled page;
  Outcome outcome = read(picture, scale, page);
  if (pixels < kPixelsSmall && (dpi == 0 || dpi < 200)) {
    Levelled larger;
    if (Outcome second = read(picture, 2, larger); second.worth() > outcome.worth())
      outcome = std::move(second), page = std::move(larger), scale = 2;
  }
  if (!page.picture) return;
  if (outcome.late) sink_.finding(Reason::timed_out, "recognition of page " + std::to_string(number));
  last_ = outcome.confidence >= 80 ? outcome.language : std::string();
  if (!outcome.language.empty() && languages_.find(outcome.language) == std::string::npos)
    languages_ += (languages_.empty() ? "" : "+") + outcome.language;
  untold_ |= outcome.words.size() >= kWordsOfALanguage && outcome.confidence < kSure &&
             languages_of(outcome.text).empty();
  for (const auto& w : outcome.words) confidence_sum_ += static_cast<unsigned>(w.confidence);
  word_count_ += outcome.words.size();
  dpi_ = static_cast<int>(dpi * scale);
  ++pages_;
  write_words(number, page, scale, outcome);
  sink_.text(outcome.text);
}

void Recognition::write_words(unsigned number, const Levelled& page, double scale, const Outcome& outcome) {
  if (words_.size() > limits_.text_bytes_max) return;
  const auto back = [&](double v) { return static_cast<int>(v / scale); };
  words_ += words_.empty() ? "{\"pages\":[" : ",";
  base::JsonWriter json(words_);
  json.object().member("page", number).member("width", back(page.width));
  json.member("height", back(page.height)).key("words").array();
  for (const auto& w : outcome.words) {
    json.object().member("t", base::clean(w.text)).member("c", w.confidence).key("b").array();
    double x = w.x + w.width / 2.0, y = w.y + w.height / 2.0;
    if (page.radians != 0) page.back(x, y);
    json.value(back(x - w.width / 2.0))
        .value(back(y - w.height / 2.0))
        .value(back(w.width))
        .value(back(w.height))
        .end_array()
        .end_object();
  }
  json.end_array().end_object();
}

void Recognition::finish() {
  if (pages_ == 0) return;
  const auto mean = static_cast<unsigned>(word_count_ ? confidence_sum_ / word_count_ : 0);
  if (!words_.empty()) sink_.derived("ocr.words", words_ + "]}");
  sink_.machine("tesseract", tesseract::TessBaseAPI::Version(),
                "lang=" + languages_ + ";psm=3" + (dpi_ ? ";dpi=" + std::to_string(dpi_) : std::string()) +
                    ";mean_confidence=" + std::to_string(mean));
  sink_.meta("x.ocr_confidence", std::to_string(mean));
  if (mean < kLowConfidence) sink_.meta("x.ocr_low", "yes");
  if (languages_.find("Latin") != std::string::npos)
    sink_.finding(Reason::unsupported, "recognised by the model of a script, as none of its language fits");
  else if (untold_)
    sink_.finding(Reason::unsupported,
                  "recognised as " + languages_ + ", though its words show no language: read the picture");
}

}  // namespace extract
