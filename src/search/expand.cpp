#include "expand.h"

#include <base/text.h>

#include <algorithm>

namespace search {

std::vector<std::string> forms(const Term& t, std::vector<Stemmer>& stemmers) {
  std::vector<std::string> out{t.word};
  if (t.kind != Term::Kind::stemmed) return out;
  for (Stemmer& s : stemmers) {
    const std::string stem(s.stem(t.lower));
    out.push_back(s.mark() + stem);
    // A word that is its own stem is indexed by itself only.
    if (stem != t.word && s.stem(stem) == stem) out.push_back(stem);
  }
  std::sort(out.begin() + 1, out.end());
  out.erase(std::unique(out.begin() + 1, out.end()), out.end());
  return out;
}

// Greedy with one point of return: linear in practice, bounded by pattern times word.
bool fits_wildcard(std::string_view p, std::string_view w) {
  std::size_t i = 0, k = 0, star = std::string_view::npos, mark = 0;
  while (k < w.size()) {
    if (i < p.size() && p[i] == '*') {
      star = i++;
      mark = k;
    } else if (i < p.size() && p[i] == '?') {
      ++i;
      base::next_code_point(w, k);
    } else if (i < p.size() && p[i] == w[k]) {
      ++i, ++k;
    } else if (star != std::string_view::npos) {
      i = star + 1;
      base::next_code_point(w, mark);
      k = mark;
    } else {
      return false;
    }
  }
  while (i < p.size() && p[i] == '*') ++i;
  return i == p.size();
}

bool within_distance(std::u32string_view a, std::u32string_view b, int distance) {
  const std::size_t n = a.size(), m = b.size();
  if (n > 127 || m > 127 || (n > m ? n - m : m - n) > static_cast<std::size_t>(distance)) return false;
  int rows[3][128];
  for (std::size_t j = 0; j <= m; ++j) rows[0][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= n; ++i) {
    int* now = rows[i % 3];
    const int* last = rows[(i - 1) % 3];
    int least = now[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= m; ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], rows[(i - 2) % 3][j - 2] + 1);
      least = std::min(least, now[j]);
    }
    if (least > distance) return false;
  }
  return rows[n % 3][m] <= distance;
}

}  // namespace search
