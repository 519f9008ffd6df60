#include "table.h"

#include <names/index.h>

#include <algorithm>
#include <utility>

namespace names {
namespace {

struct Node {
  std::uint32_t child = 0, next = 0;
  std::int32_t word = -1;
  std::int32_t dearest[2] =
      {};  // what the dearest word from here on costs alone, beside a voiced and a bare one
  char sign = 0;
};
struct Lexeme {
  char begins = 0;
  bool initial = false;
  std::int32_t alone[2] = {};  // what it costs alone beside a word that is voiced, and one that is bare
};
struct Kept {
  std::uint32_t owner = 0, begins = 0;
  std::uint8_t words = 0, initials = 0;  // those that are needed
  std::uint64_t letters = 0;
};
struct Run {
  std::uint32_t begins = 0, size = 0;
};

int cost_alone(const std::array<int, kSigns>& drop, const Speller::Table& t, std::string_view sound) {
  int out = 0;
  for (const char sign : sound) out += drop[static_cast<std::size_t>(t.at(sign))];
  return out;
}

}  // namespace

struct Index::Inside {
  explicit Inside(const Speller::Table& t) : table(t), nodes(2) {}
  const Speller::Table& table;
  std::vector<Node> nodes;  // 0: the root of voiced words, 1: of bare ones
  std::vector<Lexeme> lexemes;
  std::unordered_map<std::string, std::uint32_t> initials;
  std::vector<std::vector<std::uint32_t>> named;  // by the word: the names that have it
  std::vector<Kept> names;
  std::vector<std::uint32_t> words;  // of all names
  std::unordered_map<std::uint32_t, Run> of_owner;
  std::size_t gone = 0;

  std::uint32_t lexeme_of(const Word& w) {
    const int beside_voiced = cost_alone(table.between(w.bare, false).drop_a, table, w.sound);
    const int beside_bare = cost_alone(table.between(w.bare, true).drop_a, table, w.sound);
    const auto fresh = [&] {
      lexemes.push_back({w.sound[0], w.initial, {beside_voiced, beside_bare}});
      named.emplace_back();
      return static_cast<std::uint32_t>(lexemes.size() - 1);
    };
    if (w.initial) {
      const auto met = initials.find(w.sound);
      return met != initials.end() ? met->second : initials[w.sound] = fresh();
    }
    std::uint32_t at = w.bare ? 1 : 0;
    for (const char sign : w.sound) {
      std::uint32_t child = nodes[at].child;
      while (child && nodes[child].sign != sign) child = nodes[child].next;
      if (!child) {
        child = static_cast<std::uint32_t>(nodes.size());
        nodes.push_back({0, nodes[at].child, -1, {}, sign});
        nodes[at].child = child;
      }
      at = child;
      nodes[at].dearest[0] = std::max(nodes[at].dearest[0], beside_voiced);
      nodes[at].dearest[1] = std::max(nodes[at].dearest[1], beside_bare);
    }
    if (nodes[at].word < 0) {
      const std::uint32_t made = fresh();
      nodes[at].word = static_cast<std::int32_t>(made);
    }
    return static_cast<std::uint32_t>(nodes[at].word);
  }

  void forget(std::uint32_t owner) {
    const auto at = of_owner.find(owner);
    if (at == of_owner.end()) return;
    for (std::uint32_t i = 0; i < at->second.size; ++i) names[at->second.begins + i].words = 0;
    gone += at->second.size;
    of_owner.erase(at);
  }
  // Leaves out the names that are gone. Words stay: they come back.
  void tidy() {
    std::vector<Kept> left;
    std::vector<std::uint32_t> left_words;
    for (auto& of : named) of.clear();
    of_owner.clear();
    for (Kept k : names) {
      if (!k.words) continue;
      const auto number = static_cast<std::uint32_t>(left.size());
      Run& run = of_owner[k.owner];
      if (!run.size++) run.begins = number;
      const std::uint32_t begins = std::exchange(k.begins, static_cast<std::uint32_t>(left_words.size()));
      for (std::uint32_t i = 0; i < k.words; ++i) {
        left_words.push_back(words[begins + i]);
        post(words[begins + i], number);
      }
      left.push_back(k);
    }
    names = std::move(left), words = std::move(left_words), gone = 0;
  }
  void post(std::uint32_t word, std::uint32_t name) {
    auto& all = named[word];
    if (!lexemes[word].initial && (all.empty() || all.back() != name)) all.push_back(name);
  }
  void add(std::uint32_t owner, const Name& name) {
    Kept k{owner, static_cast<std::uint32_t>(words.size()), 0, 0, name.letters};
    const auto number = static_cast<std::uint32_t>(names.size());
    const bool all = name.needed() == name.words.size();
    for (const Word& w : name.words) {
      if (w.optional && !all) continue;
      const std::uint32_t word = lexeme_of(w);
      words.push_back(word), ++k.words, k.initials += w.initial;
      post(word, number);
    }
    names.push_back(k);
    Run& run = of_owner[owner];
    if (!run.size++) run.begins = number;
  }

  struct Like {
    std::uint32_t word;
    int alike;
  };
  // One word beside all there are: the rows of the edit distance are those of the prefixes that words share.
  struct Walk {
    const Inside& in;
    const Word& asked;
    std::vector<Like>& out;
    const Costs* costs = nullptr;
    int alone = 0;  // of the word asked for
    std::vector<std::vector<int>> rows{};

    void through(std::uint32_t at, std::size_t depth) {
      const std::size_t n = asked.sound.size();
      if (rows.size() < depth + 2) rows.emplace_back(n + 1);
      for (std::uint32_t child = in.nodes[at].child; child; child = in.nodes[child].next) {
        const Node& node = in.nodes[child];
        const auto m = static_cast<std::size_t>(in.table.at(node.sign));
        const std::vector<int>& above = rows[depth];
        std::vector<int>& row = rows[depth + 1];
        int nearest = row[0] = above[0] + costs->drop_b[m];
        for (std::size_t i = 0; i < n; ++i) {
          const auto s = static_cast<std::size_t>(in.table.at(asked.sound[i]));
          row[i + 1] = std::min(
              {above[i] + costs->swap[s][m], row[i] + costs->drop_a[s], above[i + 1] + costs->drop_b[m]});
          nearest = std::min(nearest, row[i + 1]);
        }
        if (node.word >= 0) {
          const auto word = static_cast<std::uint32_t>(node.word);
          if (const int alike = in.table.likeness(row[n], alone, in.lexemes[word].alone[asked.bare]))
            out.push_back({word, row[n] ? alike : kWhole});
        }
        // Whatever follows costs at least `nearest`, and is measured by the greater of both alone.
        if (in.table.likeness(nearest, alone, node.dearest[asked.bare])) through(child, depth + 1);
      }
    }
    void all() {
      for (const bool bare : {false, true}) {
        costs = &in.table.between(asked.bare, bare);
        alone = cost_alone(costs->drop_a, in.table, asked.sound);
        rows.assign(1, std::vector<int>(asked.sound.size() + 1));
        for (std::size_t i = 0; i < asked.sound.size(); ++i)
          rows[0][i + 1] = rows[0][i] + costs->drop_a[static_cast<std::size_t>(in.table.at(asked.sound[i]))];
        through(bare ? 1 : 0, 0);
      }
      std::ranges::sort(out, [](const Like& a, const Like& b) {
        return a.alike != b.alike ? a.alike > b.alike : a.word < b.word;
      });
    }
  };
};

Index::Index(const Speller& speller) : in_(std::make_unique<Inside>(speller.table())) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

void Index::put(std::uint32_t owner, const std::vector<Name>& all) {
  in_->forget(owner);
  if (in_->gone > 1000 && in_->gone * 2 > in_->names.size()) in_->tidy();
  for (const Name& name : all) in_->add(owner, name);
}

std::vector<Index::Found> Index::find(const Name& asked) const {
  const Inside& in = *in_;
  const Speller::Table& t = in.table;
  std::vector<const Word*> needed;
  const bool all = asked.needed() == asked.words.size();
  for (const Word& w : asked.words)
    if (all || !w.optional) needed.push_back(&w);
  if (needed.empty()) return {};

  std::vector<std::unordered_map<std::uint32_t, int>> alike(needed.size());
  std::vector<std::uint16_t> sum(in.names.size());
  std::vector<std::uint8_t> by(in.names.size());  // the last word asked for that the name has something like
  std::vector<std::uint32_t> touched;
  int initials = 0;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]->initial) {
      ++initials;
      continue;
    }
    std::vector<Inside::Like> words;
    Inside::Walk{in, *needed[i], words}.all();
    for (const auto& [word, likeness] : words) {
      alike[i].emplace(word, likeness);
      for (const std::uint32_t name : in.named[word]) {
        if (by[name] == i + 1) continue;
        if (!by[name]) touched.push_back(name);
        by[name] = static_cast<std::uint8_t>(i + 1);
        sum[name] = static_cast<std::uint16_t>(sum[name] + likeness);
      }
    }
  }
  if (initials == static_cast<int>(needed.size()))
    for (std::uint32_t name = 0; name < in.names.size(); ++name)
      if (in.names[name].letters == asked.letters) touched.push_back(name);

  std::vector<Found> out;
  std::unordered_map<std::uint32_t, std::size_t> place;
  for (const std::uint32_t name : touched) {
    const Kept& k = in.names[name];
    if (!k.words) continue;
    const bool same = k.letters == asked.letters;
    if (!same && reach(t, needed.size(), k.words, sum[name] + t.initial * (initials + k.initials)) < t.least)
      continue;
    Grid g;
    g.asked = needed.size(), g.met = k.words;
    for (std::size_t i = 0; i < g.asked; ++i) {
      g.asked_initial[i] = needed[i]->initial;
      for (std::size_t j = 0; j < g.met; ++j) {
        const std::uint32_t word = in.words[k.begins + j];
        const Lexeme& l = in.lexemes[word];
        g.met_initial[j] = l.initial;
        if (l.initial && needed[i]->initial)
          g.alike[i][j] =
              in.initials.contains(needed[i]->sound) && in.initials.at(needed[i]->sound) == word ? kWhole : 0;
        else if (l.initial || needed[i]->initial)
          g.alike[i][j] = t.begins_alike(needed[i]->sound[0], l.begins);
        else if (const auto met = alike[i].find(word); met != alike[i].end())
          g.alike[i][j] = met->second;
      }
    }
    const int score = paired(t, g, same).score;
    if (score < t.least) continue;
    const std::uint32_t nth = name - in.of_owner.at(k.owner).begins;
    const Found found{k.owner, nth, score / double{kWhole}};
    const auto [at, fresh] = place.emplace(k.owner, out.size());
    if (fresh) {
      out.push_back(found);
    } else {
      Found& best = out[at->second];
      if (found.score > best.score || (found.score == best.score && nth < best.place)) best = found;
    }
  }
  std::ranges::sort(out, [](const Found& a, const Found& b) {
    return a.score != b.score ? a.score > b.score : a.owner < b.owner;
  });
  return out;
}

std::size_t Index::names() const { return in_->names.size() - in_->gone; }

std::size_t Index::bytes() const {
  const Inside& in = *in_;
  std::size_t out = in.nodes.capacity() * sizeof(Node) + in.lexemes.capacity() * sizeof(Lexeme) +
                    in.names.capacity() * sizeof(Kept) + in.words.capacity() * sizeof(std::uint32_t) +
                    in.named.capacity() * sizeof(std::vector<std::uint32_t>) +
                    in.of_owner.size() * (sizeof(std::pair<std::uint32_t, Run>) + 2 * sizeof(void*)) +
                    in.of_owner.bucket_count() * sizeof(void*);
  for (const auto& of : in.named) out += of.capacity() * sizeof(std::uint32_t);
  return out;
}

}  // namespace names
