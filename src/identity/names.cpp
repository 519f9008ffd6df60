#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>
#include <identity/names.h>
#include <identity/register.h>

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>

namespace identity {
namespace {

using icu::Transliterator;
using icu::UnicodeString;

// Words that are written or left out as the writer likes.
constexpr std::string_view kParticles[] = {"al", "el", "ul", "bin", "ibn", "ben", "bint"};

std::string through(const Transliterator& t, std::string_view text) {
  UnicodeString s =
      UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  t.transliterate(s);
  std::string out;
  s.toUTF8String(out);
  return out;
}

void only_once(std::vector<std::string>& all) {
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

struct Ear::Parts {
  std::unique_ptr<Transliterator> plain, sounds;
};

Ear::Ear() : parts_(new Parts) {
  UErrorCode error = U_ZERO_ERROR;
  parts_->plain.reset(Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
  UParseError where{};
  const std::string_view rules = shipped_sounds();
  parts_->sounds.reset(Transliterator::createFromRules(
      "custos-sounds",
      UnicodeString::fromUTF8(icu::StringPiece(rules.data(), static_cast<std::int32_t>(rules.size()))),
      UTRANS_FORWARD, where, error));
  if (U_FAILURE(error) || !parts_->plain || !parts_->sounds)
    base::fault("data/identity/sounds.txt: ICU says " + std::string(u_errorName(error)) + " near character " +
                std::to_string(where.offset));
}
Ear::~Ear() { delete parts_; }

std::string Ear::version() { return base::hex(base::view(base::sha256(shipped_sounds()))); }

std::vector<std::string> Ear::words(std::string_view name) const {
  std::vector<std::string> out;
  std::string word;
  for (const char c : through(*parts_->plain, name) + " ") {
    if (c >= 'a' && c <= 'z') {
      word += c;
    } else if (c == '\'' || c == '`') {
      continue;  // hamza and ayn as ICU writes them, and O'Neill: no end of a word
    } else if (!word.empty()) {
      out.push_back(std::exchange(word, {}));
    }
  }
  return out;
}
std::string Ear::heard(std::string_view word) const {
  std::string out = through(*parts_->sounds, word);
  return out.empty() ? "=" + std::string(word) : out;
}

Traces Ear::traces(const std::vector<std::string>& names, std::string_view born) const {
  Traces out;
  for (const std::string& name : names) {
    std::vector<std::string> all = words(name);
    if (all.empty()) continue;
    std::vector<std::string> codes;
    std::string run;
    for (const std::string& w : all) {
      if (std::ranges::find(kParticles, w) != std::end(kParticles) && all.size() > 1) continue;
      codes.push_back(heard(w));
      for (const char c : codes.back())
        if (run.empty() || run.back() != c) run += c;
    }
    std::ranges::sort(all);
    std::ranges::sort(codes);
    const std::string same = base::join(all, " ");
    out.same.push_back("same " + same);
    if (!born.empty()) out.certain.push_back("certain " + same + " " + std::string(born));
    out.heard.push_back("heard " + base::join(codes, " "));
    if (run.size() >= 4) out.heard.push_back("run " + run);
    for (std::size_t i = 0; i < codes.size(); ++i)
      for (std::size_t j = i + 1; j < codes.size(); ++j)
        out.heard.push_back("two " + codes[i] + " " + codes[j]);
  }
  for (auto* list : {&out.certain, &out.same, &out.heard}) only_once(*list);
  return out;
}

}  // namespace identity
