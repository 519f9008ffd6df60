// name_bench [SOURCE [--tell]]: one name against 1,000,000 on one core, how right the answers are on the
// labelled pairs of tests/names, and beside it what is usual: every name turned to Latin letters by ICU, and
// the edit distance of the whole. --tell: the pairs for tuning that go wrong, and both errors at every bound.
#include "labelled.h"

#include <names/index.h>

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>

namespace names {
namespace {

using Clock = std::chrono::steady_clock;

template <class F>
double seconds(F&& f) {
  const auto began = Clock::now();
  f();
  return std::chrono::duration<double>(Clock::now() - began).count();
}
double at(std::vector<double> all, double share) {
  std::ranges::sort(all);
  return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
}

// The spellings of tests/names/variants.tsv, and as many words again that nobody bears.
class Names {
 public:
  explicit Names(const std::string& file) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
      if (line.starts_with('#')) continue;
      const auto f = base::split(line, '\t');
      for (std::size_t c = 2; c < f.size(); ++c)
        for (const auto one : base::split(f[c], '|'))
          (f[1] == "g" ? given_ : family_)[c - 2].emplace_back(one);
    }
    static const std::vector<std::vector<std::string>> kSyllables{
        {"با", "تي", "جو", "دا", "را", "سي", "شا", "عم", "فر", "قا",
         "كم", "لو", "من", "نا", "هي", "ود", "حم", "خل", "زي", "صل"},
        {"ба", "ве", "го", "ди", "жу", "за", "ко", "ла",  "ми",  "не",
         "по", "ру", "си", "ту", "ха", "че", "шо", "лен", "ров", "ник"},
        {"ba", "ve", "go", "di", "ju", "za",  "ko",  "la",  "mi",  "ne",
         "po", "ru", "si", "tu", "ha", "che", "sho", "len", "rov", "nik"},
        {"bou", "va",  "gue", "di",  "cha", "sé",  "co", "la",   "mi",   "né",
         "po",  "rou", "si",  "tra", "ha",  "che", "jo", "lain", "reau", "nic"}};
    for (std::size_t c = 0; c < 4; ++c)
      for (int i = 0; i < 60'000; ++i) {
        std::string word;
        for (int n = 2 + static_cast<int>(draw_() % 3); n > 0; --n) word += kSyllables[c][draw_() % 20];
        made_[c].push_back(std::move(word));
      }
  }
  std::string next() {
    const std::size_t c = draw_() % 4;
    std::string out = of(given_[c]);
    if (draw_() % 3 == 0) out += " " + of(draw_() % 2 ? given_[c] : made_[c]);
    return out + " " + of(draw_() % 4 == 0 ? family_[c] : made_[c]);
  }

 private:
  const std::string& of(const std::vector<std::string>& all) { return all[draw_() % all.size()]; }
  std::vector<std::string> given_[4], family_[4], made_[4];
  std::mt19937 draw_{20261128};
};

class Usual {
 public:
  Usual() {
    UErrorCode error = U_ZERO_ERROR;
    any_.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
  }
  std::string latin(const std::string& name) const {
    icu::UnicodeString s = icu::UnicodeString::fromUTF8(name);
    any_->transliterate(s);
    std::string out;
    s.toUTF8String(out);
    std::vector<std::string> words;
    for (const auto w : base::split(out, ' ')) words.emplace_back(w);
    std::ranges::sort(words);
    return base::join(words, " ");
  }
  static double alike(std::string_view a, std::string_view b) {
    std::array<std::uint16_t, 256> row{};
    a = a.substr(0, 255), b = b.substr(0, 255);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<std::uint16_t>(j);
    for (std::size_t i = 0; i < a.size(); ++i) {
      std::uint16_t before = row[0]++;
      for (std::size_t j = 0; j < b.size(); ++j) {
        const auto cost = std::min<int>(std::min(row[j], row[j + 1]) + 1, before + (a[i] != b[j]));
        before = std::exchange(row[j + 1], static_cast<std::uint16_t>(cost));
      }
    }
    return 1 - double(row[b.size()]) / static_cast<double>(std::max<std::size_t>({a.size(), b.size(), 1}));
  }

 private:
  std::unique_ptr<icu::Transliterator> any_;
};

struct Scored {
  const Labelled* of;
  double ours, usual;
};
Tally tally(const std::vector<Scored>& all, std::string_view half, std::string_view script,
            double Scored::*score, double least) {
  Tally t;
  for (const Scored& s : all)
    if (s.of->half == half && (script.empty() || s.of->script == script))
      t.take(s.of->match, s.*score >= least);
  return t;
}

int run(int argc, char** argv) {
  const std::string folder = std::string(argc > 1 ? argv[1] : ".") + "/tests/names/";
  const bool tell = argc > 2 && !std::strcmp(argv[2], "--tell");
  const Speller& s = speller();
  const Usual usual;
  const std::vector<Labelled> pairs = labelled(folder + "pairs.tsv");
  std::vector<Scored> scored;
  for (const Labelled& l : pairs)
    scored.push_back({&l, s.compare(s.read(l.one), s.read(l.other)).score,
                      Usual::alike(usual.latin(l.one), usual.latin(l.other))});
  // Its bound is chosen as ours was: where both errors together are least on the pairs for tuning.
  double bound = 0, best = -1;
  for (double least = 0.3; least < 1; least += 0.01) {
    const Tally t = tally(scored, "tune", "", &Scored::usual, least);
    if (const double f = 2.0 * t.found / (2 * t.found + t.wrong + t.missed); f > best)
      best = f, bound = least;
  }
  if (tell) {
    for (const Scored& x : scored)
      if (x.of->half == "tune" && (x.ours >= s.match()) != x.of->match)
        std::printf("%s %.3f %s | %s (%s)\n", x.of->match ? "missed" : "wrong ", x.ours, x.of->one.c_str(),
                    x.of->other.c_str(), x.of->change.c_str());
    for (int least = 60; least <= 86; least += 2) {
      const Tally t = tally(scored, "tune", "", &Scored::ours, least / 100.0);
      std::printf("tune at %.2f: recall %.4f precision %.4f\n", least / 100.0, t.recall(), t.precision());
    }
    return 0;
  }

  constexpr std::uint32_t kNames = 1'000'000;
  Names drawn(folder + "variants.tsv");
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < kNames; ++i) all.push_back(drawn.next());
  Index index(s);
  const double made = seconds([&] {
    for (std::uint32_t i = 0; i < kNames; ++i) index.put(i, {s.read(all[i])});
  });
  std::vector<double> took;
  std::size_t answers = 0;
  for (std::size_t i = 0; i < pairs.size(); i += 4)
    took.push_back(1e3 * seconds([&] { answers += index.find(s.read(pairs[i].one)).size(); }));

  std::vector<std::string> latin;
  for (std::uint32_t i = 0; i < kNames; i += 10) latin.push_back(usual.latin(all[i]));
  std::vector<double> usual_took;
  for (std::size_t i = 0; i < pairs.size(); i += 100)  // a tenth of the names, ten times
    usual_took.push_back(1e4 * seconds([&] {
                           const std::string name = usual.latin(pairs[i].one);
                           for (const std::string& each : latin) answers += Usual::alike(name, each) >= bound;
                         }));

  std::string out;
  const auto add = [&](const char* name, double v) {
    char text[96];
    std::snprintf(text, sizeof text, "%s\"%s\":%.4g", out.empty() ? "{" : ",", name, v);
    out += text;
  };
  add("names", kNames), add("names_made_s", made), add("names_mb", static_cast<double>(index.bytes()) / 1e6);
  add("query_p50_ms", at(took, 0.5)), add("query_p95_ms", at(took, 0.95)), add("query_max_ms", at(took, 1));
  add("answers", static_cast<double>(answers));
  for (const char* script : {"", "arabic", "cyrillic", "latin"}) {
    const std::string of = *script ? std::string("_") + script : "";
    const Tally t = tally(scored, "test", script, &Scored::ours, s.match());
    add(("recall" + of).c_str(), t.recall()), add(("precision" + of).c_str(), t.precision());
  }
  const Tally u = tally(scored, "test", "", &Scored::usual, bound);
  add("usual_recall", u.recall()), add("usual_precision", u.precision());
  add("usual_p50_ms", at(usual_took, 0.5)), add("usual_p95_ms", at(usual_took, 0.95));
  add("times_faster", at(usual_took, 0.5) / at(took, 0.5));
  std::printf("%s}\n", out.c_str());
  return 0;
}

}  // namespace
}  // namespace names

int main(int argc, char** argv) { return names::run(argc, argv); }
