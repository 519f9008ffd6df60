#include "tokenize.h"

#include <base/result.h>

#include <unicode/brkiter.h>
#include <unicode/utext.h>

namespace search {

struct Segmenter::Impl {
  std::unique_ptr<icu::BreakIterator> breaks;
  UText text = UTEXT_INITIALIZER;
  std::size_t at = 0;
};

Segmenter::Segmenter() : impl_(std::make_unique<Impl>()) {
  UErrorCode e = U_ZERO_ERROR;
  impl_->breaks.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), e));
  if (U_FAILURE(e)) base::fault("ICU has no word segmentation");
}
Segmenter::~Segmenter() { utext_close(&impl_->text); }

void Segmenter::start(std::string_view run) {
  UErrorCode e = U_ZERO_ERROR;
  utext_openUTF8(&impl_->text, run.data(), static_cast<int64_t>(run.size()), &e);
  impl_->breaks->setText(&impl_->text, e);
  impl_->at = static_cast<std::size_t>(impl_->breaks->first());
}
bool Segmenter::next(std::size_t& begin, std::size_t& end) {
  const int32_t b = impl_->breaks->next();
  if (b == icu::BreakIterator::DONE) return false;
  begin = impl_->at;
  end = impl_->at = static_cast<std::size_t>(b);
  return true;
}
Segmenter& segmenter() {
  thread_local Segmenter s;
  return s;
}

}  // namespace search
