#include "expand.h"
#include "tokenize.h"

#include <base/text.h>
#include <search/index.h>

#include <functional>

namespace search {
namespace {

struct Wanted {  // one phrase of the query
  std::vector<const Term*> terms;
  std::vector<std::vector<std::string>> lists;
  std::uint64_t progress = 0;  // bit k: the last k+1 words are the first k+1 terms
};

void collect(const Node& n, std::vector<Wanted>& out, std::vector<Stemmer>& stemmers) {
  if (n.kind == Node::Kind::negation) return;
  if (n.kind == Node::Kind::phrase && (n.column.empty() || n.column == "body")) {
    Wanted w;
    for (const Term& t : n.terms) {
      if (w.terms.size() == 64) break;
      w.terms.push_back(&t);
      w.lists.push_back(forms(t, stemmers));
    }
    out.push_back(std::move(w));
  }
  for (const auto& c : n.children) collect(*c, out, stemmers);
}

bool fits(const Term& t, const std::vector<std::string>& list, const Word& w, std::string_view marked) {
  switch (t.kind) {
    case Term::Kind::exact: return w.exact == t.word;
    case Term::Kind::prefix: return w.exact.substr(0, t.word.size()) == t.word;
    case Term::Kind::wildcard: return fits_wildcard(t.word, w.exact);
    case Term::Kind::fuzzy: return within_distance(base::utf32(t.word), base::utf32(w.exact), t.distance);
    case Term::Kind::stemmed:
      for (const std::string& f : list)
        if (f == w.exact || f == marked) return true;
  }
  return false;
}

// Walks a text and says where the phrases of a query stand.
class Looker {
 public:
  Looker(const Node& query, const std::vector<std::string>& languages) {
    if (!languages.empty() && stem_mark(languages[0])) stemmers_.emplace_back(languages[0]);
    collect(query, wanted_, stemmers_);
  }
  void each(std::string_view text, const std::function<bool(std::size_t begin, std::size_t end)>& hit) {
    std::size_t begins[64]{}, at = 0;
    each_word(text, [&](const Word& w) {
      begins[at % 64] = w.begin;
      mark(w);
      for (Wanted& p : wanted_) {
        std::uint64_t mask = 0;
        for (std::size_t k = 0; k < p.terms.size(); ++k)
          if ((k == 0 || (p.progress >> (k - 1) & 1)) && fits(*p.terms[k], p.lists[k], w, marked_))
            mask |= 1ull << k;
        p.progress = mask;
        if (mask >> (p.terms.size() - 1) & 1)
          if (!hit(begins[(at + 1 - p.terms.size()) % 64], w.end)) return false;
      }
      ++at;
      return true;
    });
  }
  // Does the word fit any word that is wanted?
  bool one(const Word& w) {
    mark(w);
    for (const Wanted& p : wanted_)
      for (std::size_t k = 0; k < p.terms.size(); ++k)
        if (fits(*p.terms[k], p.lists[k], w, marked_)) return true;
    return false;
  }

 private:
  void mark(const Word& w) {
    marked_.clear();
    if (!stemmers_.empty() && w.lower.size() > 3)
      marked_.assign(1, stemmers_[0].mark()).append(stemmers_[0].stem(w.lower));
  }
  std::vector<Stemmer> stemmers_;
  std::vector<Wanted> wanted_;
  std::string marked_;
};

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> hits_in(const Node& query, std::string_view text,
                                                         const std::vector<std::string>& languages) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  Looker(query, languages).each(text, [&](std::size_t begin, std::size_t end) {
    // Phrases may overlap: marks may not.
    if (!out.empty() && begin < out.back().second) {
      out.back().second = std::max(out.back().second, end);
      out.back().first = std::min(out.back().first, begin);
    } else {
      out.emplace_back(begin, end);
    }
    return true;
  });
  return out;
}

Excerpt excerpt(const Node& query, std::string_view text, const std::vector<std::string>& languages,
                std::size_t snippet_bytes) {
  Excerpt out;
  Looker looker(query, languages);
  std::size_t hit_end = 0;
  looker.each(text, [&](std::size_t begin, std::size_t end) {
    out.hit = true, out.offset = begin, hit_end = end;
    return false;
  });
  out.page = 1 + static_cast<std::size_t>(
                     std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(out.offset), '\f'));
  // The surroundings, on the same page, from word to word.
  std::size_t begin = out.offset > snippet_bytes / 3 ? out.offset - snippet_bytes / 3 : 0;
  if (const std::size_t page = text.rfind('\f', out.offset);
      page != std::string_view::npos && page < out.offset)
    begin = std::max(begin, page + 1);
  while (begin < out.offset && begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '\n' &&
         text[begin - 1] != '\f')
    ++begin;
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
  std::string_view s =
      base::cut(text.substr(std::min(begin, text.size())), std::max(snippet_bytes, hit_end - begin));
  if (const std::size_t page = s.find('\f', out.offset - std::min(begin, out.offset));
      page != std::string_view::npos)
    s = s.substr(0, page);
  // White space is folded; what a word becomes keeps its place for the marks.
  bool gap = true;
  std::size_t done = 0;
  const auto copy_to = [&](std::size_t to) {
    for (; done < to; ++done) {
      const char c = s[done];
      if (c == ' ' || c == '\n' || c == '\t' || c == '\f') {
        if (!gap) out.snippet += ' ';
        gap = true;
      } else {
        out.snippet += c;
        gap = false;
      }
    }
  };
  each_word(s, [&](const Word& w) {
    copy_to(w.begin);
    const std::size_t from = out.snippet.size();
    copy_to(w.end);
    if (looker.one(w)) out.marks.emplace_back(from, out.snippet.size());
    return true;
  });
  copy_to(s.size());
  while (!out.snippet.empty() && out.snippet.back() == ' ') out.snippet.pop_back();
  return out;
}

}  // namespace search
