// Only the first bytes are looked at: the languages of a document show early, and every text passes here.
#include <extract/detect.h>

#include <base/text.h>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

namespace extract {

std::string languages_of(std::string_view utf8) {
  constexpr std::size_t kBytes = 8 * 1024, kBytesMin = 20;
  const std::string head = base::clean(base::cut(utf8, kBytes));
  if (base::trim(head).size() < kBytesMin) return {};
  CLD2::Language found[3];
  int percent[3] = {};
  int text_bytes = 0;
  bool reliable = false;
  const CLD2::CLDHints hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  double score[3] = {};
  CLD2::ExtDetectLanguageSummary(head.data(), static_cast<int>(head.size()), true, &hints, 0, found, percent,
                                 score, nullptr, &text_bytes, &reliable);
  std::string out;
  for (int i = 0; i < 3; ++i) {
    if (found[i] == CLD2::UNKNOWN_LANGUAGE || percent[i] < 10 || (i == 0 && !reliable && percent[i] < 60))
      break;
    std::string_view code = CLD2::LanguageCode(found[i]);
    code = code.substr(0, code.find('-'));
    if (code == "iw") code = "he";
    if (code.size() != 2 || out.find(code) != std::string::npos) continue;
    if (!out.empty()) out += ' ';
    out += code;
  }
  return out;
}

}  // namespace extract
