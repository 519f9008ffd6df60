// What a filter asks of a field, as a condition in SQL.
#include "where.h"

#include <base/text.h>
#include <base/time.h>
#include <kinds/value.h>

namespace kinds {
namespace {

namespace json = boost::json;

base::Error cannot(const std::string& field, const std::string& what) {
  return {base::Refusal::invalid, "\"" + field + "\" " + what};
}

std::string like_text(std::string_view s) {  // of a LIKE with '!' as escape
  std::string out = "%";
  for (const char c : s) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out + "%";
}

std::optional<std::int64_t> moment(std::string_view s,
                                   bool end) {  // microseconds; a date is its first or last moment
  const auto t = base::parse_rfc3339(s);
  if (!t) return {};
  return (*t + (end ? (s.size() == 10 ? 86400 : 1) : 0)) * 1'000'000 - (end ? 1 : 0);
}

base::Status text_column(Where& w, const std::string& column, const std::string& op, const json::value& value,
                         const std::string& field, bool many) {
  const auto one = [&](const json::value& v) -> std::optional<std::string> {
    if (v.is_string()) return std::string(v.get_string());
    if (v.is_object()) return json::serialize(v);
    return {};
  };
  const auto equal = [&](const std::string& s) {
    if (many) {
      w.text += column + " like ? escape '!'";
      w.bind(like_text(json::serialize(json::value(s))));
    } else {
      w.text += column + " = ?";
      w.bind(s);
    }
  };
  if (op == "is" || op == "is_not") {
    const auto s = one(value);
    if (!s) return cannot(field, "is compared with a text");
    w.text += op == "is_not" ? "(" + column + " is null or not (" : "(";
    equal(*s);
    w.text += op == "is_not" ? "))" : ")";
  } else if (op == "in") {
    if (!value.is_array() || value.get_array().empty() || value.get_array().size() > 1000)
      return cannot(field, "is compared with a list of 1 to 1,000 values");
    w.text += "(";
    for (const auto& v : value.get_array()) {
      const auto s = one(v);
      if (!s) return cannot(field, "is compared with texts");
      if (!w.text.ends_with("(")) w.text += " or ";
      equal(*s);
    }
    w.text += ")";
  } else if (op == "contains") {
    if (!value.is_string()) return cannot(field, "is searched for a text");
    w.text += "lower(" + column + ") like ? escape '!'";
    w.bind(like_text(base::lower_ascii(std::string_view(value.get_string()))));
  } else {
    return cannot(field, "has no comparison \"" + op + "\"");
  }
  return base::Done{};
}

base::Status on_field(Where& w, const Field& f, const std::string& op, const json::value& value) {
  const std::string column = "k.f_" + f.name;
  if (op == "filled" || op == "empty") {
    w.text += column + (op == "filled" ? " is not null" : " is null");
    return base::Done{};
  }
  const auto number_op = op == "is" ? " = ?" : op == "from" ? " >= ?" : op == "to" ? " <= ?" : "";
  switch (f.many ? Type::text : f.type) {
    case Type::integer:
    case Type::number:
      if (!*number_op || !value.is_number())
        return cannot(f.name, "is compared (is, from, to) with a number");
      w.text += column + number_op;
      w.bind(value.to_number<double>());
      return base::Done{};
    case Type::yes_no:
      if (op != "is" || !value.is_bool()) return cannot(f.name, "is compared (is) with true or false");
      w.text += value.get_bool() ? column + " = 1" : "coalesce(" + column + ", 0) = 0";
      return base::Done{};
    case Type::date: {
      if (op != "from" && op != "to" && op != "is") break;
      const auto d = value.is_string() ? days_of(std::string_view(value.get_string()))
                                       : base::Result<Days>(cannot(f.name, "is compared with a date"));
      if (!d) return cannot(f.name, "is compared with a date: " + d.error().message);
      if (op != "to") w.text += column + "_z >= ?", w.bind(d->from);
      if (op == "is") w.text += " and ";
      if (op != "from") w.text += column + "_a <= ?", w.bind(d->to);
      return base::Done{};
    }
    case Type::time: {
      if (op != "from" && op != "to") break;
      const auto t =
          value.is_string() ? moment(std::string_view(value.get_string()), op == "to") : std::nullopt;
      if (!t) return cannot(f.name, "is compared with a date or a time");
      w.text += column + number_op;
      w.bind(base::rfc3339(*t / 1'000'000));
      return base::Done{};
    }
    case Type::rows: return cannot(f.name, "is a table: only \"filled\" and \"empty\" can be asked");
    default: break;
  }
  return text_column(w, column, op, value, f.name, f.many);
}

base::Status on_head(Where& w, const std::string& field, const std::string& op, const json::value& value,
                     const std::vector<std::int64_t>& labels_of_case) {
  if (field == "state" || field == "code") return text_column(w, "r." + field, op, value, field, false);
  if (field == "author") {
    const std::string_view s = value.is_string() ? std::string_view(value.get_string()) : std::string_view();
    if (op != "is" || !s.starts_with("P-"))
      return cannot(field, "is compared (is) with the code of a person");
    w.text += "r.author = ?";
    w.bind(static_cast<std::int64_t>(std::atoll(std::string(s.substr(2)).c_str())));
    return base::Done{};
  }
  if (field == "made" || field == "changed") {
    const auto t =
        value.is_string() ? moment(std::string_view(value.get_string()), op == "to") : std::nullopt;
    if (!t || (op != "from" && op != "to"))
      return cannot(field, "is compared (from, to) with a date or a time");
    w.text += "r." + field + (op == "from" ? " >= ?" : " <= ?");
    w.bind(*t);
    return base::Done{};
  }
  if (field == "case") {
    if (op != "is" || !value.is_string()) return cannot(field, "is compared (is) with the id of a case");
    w.text += "r.label in (0";
    for (const std::int64_t l : labels_of_case) w.text += "," + std::to_string(l);
    w.text += ")";
    return base::Done{};
  }
  return cannot(field, "is no field that can be filtered");
}

}  // namespace

std::vector<Line> lines_of(const json::array& filter) {
  std::vector<Line> out;
  for (const auto& each : filter) {
    Line& line = out.emplace_back();
    const auto* o = each.if_object();
    if (!o) continue;
    line.field = text_in(*o, "field"), line.op = text_in(*o, "op");
    if (const auto* v = o->if_contains("value")) line.value = *v;
  }
  return out;
}

base::Status narrow(Where& w, const Kind& kind, const std::string& field, const std::string& op,
                    const json::value& value, const std::vector<std::int64_t>& labels_of_case) {
  w.text += " and ";
  const Field* f = kind.field(field);
  if (!f) return on_head(w, field, op, value, labels_of_case);
  if (f->guard != Guard::open) return cannot(field, "is guarded: it cannot be filtered");
  w.joined = true;
  return on_field(w, *f, op, value);
}

}  // namespace kinds
