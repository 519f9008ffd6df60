#pragma once
// Words of a text, in order, each with its place in bytes. One tokenizer serves indexing, queries and
// excerpts, so what is found is what is shown.

#include "fold.h"

#include <base/text.h>

#include <memory>
#include <string>
#include <string_view>

namespace search {

inline constexpr std::size_t kWordBytesMax =
    120;  // a longer run of letters is several words, in texts and queries alike

struct Word {
  std::string_view exact;  // folded
  std::string_view lower;  // for stemming; same view as exact when nothing was folded away
  std::size_t begin, end;  // in the text
};

// ICU's dictionary segmentation, made once a thread.
class Segmenter {
 public:
  Segmenter();
  ~Segmenter();
  // Calls out(begin, end) in bytes for each word of a run.
  template <class F>
  void each(std::string_view run, F&& out) {
    start(run);
    std::size_t b, e;
    while (next(b, e)) out(b, e);
  }

 private:
  void start(std::string_view run);
  bool next(std::size_t& begin, std::size_t& end);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
Segmenter& segmenter();

namespace detail {

template <class F>
bool emit(std::string_view text, std::size_t begin, std::size_t end, std::string& exact, std::string& lower,
          F&& word) {
  exact.clear(), lower.clear();
  bool same = true;
  for (std::size_t i = begin; i < end;) {
    const char32_t c = base::next_code_point(text, i);
    fold_into(exact, c);
    if (c < 0x80)
      lower += exact.back();
    else
      lower_into(lower, c), same = false;
  }
  if (exact.empty()) return true;
  return word(Word{exact, same ? std::string_view(exact) : std::string_view(lower), begin, end});
}

}  // namespace detail

// word(Word) -> bool: false stops.
template <class F>
void each_word(std::string_view text, F&& word) {
  std::string exact, lower;
  std::size_t i = 0;
  const std::size_t n = text.size();
  while (i < n) {
    const auto b = static_cast<unsigned char>(text[i]);
    // The usual case first: a word of ASCII letters and digits.
    if (b < 0x80) {
      if (class_of(b) == Class::gap) {
        ++i;
        continue;
      }
      const std::size_t begin = i;
      exact.clear();
      while (i < n && i - begin < kWordBytesMax) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80 || class_of(c) == Class::gap) break;
        exact += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        ++i;
      }
      bool more = false;
      if (i < n && static_cast<unsigned char>(text[i]) >= 0x80 && i - begin < kWordBytesMax) {
        std::size_t at = i;
        more = class_of(base::next_code_point(text, at)) == Class::word;
      }
      if (!more) {
        if (!word(Word{exact, exact, begin, i})) return;
        continue;
      }
      while (i < n && i - begin < kWordBytesMax) {
        std::size_t at = i;
        if (class_of(base::next_code_point(text, at)) != Class::word) break;
        i = at;
      }
      if (!detail::emit(text, begin, i, exact, lower, word)) return;
      continue;
    }
    std::size_t at = i;
    const Class c = class_of(base::next_code_point(text, at));
    if (c == Class::gap) {
      i = at;
      continue;
    }
    const std::size_t begin = i;
    i = at;
    const std::size_t most = c == Class::segmented ? 4096 : kWordBytesMax;
    while (i < n && i - begin < most) {
      at = i;
      if (class_of(base::next_code_point(text, at)) != c) break;
      i = at;
    }
    if (c == Class::word) {
      if (!detail::emit(text, begin, i, exact, lower, word)) return;
      continue;
    }
    bool go = true;
    segmenter().each(text.substr(begin, i - begin), [&](std::size_t from, std::size_t to) {
      if (go) go = detail::emit(text, begin + from, begin + to, exact, lower, word);
    });
    if (!go) return;
  }
}

}  // namespace search
