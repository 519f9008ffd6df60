#include "fold.h"

#include <base/text.h>
#include <search/query.h>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <memory>
#include <vector>

namespace search {
namespace {

// Letters whose accent is a letter of its own right to readers of that language.
bool keeps_marks(char32_t c) {
  return c == 0x0439 || c == 0x0419 || c == 0x0457 || c == 0x0407 || c == 0x045E || c == 0x040E;
}

char32_t arabic(char32_t c) {
  switch (c) {
    case 0x0622:
    case 0x0623:
    case 0x0625:
    case 0x0671: return 0x0627;  // alef with hamza, madda, wasla
    case 0x0649:
    case 0x06CC: return 0x064A;  // alef maksura, Farsi yeh
    case 0x0629: return 0x0647;  // teh marbuta
    case 0x06A9: return 0x0643;  // keheh
    case 0x0640: return 0;       // tatweel
    default: return c;
  }
}

std::string slow_fold(char32_t c) {
  std::string out;
  if (keeps_marks(c)) {
    base::append_utf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
    return out;
  }
  UErrorCode e = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(e);
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(e);
  if (U_FAILURE(e)) return out;
  const icu::UnicodeString f =
      nfd->normalize(casefold->normalize(icu::UnicodeString(static_cast<UChar32>(c)), e), e);
  for (int i = 0; i < f.length(); i = f.moveIndex32(i, 1)) {
    const auto p = static_cast<char32_t>(f.char32At(i));
    if (u_charType(static_cast<UChar32>(p)) == U_NON_SPACING_MARK) {
      // Marks of Indic and South-East Asian scripts are vowels; those of the others are accents.
      const UScriptCode s = uscript_getScript(static_cast<UChar32>(p), &e);
      if (s == USCRIPT_INHERITED || s == USCRIPT_ARABIC || s == USCRIPT_HEBREW || s == USCRIPT_CYRILLIC ||
          s == USCRIPT_GREEK)
        continue;
    }
    if (const char32_t a = arabic(p)) base::append_utf8(out, a == 0x00DF ? U's' : a);
  }
  return out;
}

Class slow_class(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  const int8_t t = u_charType(u);
  const bool letter = u_isalnum(u) || t == U_NON_SPACING_MARK || t == U_COMBINING_SPACING_MARK ||
                      c == 0x0640 || t == U_LETTER_NUMBER;
  if (!letter) return Class::gap;
  UErrorCode e = U_ZERO_ERROR;
  switch (uscript_getScript(u, &e)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return Class::segmented;
    default: return Class::word;
  }
}

struct Tables {
  std::vector<Class> classes = std::vector<Class>(0x10000);
  std::vector<char16_t> fold1 =
      std::vector<char16_t>(0x10000);  // one code unit, 0 dropped, 0xFFFF: ask slow_fold
  std::vector<char16_t> lower1 = std::vector<char16_t>(0x10000);
  Tables() {
    for (char32_t c = 0; c < 0x10000; ++c) {
      classes[c] = slow_class(c);
      lower1[c] = static_cast<char16_t>(u_tolower(static_cast<UChar32>(c)));
      if (c < 0x80) {
        fold1[c] = lower1[c];
        continue;
      }
      if (classes[c] == Class::gap || (c >= 0xAC00 && c < 0xD7A4) || (c >= 0x4E00 && c < 0xA000)) {
        fold1[c] = static_cast<char16_t>(c);
        continue;
      }
      const std::u32string f = base::utf32(slow_fold(c));
      fold1[c] = f.empty() ? u'\0' : f.size() == 1 && f[0] < 0xFFFF ? static_cast<char16_t>(f[0]) : u'\uFFFF';
    }
  }
};
const Tables& tables() {
  static const Tables t;
  return t;
}

}  // namespace

Class class_of(char32_t c) {
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? Class::word
                                                                                      : Class::gap;
  return c < 0x10000 ? tables().classes[c] : slow_class(c);
}
void fold_into(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return;
  }
  const char16_t f = c < 0x10000 ? tables().fold1[c] : u'\uFFFF';
  if (f == u'\uFFFF')
    out += slow_fold(c);
  else if (f)
    base::append_utf8(out, f);
}
void lower_into(std::string& out, char32_t c) {
  base::append_utf8(
      out, c < 0x10000 ? tables().lower1[c] : static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))));
}
std::string folded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) fold_into(out, base::next_code_point(s, i));
  return out;
}

std::string caseless(std::string_view utf8) {
  UErrorCode e = U_ZERO_ERROR;
  const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(e);
  std::string out;
  if (U_SUCCESS(e))
    casefold->normalize(icu::UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())}), e)
        .toUTF8String(out);
  if (U_FAILURE(e)) base::fault("Unicode tables: " + std::string(u_errorName(e)));
  return out;
}

}  // namespace search
