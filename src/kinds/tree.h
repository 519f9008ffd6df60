#pragma once
// Reading a declaration strictly: every member is asked for by name and kind, and what nobody asked for is
// refused with its place.

#include <access/policy.h>
#include <base/result.h>

#include <boost/json.hpp>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kinds {

class Wrongly : public std::runtime_error {  // caught where a file begins
  using std::runtime_error::runtime_error;
};

class Tree {
 public:
  Tree(const boost::json::value& v, std::string place) : place_(std::move(place)) {
    object_ = v.if_object();
    if (!object_) refuse("an object is expected");
  }
  const std::string& place() const { return place_; }
  [[noreturn]] void refuse(const std::string& what) const { throw Wrongly(place_ + ": " + what); }

  const boost::json::value* any(std::string_view name) {
    met_.insert(std::string(name));
    return object_->if_contains(name);
  }
  std::string text(std::string_view name) {
    const auto* v = any(name);
    if (!v || !v->is_string() || v->get_string().empty()) refuse(quoted(name) + " must be a text");
    return std::string(v->get_string());
  }
  std::string text_or(std::string_view name, std::string_view otherwise = "") {
    return any(name) ? text(name) : std::string(otherwise);
  }
  bool flag(std::string_view name) {
    const auto* v = any(name);
    if (!v) return false;
    if (!v->is_bool()) refuse(quoted(name) + " must be true or false");
    return v->get_bool();
  }
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* v = any(name);
    if (!v || !v->is_int64() || v->get_int64() < least || v->get_int64() > most)
      refuse(quoted(name) + " must be a whole number from " + std::to_string(least) + " to " +
             std::to_string(most));
    return v->get_int64();
  }
  std::optional<double> number(std::string_view name) {
    const auto* v = any(name);
    if (!v) return {};
    if (!v->is_number()) refuse(quoted(name) + " must be a number");
    return v->to_number<double>();
  }
  rights::Words words() { return {text("en"), text("fr")}; }
  rights::Words words(std::string_view name) {
    const auto* v = any(name);
    if (!v) refuse(quoted(name) + " is missing");
    Tree t(*v, place_ + "." + std::string(name));
    rights::Words w = t.words();
    t.end();
    return w;
  }
  std::vector<std::string> texts(std::string_view name) {
    const auto* v = any(name);
    std::vector<std::string> out;
    if (!v) return out;
    if (v->is_string()) return {std::string(v->get_string())};
    if (!v->is_array()) refuse(quoted(name) + " must be a list of texts");
    for (const auto& s : v->get_array()) {
      if (!s.is_string()) refuse(quoted(name) + " must be a list of texts");
      out.emplace_back(s.get_string());
    }
    return out;
  }
  const boost::json::array& list(std::string_view name) {
    static const boost::json::array none;
    const auto* v = any(name);
    if (!v) return none;
    if (!v->is_array()) refuse(quoted(name) + " must be a list");
    return v->get_array();
  }
  void end() const {
    for (const auto& m : *object_)
      if (!met_.contains(std::string(m.key()))) refuse(quoted(m.key()) + " is not known here");
  }
  static std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

 private:
  const boost::json::object* object_;
  std::string place_;
  std::set<std::string> met_;
};

bool is_name(std::string_view s);  // lower case letters, digits and _, a letter first, at most 40

}  // namespace kinds
