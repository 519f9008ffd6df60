#include <base/parsed.h>

namespace base {

const boost::json::value& member(const boost::json::value& v, std::string_view name) {
  static const boost::json::value none;
  const auto* o = v.if_object();
  const auto* m = o ? o->if_contains(name) : nullptr;
  return m ? *m : none;
}
Result<std::string> text_of(const boost::json::value& v, std::string_view name) {
  const auto& m = member(v, name);
  if (m.is_string()) return std::string(m.get_string());
  return Error{Refusal::invalid, "\"" + std::string(name) + "\" is missing, or no text"};
}
Result<std::int64_t> number_of(const boost::json::value& v, std::string_view name) {
  const auto& m = member(v, name);
  if (m.is_int64() && m.get_int64() >= 0) return m.get_int64();
  return Error{Refusal::invalid, "\"" + std::string(name) + "\" is missing, or no whole number"};
}

}  // namespace base
