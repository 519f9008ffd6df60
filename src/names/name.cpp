#include "table.h"

#include <base/result.h>
#include <base/text.h>

#include <boost/json.hpp>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace names {
namespace {

namespace json = boost::json;

constexpr std::string_view kVowels = "aeiou";
bool vowel(char sign) { return kVowels.find(sign) != std::string_view::npos; }

int thousandths(const json::value& v) {
  return static_cast<int>(std::lround(v.to_number<double>() * kWhole));
}
std::string_view text(const json::value& v) { return {v.get_string().data(), v.get_string().size()}; }

void read_costs(const json::object& o, Speller::Table& t) {
  const std::string_view signs = text(o.at("signs"));
  t.place.fill(0);  // 0 is a sign that nothing is like
  for (std::size_t i = 0; i < signs.size(); ++i)
    t.place[static_cast<std::size_t>(signs[i])] = static_cast<int>(i) + 1;
  const auto at = [&](char sign) { return static_cast<std::size_t>(t.at(sign)); };
  Costs& plain = t.costs[0];
  plain.drop_a.fill(kWhole);
  for (const auto& each : o.at("drop").get_array())
    for (const char sign : text(each.at(0))) plain.drop_a[at(sign)] = thousandths(each.at(1));
  plain.drop_b = plain.drop_a;
  for (auto& row : plain.swap) row.fill(kWhole * 12 / 10);
  for (const char a : signs)
    for (const char b : signs)
      plain.swap[at(a)][at(b)] = a == b                 ? 0
                                 : vowel(a) && vowel(b) ? thousandths(o.at("other_vowels"))
                                 : vowel(a) == vowel(b) ? kWhole
                                                        : kWhole * 12 / 10;
  for (const auto& each : o.at("swap").get_array()) {
    const std::size_t a = at(text(each.at(0))[0]), b = at(text(each.at(0))[1]);
    plain.swap[a][b] = plain.swap[b][a] = thousandths(each.at(1));
  }
  // A script without short vowels beside one that has them: vowels are added for little, but a letter that
  // stands for a long vowel is not left out as easily.
  const json::object& bare = o.at("bare").get_object();
  Costs& c = t.costs[1];
  c = plain;
  for (const auto& each : bare.at("added").get_array())
    for (const char sign : text(each.at(0))) c.drop_b[at(sign)] = thousandths(each.at(1));
  for (const auto& each : bare.at("left_out").get_array())
    for (const char sign : text(each.at(0))) c.drop_a[at(sign)] = thousandths(each.at(1));
  const int other = thousandths(o.at("other_vowels"));
  for (const char a : kVowels)
    for (const char b : kVowels)
      if (int& cost = c.swap[at(a)][at(b)]; cost >= other) cost = thousandths(bare.at("other_vowels"));
  t.costs[2].drop_a = c.drop_b, t.costs[2].drop_b = c.drop_a;
  for (std::size_t a = 0; a < kSigns; ++a)
    for (std::size_t b = 0; b < kSigns; ++b) t.costs[2].swap[a][b] = c.swap[b][a];
}

void read_letters(std::string_view file, Speller::Table& t) {
  for (const std::string_view line : base::split(file, '\n')) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos)
      base::fault("data/names/letters.txt: no sign in \"" + std::string(line) + "\"");
    std::string_view from = line.substr(0, space), to = line.substr(space + 1);
    const std::size_t where = from.starts_with('^') ? 1 : from.ends_with('$') ? 2 : 0;
    if (where == 1) from.remove_prefix(1);
    if (where == 2) from.remove_suffix(1);
    std::u32string letters = base::utf32(from);
    t.longest = std::max(t.longest, letters.size());
    t.letters[where][std::move(letters)] = to == "-" ? "" : to;
  }
}

std::unordered_set<std::string> words_in(const json::object& o, const char* name) {
  std::unordered_set<std::string> out;
  for (const auto& w : o.at(name).get_array()) out.emplace(text(w));
  return out;
}

bool arabic(char32_t c) { return c >= 0x600 && c <= 0x6FF; }
bool without_vowels(char32_t c) { return c >= 0x590 && c <= 0x7FF; }  // Hebrew, Arabic, Syriac
bool apostrophe(char32_t c) {
  return c == '\'' || c == '`' || c == 0x2019 || c == 0x2018 || (c >= 0x2B9 && c <= 0x2CF);
}

// In lower case and composed, without marks that only Arabic and Hebrew put above letters.
std::u32string folded(std::string_view name) {
  if (std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) < 128; })) {
    std::u32string out;
    for (const char c : name) out += static_cast<char32_t>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return out;
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* compose = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::UnicodeString s = compose->normalize(
      icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<std::int32_t>(name.size()))),
      error);
  std::u32string out;
  for (std::int32_t i = 0; i < s.length(); i = s.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(s.char32At(i));
    if (u_charType(static_cast<UChar32>(c)) != U_NON_SPACING_MARK && c != 0x640) out += c;
  }
  return out;
}

char32_t without_mark(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString parts;
  if (icu::Normalizer2::getNFDInstance(error)->getDecomposition(static_cast<UChar32>(c), parts))
    return static_cast<char32_t>(parts.char32At(0));
  return c;
}

std::string utf8(std::u32string_view s) {
  std::string out;
  for (const char32_t c : s) base::append_utf8(out, c);
  return out;
}

std::u32string in_latin(std::u32string_view s) {
  static const std::unique_ptr<icu::Transliterator> any = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> t(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    CHECK(t && U_SUCCESS(error));
    return t;
  }();
  icu::UnicodeString u = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(s.data()),
                                                       static_cast<std::int32_t>(s.size()));
  any->transliterate(u);
  std::string out;
  u.toUTF8String(out);
  std::erase_if(out, [](char c) { return c < 'a' || c > 'z'; });
  return base::utf32(out);
}

// Signs of a word; nothing when it has a letter that is not known.
std::optional<std::string> heard(const Speller::Table& t, std::u32string_view word) {
  std::string out;
  const auto take = [&](const std::string& signs) {
    for (const char sign : signs)
      if (out.empty() || out.back() != sign) out += sign;
  };
  for (std::size_t at = 0; at < word.size();) {
    std::size_t met = 0;
    for (std::size_t n = std::min(t.longest, word.size() - at); n && !met; --n) {
      const std::u32string letters(word.substr(at, n));
      for (const std::size_t where : {std::size_t{1}, std::size_t{2}, std::size_t{0}}) {
        if ((where == 1 && at) || (where == 2 && at + n != word.size())) continue;
        if (const auto found = t.letters[where].find(letters); found != t.letters[where].end()) {
          take(found->second), met = n;
          break;
        }
      }
    }
    if (met) {
      at += met;
      continue;
    }
    const auto found = t.letters[0].find(std::u32string(1, without_mark(word[at])));
    if (found == t.letters[0].end()) return {};
    take(found->second), ++at;
  }
  return out;
}

std::string sound_of(const Speller::Table& t, std::u32string_view word) {
  auto signs = heard(t, word);
  if (!signs) signs = heard(t, in_latin(word));
  return signs.value_or("");
}

// An article that is written together with its word.
std::u32string_view without_article(std::u32string_view word) {
  if (word.size() >= 5 && word.starts_with(U"ال")) return word.substr(2);
  const auto closed = [&](std::size_t at) {
    return std::u32string_view(U"bcdfghjkmnpqrstvwxz").find(word[at]) != std::u32string_view::npos;
  };
  if (word.size() >= 6 && (word.starts_with(U"al") || word.starts_with(U"el")) && closed(2))
    return word.substr(2);
  return word;
}

std::uint64_t number_of(std::string_view word) {  // FNV-1a
  std::uint64_t h = 14695981039346656037u;
  for (const char c : word) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return h ^ h >> 29;
}

int alone(const std::array<int, kSigns>& drop, const Speller::Table& t, std::string_view sound) {
  int out = 0;
  for (const char sign : sound) out += drop[static_cast<std::size_t>(t.at(sign))];
  return out;
}

int word_alike(const Speller::Table& t, const Word& a, const Word& b) {
  if (a.initial || b.initial) {
    if (a.initial && b.initial) return a.sound == b.sound ? kWhole : 0;
    return t.begins_alike(a.sound[0], b.sound[0]);
  }
  if (a.sound == b.sound) return kWhole;
  const Costs& c = t.between(a.bare, b.bare);
  std::array<int, kLettersMax * 4 + 1> row{};
  for (std::size_t j = 0; j < b.sound.size(); ++j)
    row[j + 1] = row[j] + c.drop_b[static_cast<std::size_t>(t.at(b.sound[j]))];
  for (const char sign : a.sound) {
    const auto s = static_cast<std::size_t>(t.at(sign));
    int before = row[0];
    row[0] += c.drop_a[s];
    for (std::size_t j = 0; j < b.sound.size(); ++j) {
      const auto m = static_cast<std::size_t>(t.at(b.sound[j]));
      const int cost = std::min({before + c.swap[s][m], row[j + 1] + c.drop_a[s], row[j] + c.drop_b[m]});
      before = std::exchange(row[j + 1], cost);
    }
  }
  return t.likeness(row[b.sound.size()], alone(c.drop_a, t, a.sound), alone(c.drop_b, t, b.sound));
}

}  // namespace

std::size_t Name::needed() const {
  const auto n =
      static_cast<std::size_t>(std::ranges::count_if(words, [](const Word& w) { return !w.optional; }));
  return n ? n : words.size();
}

const char* name_of(How how) {
  static constexpr const char* kNames[] = {"same",    "transliterated", "sounds",  "near",
                                           "initial", "only_asked",     "only_met"};
  return kNames[static_cast<std::size_t>(how)];
}

Speller::Speller() {
  auto t = std::make_unique<Table>();
  const json::value data =
      json::parse(json::string_view(shipped_matching().data(), shipped_matching().size()));
  const json::object& o = data.get_object();
  read_costs(o, *t);
  read_letters(shipped_letters(), *t);
  t->articles = words_in(o, "articles"), t->before_hyphen = words_in(o, "articles_before_hyphen");
  t->optional = words_in(o, "optional");
  t->next = words_in(o, "join_next"), t->previous = words_in(o, "join_previous");
  const json::object& word = o.at("word").get_object();
  t->word_least = thousandths(word.at("least")), t->word_sounds = thousandths(word.at("sounds"));
  t->initial = thousandths(word.at("initial"));
  const json::object& name = o.at("name").get_object();
  t->other_letters = thousandths(name.at("other_letters")), t->missing = thousandths(name.at("missing"));
  t->single = thousandths(name.at("single")), t->weakest = thousandths(name.at("weakest"));
  t->least = thousandths(o.at("least")), t->match = thousandths(o.at("match"));
  table_ = std::move(t);
}
Speller::~Speller() = default;

double Speller::least() const { return table_->least / double{kWhole}; }
double Speller::match() const { return table_->match / double{kWhole}; }

Name Speller::read(std::string_view text) const {
  struct Piece {
    std::u32string letters;
    bool hyphen = false;  // behind it
  };
  std::vector<Piece> pieces;
  bool open = false;
  for (const char32_t c : folded(text)) {
    if (apostrophe(c)) continue;
    const bool letter = c < 128 ? (c >= 'a' && c <= 'z') : u_isalpha(static_cast<UChar32>(c));
    if (!letter) {
      if (open && (c == '-' || c == 0x2010 || c == 0x2011)) pieces.back().hyphen = true;
      open = false;
      continue;
    }
    if (!open) pieces.emplace_back();
    open = true;
    if (pieces.back().letters.size() < kLettersMax) pieces.back().letters += c;
  }
  Name out;
  std::u32string joined;  // what goes with the next word
  for (std::size_t i = 0; i < pieces.size() && out.words.size() < kWordsMax; ++i) {
    const Piece& p = pieces[i];
    const std::string written = utf8(p.letters);
    const bool last = i + 1 == pieces.size();
    if (!last &&
        (table_->articles.contains(written) || (p.hyphen && table_->before_hyphen.contains(written))))
      continue;
    if (!last && table_->next.contains(written)) {
      joined += p.letters;
      continue;
    }
    std::u32string_view own = p.letters;
    if (table_->previous.contains(written) && joined.empty() && !out.words.empty() &&
        !out.words.back().optional) {
      Word& w = out.words.back();
      const std::u32string whole = base::utf32(w.written + written);
      std::string sound = sound_of(*table_, whole);
      if (whole.size() > kLettersMax || sound.empty()) continue;
      w.written = utf8(whole), w.sound = sound.substr(0, kLettersMax * 3), w.initial = false;
      continue;
    }
    if (joined.empty() || arabic(own[0])) own = without_article(own);
    std::u32string whole = std::exchange(joined, {});
    const bool part = !whole.empty();
    whole += own;
    whole.resize(std::min(whole.size(), kLettersMax));
    Word w;
    w.written = utf8(whole), w.sound = sound_of(*table_, whole);
    w.bare = without_vowels(whole[0]);
    w.optional = !part && table_->optional.contains(written);
    w.initial = whole.size() == 1;
    w.sound.resize(std::min(w.sound.size(), kLettersMax * 3));
    if (!w.sound.empty()) out.words.push_back(std::move(w));
  }
  for (const Word& w : out.words) out.letters += number_of(w.written);
  return out;
}

double Speller::alike(const Word& a, const Word& b) const {
  return word_alike(*table_, a, b) / double{kWhole};
}

Paired paired(const Speller::Table& t, const Grid& g, bool same_letters) {
  // Every way to pair them, best from the last word on: of few words there are few.
  struct Best {
    int sum = -1, least = 0, with = -1;
  };
  const std::size_t sets = std::size_t{1} << g.met;
  std::vector<Best> best((g.asked + 1) * sets);
  const std::size_t pairs = std::min(g.asked, g.met);
  for (std::size_t s = 0; s < sets; ++s) best[g.asked * sets + s] = {0, kWhole, -1};
  for (std::size_t i = g.asked; i-- > 0;)
    for (std::size_t s = 0; s < sets; ++s) {
      Best& b = best[i * sets + s];
      b = best[(i + 1) * sets + s], b.with = -1;
      for (std::size_t j = 0; j < g.met; ++j) {
        const int alike = g.alike[i][j];
        if (!alike || s >> j & 1) continue;
        const Best& rest = best[(i + 1) * sets + (s | std::size_t{1} << j)];
        const int sum = rest.sum + alike, least = std::min(rest.least, alike);
        if (sum > b.sum || (sum == b.sum && least > b.least)) b = {sum, least, static_cast<int>(j)};
      }
    }
  Paired out;
  out.with.fill(-1);
  std::size_t s = 0, n = 0;
  for (std::size_t i = 0; i < g.asked; ++i) {
    const int j = best[i * sets + s].with;
    out.with[i] = j;
    if (j < 0) continue;
    ++n, s |= std::size_t{1} << j;
  }
  // Whichever way equal words are paired: so it is the same from both sides.
  bool whole = false;
  for (std::size_t i = 0; i < g.asked; ++i)
    for (std::size_t j = 0; j < g.met; ++j)
      whole = whole || (g.alike[i][j] && !g.asked_initial[i] && !g.met_initial[j]);
  if (same_letters) {
    out.score = kWhole;
  } else if (whole) {  // an initial alone is no name
    const int reached = reach(t, g.asked, g.met, best[0].sum);
    const int least = n == pairs ? best[0].least : 0;
    out.score =
        std::min(t.other_letters, reached * (kWhole - t.weakest * (kWhole - least) / kWhole) / kWhole);
  }
  return out;
}

int reach(const Speller::Table& t, std::size_t asked, std::size_t met, int sum) {
  const int fewer = static_cast<int>(std::min(asked, met)), more = static_cast<int>(std::max(asked, met));
  if (!fewer) return 0;
  int score = std::min(sum / fewer, kWhole) * (kWhole - t.missing * (more - fewer) / more) / kWhole;
  if (fewer == 1 && more > 1) score = score * t.single / kWhole;
  return score;
}

Match Speller::compare(const Name& asked, const Name& met) const {
  const auto needed = [](const Name& n) {
    std::vector<const Word*> out;
    for (const Word& w : n.words)
      if (!w.optional) out.push_back(&w);
    if (out.empty())
      for (const Word& w : n.words) out.push_back(&w);
    return out;
  };
  const auto a = needed(asked), b = needed(met);
  Grid g;
  g.asked = a.size(), g.met = b.size();
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; j < b.size(); ++j) g.alike[i][j] = word_alike(*table_, *a[i], *b[j]);
  for (std::size_t i = 0; i < a.size(); ++i) g.asked_initial[i] = a[i]->initial;
  for (std::size_t j = 0; j < b.size(); ++j) g.met_initial[j] = b[j]->initial;
  const Paired p = paired(*table_, g, asked.letters == met.letters && !a.empty() && !b.empty());
  Match out;
  out.score = p.score / double{kWhole};
  std::vector<bool> used(b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (p.with[i] < 0) {
      out.parts.push_back({a[i]->written, "", How::only_asked, 0});
      continue;
    }
    const auto j = static_cast<std::size_t>(p.with[i]);
    used[j] = true;
    const int alike = g.alike[i][j];
    const How how = a[i]->written == b[j]->written   ? How::same
                    : a[i]->initial || b[j]->initial ? How::initial
                    : alike == kWhole && (static_cast<unsigned char>(a[i]->written[0]) < 0xC8) !=
                                             (static_cast<unsigned char>(b[j]->written[0]) < 0xC8)
                        ? How::transliterated
                    : alike >= table_->word_sounds ? How::sounds
                                                   : How::near;
    out.parts.push_back({a[i]->written, b[j]->written, how, alike / double{kWhole}});
  }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (!used[j]) out.parts.push_back({"", b[j]->written, How::only_met, 0});
  return out;
}

const Speller& speller() {
  static const Speller one;
  return one;
}

}  // namespace names
