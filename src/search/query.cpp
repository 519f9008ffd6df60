#include "tokenize.h"

#include <base/text.h>
#include <search/query.h>

namespace search {
namespace {

using base::Error;
using base::Refusal;
using base::Result;
using Tree = std::unique_ptr<Node>;

constexpr int kNestingMax = 200;
constexpr std::string_view kTextFields[] = {"title", "from", "to", "author", "path", "body"};
constexpr std::string_view kValueFields[] = {"type", "date",      "lang", "sha256", "size",  "has",
                                             "tag",  "custodian", "item", "issue",  "folder"};

struct Token {
  enum class Kind { word, phrase, open, close, conjunction, disjunction, negation, near, exact, end } kind{};
  std::string_view text;
  std::size_t at = 0;
  int distance = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view q) : q_(q) {}

  Result<Tree> all() {
    TRY(advance());
    if (token_.kind == Token::Kind::end) return wrong("a word");
    Tree t = TRY(disjunction(0));
    if (token_.kind != Token::Kind::end) return wrong("AND, OR, NOT or the end");
    return t;
  }

 private:
  Error wrong(std::string_view expected) const { return wrong_at(token_.at, expected); }
  Error wrong_at(std::size_t at, std::string_view expected) const {
    const std::size_t characters = base::utf32(q_.substr(0, at)).size() + 1;
    std::string found = at >= q_.size() ? "the end" : "\"" + std::string(base::cut(q_.substr(at), 20)) + "\"";
    return {Refusal::invalid, "position " + std::to_string(characters) + ": expected " +
                                  std::string(expected) + ", found " + found};
  }

  static bool space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  base::Status advance() {
    while (at_ < q_.size() && space(q_[at_])) ++at_;
    token_ = {Token::Kind::end, {}, at_, 0};
    if (at_ >= q_.size()) return base::Done{};
    const char c = q_[at_];
    if (c == '(' || c == ')') {
      token_ = {c == '(' ? Token::Kind::open : Token::Kind::close, q_.substr(at_, 1), at_, 0};
      ++at_;
      return base::Done{};
    }
    if (c == '=') {
      token_ = {Token::Kind::exact, q_.substr(at_, 1), at_, 0};
      ++at_;
      return base::Done{};
    }
    if (c == '"') return quoted();
    const std::size_t begin = at_;
    while (at_ < q_.size() && !space(q_[at_]) && q_[at_] != '(' && q_[at_] != ')' && q_[at_] != '"') ++at_;
    const std::string_view w = q_.substr(begin, at_ - begin);
    token_ = {Token::Kind::word, w, begin, 0};
    if (w == "AND" || w == "ET")
      token_.kind = Token::Kind::conjunction;
    else if (w == "OR" || w == "OU")
      token_.kind = Token::Kind::disjunction;
    else if (w == "NOT" || w == "SAUF")
      token_.kind = Token::Kind::negation;
    else if (w == "NEAR" || w.substr(0, 5) == "NEAR/") {
      token_.kind = Token::Kind::near;
      token_.distance = 10;
      if (w.size() > 4) {
        token_.distance = 0;
        for (const char d : w.substr(5)) {
          if (d < '0' || d > '9' || token_.distance > 1000)
            return wrong_at(begin + 5, "a number of words up to 1000 after NEAR/");
          token_.distance = token_.distance * 10 + (d - '0');
        }
        if (token_.distance < 1 || token_.distance > 1000)
          return wrong_at(begin + 5, "a number of words up to 1000 after NEAR/");
      }
    }
    return base::Done{};
  }
  base::Status quoted() {
    const std::size_t begin = at_, end = q_.find('"', at_ + 1);
    if (end == std::string_view::npos)
      return wrong_at(q_.size(), "a closing quotation mark for the one at position " +
                                     std::to_string(base::utf32(q_.substr(0, begin)).size() + 1));
    token_ = {Token::Kind::phrase, q_.substr(begin + 1, end - begin - 1), begin, 0};
    at_ = end + 1;
    return base::Done{};
  }

  bool starts_operand() const {
    switch (token_.kind) {
      case Token::Kind::word:
      case Token::Kind::phrase:
      case Token::Kind::open:
      case Token::Kind::exact:
      case Token::Kind::negation: return true;
      default: return false;
    }
  }

  static Tree make(Node::Kind kind, std::size_t at) {
    auto n = std::make_unique<Node>();
    n->kind = kind;
    n->at = at;
    return n;
  }

  Result<Tree> disjunction(int depth) {
    if (depth > kNestingMax) return wrong("fewer nested parentheses");
    Tree first = TRY(conjunction(depth));
    if (token_.kind != Token::Kind::disjunction) return first;
    Tree any = make(Node::Kind::disjunction, first->at);
    any->children.push_back(std::move(first));
    while (token_.kind == Token::Kind::disjunction) {
      TRY(advance());
      any->children.push_back(TRY(conjunction(depth)));
    }
    return any;
  }
  // Words side by side are AND.
  Result<Tree> conjunction(int depth) {
    Tree first = TRY(unary(depth));
    if (token_.kind != Token::Kind::conjunction && !starts_operand()) return first;
    Tree every = make(Node::Kind::conjunction, first->at);
    every->children.push_back(std::move(first));
    while (token_.kind == Token::Kind::conjunction || starts_operand()) {
      if (token_.kind == Token::Kind::conjunction) TRY(advance());
      every->children.push_back(TRY(unary(depth)));
    }
    return every;
  }
  Result<Tree> unary(int depth) {
    if (token_.kind == Token::Kind::negation) {
      if (depth > kNestingMax) return wrong("fewer nested NOT");
      Tree n = make(Node::Kind::negation, token_.at);
      TRY(advance());
      n->children.push_back(TRY(unary(depth + 1)));
      return n;
    }
    Tree left = TRY(operand(depth));
    if (token_.kind != Token::Kind::near) return left;
    Tree near = make(Node::Kind::near, left->at);
    near->distance = token_.distance;
    near->children.push_back(std::move(left));
    while (token_.kind == Token::Kind::near) {
      if (token_.distance != near->distance) return wrong("the same distance in one chain of NEAR");
      const std::size_t at = token_.at;
      TRY(advance());
      Tree right = TRY(operand(depth));
      near->children.push_back(std::move(right));
      for (const Tree& c : near->children)
        if (c->kind != Node::Kind::phrase) return wrong_at(at, "words or phrases on both sides of NEAR");
    }
    for (const Tree& c : near->children)
      if (c->column != near->children[0]->column)
        return wrong_at(near->at, "one field on both sides of NEAR");
    return near;
  }
  Result<Tree> operand(int depth) {
    switch (token_.kind) {
      case Token::Kind::open: {
        const std::size_t opened = token_.at;
        TRY(advance());
        Tree t = TRY(disjunction(depth + 1));
        if (token_.kind != Token::Kind::close)
          return wrong("a closing parenthesis for the one at position " +
                       std::to_string(base::utf32(q_.substr(0, opened)).size() + 1));
        TRY(advance());
        return t;
      }
      case Token::Kind::exact: {
        TRY(advance());
        if ((token_.kind != Token::Kind::word && token_.kind != Token::Kind::phrase) ||
            space(q_[token_.at - 1]))
          return wrong("a word or a phrase right after =");
        return text("", token_.text, token_.at, true);
      }
      case Token::Kind::phrase: return text("", token_.text, token_.at, false);
      case Token::Kind::word: return word();
      default: return wrong("a word, a phrase, a field or an opening parenthesis");
    }
  }
  Result<Tree> word() {
    const std::string_view w = token_.text;
    const std::size_t colon = w.find(':');
    if (colon == std::string_view::npos || colon == 0 || w.substr(colon).substr(0, 3) == "://")
      return text("", w, token_.at, false);
    std::string name = base::lower_ascii(w.substr(0, colon));
    if (name == "subject") name = "title";
    if (name == "cc" || name == "bcc") name = "to";
    const std::size_t at = token_.at;
    const bool text_field = std::ranges::find(kTextFields, name) != std::end(kTextFields);
    if (!text_field && std::ranges::find(kValueFields, name) == std::end(kValueFields)) {
      const bool plain = std::ranges::all_of(name, [](char c) { return c >= 'a' && c <= 'z'; });
      if (!plain) return text("", w, token_.at, false);  // a time, an address: words with a colon between
      return wrong(
          "a known field (title from to author path body type date lang sha256 size has tag custodian item); "
          "quote the words to search for them as they are");
    }
    std::string_view value = w.substr(colon + 1);
    std::size_t value_at = at + colon + 1;
    bool exact = false;
    if (value.substr(0, 1) == "=") exact = true, value.remove_prefix(1), ++value_at;
    if (value.empty() && at_ < q_.size() && q_[at_] == '"' && at_ == value_at) {
      TRY(quoted());
      if (text_field) return text(name, token_.text, at, exact);
      return field(name, token_.text, at, value_at);
    }
    if (value.empty()) return wrong_at(value_at, "a value right after " + name + ":");
    if (text_field) return text(name, value, value_at, exact);
    return field(name, value, at, value_at);
  }
  Result<Tree> field(const std::string& name, std::string_view value, std::size_t at, std::size_t value_at) {
    Tree n = make(Node::Kind::field, at);
    n->field = name;
    const bool ranged = name == "date" || name == "size";
    if (value.empty()) return wrong_at(value_at, "a value");
    if (ranged && (value[0] == '>' || value[0] == '<')) {
      const bool orequal = value.substr(1, 1) == "=";
      (value[0] == '>' ? n->low : n->high) =
          std::string(value.substr(0, orequal ? 2 : 1)) + std::string(value.substr(orequal ? 2 : 1));
    } else if (const std::size_t dots = value.find(".."); ranged && dots != std::string_view::npos) {
      n->low = value.substr(0, dots), n->high = value.substr(dots + 2);
    } else {
      n->low = n->high = value;
    }
    if (n->low.empty() && n->high.empty()) return wrong_at(value_at, "a value on one side of ..");
    TRY(advance());
    return n;
  }
  // One written word or phrase; punctuation inside makes it a phrase of its parts.
  Result<Tree> text(const std::string& column, std::string_view raw, std::size_t at, bool exact) {
    Tree n = make(Node::Kind::phrase, at);
    n->column = column;
    const bool phrase = token_.kind == Token::Kind::phrase;
    int fuzzy = 0;
    if (!phrase) {
      if (raw == "*") {
        n->kind = Node::Kind::everything;
        TRY(advance());
        return n;
      }
      const std::size_t tilde = raw.rfind('~');
      if (tilde != std::string_view::npos && tilde > 0) {
        const std::string_view d = raw.substr(tilde + 1);
        if (!d.empty() && d != "1" && d != "2") return wrong_at(at + tilde + 1, "1 or 2 changes after ~");
        fuzzy = d == "2" ? 2 : 1;
        raw = raw.substr(0, tilde);
      }
    }
    for (const std::string_view piece : pieces(raw)) {
      const bool wild = piece.find_first_of("*?") != std::string_view::npos;
      if (!wild) {
        each_word(piece, [&](const Word& w) {
          Term t;
          t.kind = exact ? Term::Kind::exact : Term::Kind::stemmed;
          t.word = w.exact, t.lower = w.lower;
          n->terms.push_back(std::move(t));
          return true;
        });
        continue;
      }
      Term t;
      t.word = folded(piece);
      const std::size_t first = t.word.find_first_of("*?");
      t.kind = first + 1 == t.word.size() && t.word[first] == '*' ? Term::Kind::prefix : Term::Kind::wildcard;
      if (t.kind == Term::Kind::prefix) t.word.pop_back();
      if (t.word.find_first_not_of("*?") == std::string::npos)
        return wrong_at(at, "at least one letter beside the wildcard");
      n->terms.push_back(std::move(t));
    }
    if (n->terms.empty()) return wrong_at(at, "at least one letter or digit");
    if (fuzzy) {
      if (n->terms.size() != 1 || n->terms[0].kind == Term::Kind::wildcard ||
          n->terms[0].kind == Term::Kind::prefix)
        return wrong_at(at, "a single word before ~");
      n->terms[0].kind = Term::Kind::fuzzy;
      n->terms[0].distance = fuzzy;
    }
    TRY(advance());
    return n;
  }
  // Runs of word characters and wildcards: "displac*" stays one piece, "a-b" becomes two.
  static std::vector<std::string_view> pieces(std::string_view raw) {
    std::vector<std::string_view> out;
    std::size_t begin = 0, i = 0;
    const auto flush = [&](std::size_t end) {
      if (end > begin) out.push_back(raw.substr(begin, end - begin));
    };
    while (i < raw.size()) {
      const std::size_t from = i;
      const char32_t c = base::next_code_point(raw, i);
      if (class_of(c) == Class::gap && c != '*' && c != '?') {
        flush(from);
        begin = i;
      }
    }
    flush(raw.size());
    return out;
  }

  std::string_view q_;
  std::size_t at_ = 0;
  Token token_;
};

}  // namespace

Result<Tree> parse_query(std::string_view query) {
  if (query.size() > 1 << 20) return Error{Refusal::invalid, "position 1: expected a query of at most 1 MiB"};
  if (!base::is_utf8(query)) return Error{Refusal::invalid, "position 1: expected UTF-8 text"};
  return Parser(query).all();
}

}  // namespace search
