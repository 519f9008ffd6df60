#include "json_tree.h"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

namespace rights {
namespace {

// What basic_parser tells, gathered into nodes. A refusal of ours stops the parser and stays in `refused`.
struct Gatherer {
  using View = boost::json::string_view;
  using Code = boost::json::error_code;
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);

  TreeLimits limits{};
  std::vector<std::pair<std::string, Node>> open{{"", {}}};  // the document, then what is begun but not ended
  std::vector<std::string> keys{};
  std::string text{};
  std::size_t nodes = 0;
  std::optional<base::Error> refused{};

  bool stop(base::Refusal why, std::string message, Code& e) {
    refused = base::Error{why, std::move(message)};
    e = boost::json::error::not_object;  // any: `refused` is what is told
    return false;
  }
  std::string path(std::string_view last) const {
    std::string at;
    for (std::size_t i = 1; i < open.size(); ++i)
      if (!open[i].first.empty()) at += open[i].first + ".";
    return at.append(last);
  }
  std::string take_key() {
    if (open.back().second.is != Node::Is::object) return {};
    std::string k = std::move(keys.back());
    keys.pop_back();
    return k;
  }
  bool put(std::string key, Node node, Code& e) {
    if (++nodes > limits.nodes_max) return stop(base::Refusal::exhausted, "too many values in the JSON", e);
    open.back().second.members.emplace_back(std::move(key), std::move(node));
    return true;
  }
  bool begin(Node::Is is, Code& e) {
    if (open.size() > limits.depth_max) return stop(base::Refusal::exhausted, "the JSON is too deep", e);
    std::string key = take_key();
    open.emplace_back(std::move(key), Node{is});
    return true;
  }
  bool end(Code& e) {
    auto [key, node] = std::move(open.back());
    open.pop_back();
    return put(std::move(key), std::move(node), e);
  }

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& e) { return begin(Node::Is::object, e); }
  bool on_object_end(std::size_t, Code& e) { return end(e); }
  bool on_array_begin(Code& e) { return begin(Node::Is::array, e); }
  bool on_array_end(std::size_t, Code& e) { return end(e); }
  bool on_key_part(View s, std::size_t, Code&) { return text.append(s.data(), s.size()), true; }
  bool on_key(View s, std::size_t, Code& e) {
    text.append(s.data(), s.size());
    if (open.back().second.find(text))
      return stop(base::Refusal::invalid, path(text) + " stands twice; keep one of them", e);
    keys.push_back(std::exchange(text, {}));
    return true;
  }
  bool on_string_part(View s, std::size_t, Code&) { return text.append(s.data(), s.size()), true; }
  bool on_string(View s, std::size_t, Code& e) {
    text.append(s.data(), s.size());
    return put(take_key(), {.is = Node::Is::string, .text = std::exchange(text, {})}, e);
  }
  bool on_number_part(View, Code&) { return true; }
  bool on_int64(std::int64_t n, View, Code& e) {
    return put(take_key(), {.is = Node::Is::integer, .number = n}, e);
  }
  bool on_uint64(std::uint64_t, View, Code& e) {
    return stop(base::Refusal::invalid, path(take_key()) + " is too large a number", e);
  }
  bool on_double(double, View, Code& e) {
    return stop(base::Refusal::invalid, path(take_key()) + " must be a whole number", e);
  }
  bool on_bool(bool b, Code& e) { return put(take_key(), {.is = Node::Is::boolean, .number = b}, e); }
  bool on_null(Code& e) { return put(take_key(), {}, e); }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }
};

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& [k, v] : members)
    if (k == key) return &v;
  return nullptr;
}

base::Result<Node> read_tree(std::string_view json, const TreeLimits& limits) {
  if (json.size() > limits.bytes_max)
    return base::Error{base::Refusal::exhausted, "the JSON is longer than allowed"};
  boost::json::basic_parser<Gatherer> parser(boost::json::parse_options{});
  parser.handler().limits = limits;
  boost::json::error_code error;
  const std::size_t read = parser.write_some(false, json.data(), json.size(), error);
  Gatherer& g = parser.handler();
  if (g.refused) return *g.refused;
  if (error)
    return base::Error{base::Refusal::invalid,
                       "not JSON near byte " + std::to_string(read) + ": " + error.message()};
  for (const char c : json.substr(read))
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
      return base::Error{base::Refusal::invalid,
                         "something follows the JSON at byte " + std::to_string(read)};
  if (g.open.size() != 1 || g.open[0].second.members.size() != 1)
    return base::Error{base::Refusal::invalid, "no whole JSON document"};
  return std::move(g.open[0].second.members[0].second);
}

}  // namespace rights
