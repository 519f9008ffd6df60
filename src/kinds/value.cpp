#include <access/person_code.h>
#include <base/text.h>
#include <base/time.h>
#include <kinds/value.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <regex>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextMax = 500, kLongMax = 100'000, kManyMax = 1000, kRowsMax = 1000;

// What is said of each kind of mistake; a figure or a name takes the place of "%".
Words said(std::string_view code, const std::string& detail = "") {
  static const std::map<std::string_view, Words> all{
      {"required", {"is required", "est obligatoire"}},
      {"unknown_field", {"is no field of this kind", "n'est pas un champ de cette nature"}},
      {"form", {"has the wrong form: % is expected", "n'a pas la bonne forme : % est attendu"}},
      {"too_long", {"is too long: at most % characters", "est trop long : % caractères au plus"}},
      {"hidden",
       {"holds characters that hide or turn text: remove %",
        "contient des caractères qui cachent ou inversent le texte : ôtez %"}},
      {"least", {"must be at least %", "doit être au moins %"}},
      {"most", {"must be at most %", "doit être au plus %"}},
      {"unknown_code", {"% is no code of this vocabulary", "% n'est pas un code de ce vocabulaire"}},
      {"retired_code",
       {"% is no longer in use: choose another code", "% n'est plus en usage : choisissez un autre code"}},
      {"heading",
       {"% is a heading: choose one of the codes below it",
        "% est une rubrique : choisissez l'un des codes qu'elle comprend"}},
      {"unknown",
       {"% is not there, or not for you to see", "% n'existe pas, ou n'est pas visible pour vous"}},
      {"twice", {"% is there twice", "% y figure deux fois"}},
      {"too_many", {"holds too much: at most %", "en contient trop : % au plus"}},
      {"pattern", {"does not have the form asked for", "n'a pas la forme demandée"}},
  };
  Words w = all.at(code);
  for (std::string* s : {&w.en, &w.fr})
    if (const auto at = s->find('%'); at != std::string::npos) s->replace(at, 1, detail);
  return w;
}

std::string number_text(double d) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, d);
  return {buffer, end};
}

std::size_t characters(std::string_view s) {
  return static_cast<std::size_t>(std::ranges::count_if(s, [](char c) { return (c & 0xC0) != 0x80; }));
}

// A code point that hides, or turns the direction of what follows, in a line that people read.
std::string hiding(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    const char32_t c = base::next_code_point(s, i);
    if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200B || c == 0xFEFF ||
        c == 0x2028 || c == 0x2029 || (c >= 0xE0000 && c <= 0xE007F)) {
      char hex[16];
      std::snprintf(hex, sizeof hex, "U+%04X", static_cast<unsigned>(c));
      return hex;
    }
  }
  return {};
}

bool two_decimals(std::string_view s) {
  const std::size_t start = s.starts_with('-') ? 1 : 0, point = s.find('.');
  const std::string_view whole = s.substr(start, point == std::string_view::npos ? point : point - start);
  if (whole.empty() || whole.size() > 15) return false;
  const auto all_digits = [](std::string_view d) {
    return std::ranges::all_of(d, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!all_digits(whole)) return false;
  if (point == std::string_view::npos) return true;
  const std::string_view cents = s.substr(point + 1);
  return !cents.empty() && cents.size() <= 2 && all_digits(cents);
}

class Fitting {
 public:
  Fitting(const Kind& kind, const Known& known, std::vector<Wrong>& wrong)
      : kind_(kind), known_(known), wrong_(wrong) {}

  json::object fields(const std::vector<Field>& fields, const json::object& given, const std::string& at) {
    for (const auto& m : given) {
      const bool known = std::ranges::any_of(
          fields, [&](const Field& f) { return !f.retired && f.name == std::string_view(m.key()); });
      if (!known) wrong_.push_back({at + std::string(m.key()), "unknown_field", said("unknown_field")});
    }
    // First all that was given, in its one spelling; conditions then look at that.
    json::object out;
    for (const Field& f : fields) {
      if (f.retired) continue;
      const auto* v = given.if_contains(f.name);
      if (!v || v->is_null()) continue;
      place_ = at + f.name;
      if (auto fitted = f.many ? many(f, *v) : one(f, *v)) out[f.name] = std::move(*fitted);
    }
    for (bool again = true; again;) {
      again = false;
      for (const Field& f : fields)
        if (!f.retired && out.contains(f.name) && !holds(f.when, kind_, out, known_.state, known_.today))
          out.erase(f.name), again = true;
    }
    for (const Field& f : fields)
      if (f.required && !f.retired && !out.contains(f.name) && !refused(at + f.name) &&
          holds(f.when, kind_, out, known_.state, known_.today))
        wrong_.push_back({at + f.name, "required", said("required")});
    return out;
  }

 private:
  bool refused(std::string_view field) const {
    return std::ranges::any_of(wrong_, [&](const Wrong& w) { return w.field.starts_with(field); });
  }
  std::nullopt_t no(std::string code, const std::string& detail = "") {
    wrong_.push_back({place_, code, said(code, detail)});
    return std::nullopt;
  }
  std::optional<std::string> line(const json::value& v, std::size_t most, bool lines) {
    if (!v.is_string()) return no("form", "a text / un texte");
    std::string s = base::clean(std::string_view(v.get_string()));
    if (!lines) std::ranges::replace(s, '\n', ' '), std::ranges::replace(s, '\t', ' ');
    s = base::trim(s);
    if (characters(s) > most) return no("too_long", std::to_string(most));
    if (const std::string sign = hiding(s); !sign.empty()) return no("hidden", sign);
    return s;
  }
  std::optional<json::value> many(const Field& f, const json::value& v) {
    if (!v.is_array()) return no("form", "a list / une liste");
    if (v.get_array().size() > kManyMax) return no("too_many", std::to_string(kManyMax));
    json::array out;
    for (const auto& each : v.get_array()) {
      auto fitted = one(f, each);
      if (!fitted) continue;
      if (std::ranges::find(out, *fitted) != out.end())
        return no("twice", fitted->is_string() ? std::string(fitted->get_string()) : "");
      out.push_back(std::move(*fitted));
    }
    if (out.empty()) return std::nullopt;
    return json::value(std::move(out));
  }
  std::optional<json::value> text_like(const Field& f, const json::value& v) {
    auto s = line(v, f.type == Type::text ? kTextMax : kLongMax, f.type == Type::long_);
    if (!s || s->empty()) return std::nullopt;
    if (!f.pattern.empty() && !std::regex_match(*s, std::regex(f.pattern))) return no("pattern");
    return json::value(*s);
  }
  std::optional<json::value> number_like(const Field& f, const json::value& v) {
    if (!v.is_number() || (f.type == Type::integer && !v.is_int64()))
      return no("form", f.type == Type::integer ? "12" : "12.5");
    const double d = v.to_number<double>();
    if (!std::isfinite(d)) return no("form", "12.5");
    if (f.min && d < *f.min) return no("least", number_text(*f.min));
    if (f.max && d > *f.max) return no("most", number_text(*f.max));
    return v;
  }
  std::optional<json::value> place(const json::value& v) {
    const auto* o = v.if_object();
    if (!o) return no("form", "{\"name\", \"lat\", \"lon\"}");
    json::object out;
    for (const auto& m : *o) {
      const std::string_view name = m.key();
      if (m.value().is_null()) continue;
      if (name == "name") {
        auto s = line(m.value(), kTextMax, false);
        if (!s) return std::nullopt;
        if (!s->empty()) out["name"] = *s;
      } else if (name == "lat" || name == "lon" || name == "radius_m") {
        if (!m.value().is_number()) return no("form", "12.5");
        const double d = m.value().to_number<double>();
        const double most = name == "lat" ? 90 : name == "lon" ? 180 : 20'100'000;
        const double least = name == "radius_m" ? 0 : -most;
        if (!(d >= least)) return no("least", number_text(least));
        if (!(d <= most)) return no("most", number_text(most));
        out[m.key()] = d;
      } else {
        return no("form", "{\"name\", \"lat\", \"lon\", \"radius_m\"}");
      }
    }
    if (out.contains("lat") != out.contains("lon") || (out.contains("radius_m") && !out.contains("lat")))
      return no("form", "\"lat\" + \"lon\"");
    if (out.empty()) return std::nullopt;
    return json::value(std::move(out));
  }
  std::optional<json::value> graded(const json::value& v) {
    const auto* o = v.if_object();
    const auto text = [&](const char* name) -> std::string {
      const auto* m = o ? o->if_contains(name) : nullptr;
      return m && m->is_string() ? std::string(m->get_string()) : std::string();
    };
    const std::string scheme = text("scheme"), source = text("source"), information = text("information");
    if (!o || o->size() != 3 || scheme.empty())
      return no("form", "{\"scheme\", \"source\", \"information\"}");
    const auto grading = known_.declared->vocabulary("grading");
    const Code* c = grading ? grading->code(scheme) : nullptr;
    if (!c) return no("unknown_code", scheme);
    for (const auto& each : grading->declaration.at("codes").get_array()) {
      if (each.at("code") != json::value(scheme)) continue;
      for (const auto& [list, of_list] :
           {std::pair{"sources", source}, std::pair{"information", information}}) {
        const auto& code = of_list;  // clang 14 lends no binding to a lambda
        const auto* codes = each.get_object().if_contains(list);
        const bool there =
            codes && codes->is_array() && std::ranges::any_of(codes->get_array(), [&](const auto& x) {
              return x.is_object() && x.get_object().if_contains("code") && x.at("code") == json::value(code);
            });
        if (!there) return no("unknown_code", code.empty() ? "?" : code);
      }
    }
    return json::object{{"scheme", scheme}, {"source", source}, {"information", information}};
  }
  std::optional<json::value> money(const json::value& v) {
    const auto* o = v.if_object();
    const auto* amount = o ? o->if_contains("amount") : nullptr;
    const auto* currency = o ? o->if_contains("currency") : nullptr;
    if (!amount || !currency || o->size() != 2 || !amount->is_string() || !currency->is_string() ||
        !two_decimals(std::string_view(amount->get_string())))
      return no("form", "{\"amount\": \"1250.50\", \"currency\": \"EUR\"}");
    const std::string_view c(currency->get_string());
    if (c.size() != 3 || !std::ranges::all_of(c, [](char x) { return x >= 'A' && x <= 'Z'; }))
      return no("form", "EUR");
    return v;
  }
  std::optional<json::value> coded(const Field& f, const std::string& s) {
    const auto vocabulary = known_.declared->vocabulary(f.vocabulary);
    const Code* c = vocabulary ? vocabulary->code(s) : nullptr;
    if (!c) return no("unknown_code", s);
    if (c->retired && !was(f, s)) return no("retired_code", s);
    if (f.leaf && std::ranges::any_of(vocabulary->codes, [&](const Code& x) { return x.parent == s; }))
      return no("heading", s);
    return json::value(s);
  }
  // Of rows nothing is asked: their order may have changed, and what stood there may stay.
  bool was(const Field& f, const std::string& s) const {
    if (place_.find('[') != std::string::npos) return known_.before != nullptr;
    const auto* v = known_.before ? known_.before->if_contains(f.name) : nullptr;
    if (!v) return false;
    if (v->is_array()) return std::ranges::find(v->get_array(), json::value(s)) != v->get_array().end();
    return *v == json::value(s);
  }
  std::optional<json::value> one(const Field& f, const json::value& v) {
    switch (f.type) {
      case Type::text:
      case Type::long_: return text_like(f, v);
      case Type::integer:
      case Type::number: return number_like(f, v);
      case Type::yes_no:
        if (!v.is_bool()) return no("form", "true / false");
        return v;
      case Type::place: return place(v);
      case Type::graded: return graded(v);
      case Type::money: return money(v);
      case Type::rows: return rows(f, v);
      default: break;
    }
    auto s = line(v, kTextMax, false);
    if (!s || s->empty()) return std::nullopt;
    switch (f.type) {
      case Type::date:
        if (const auto days = days_of(*s); !days)
          return no("form", "2026, 2026-11, 2026-11-27, 2026-11~, A/B");
        return json::value(*s);
      case Type::time: {
        const auto t = base::parse_rfc3339(*s);
        if (!t || s->size() < 16) return no("form", "2026-11-27T10:00:00Z");
        return json::value(base::rfc3339(*t));
      }
      case Type::coded: return coded(f, *s);
      case Type::reference:
        if (!known_.reference || !known_.reference(f, *s)) return no("unknown", *s);
        return json::value(*s);
      case Type::staff:
        if (!known_.staff || !known_.staff(*s)) return no("unknown", *s);
        return json::value(*s);
      case Type::items:
        if (!known_.item || !known_.item(*s)) return no("unknown", *s);
        return json::value(*s);
      case Type::person: {
        auto code = rights::read_person_code(*s);
        if (!code) return no("form", "W-7K3M9QZX02T");
        return json::value(*code);
      }
      default: return std::nullopt;
    }
  }
  std::optional<json::value> rows(const Field& f, const json::value& v) {
    if (!v.is_array()) return no("form", "[{...}]");
    if (v.get_array().size() > kRowsMax) return no("too_many", std::to_string(kRowsMax));
    json::array out;
    const std::string at = place_;
    for (std::size_t i = 0; i < v.get_array().size(); ++i) {
      const auto& row = v.get_array()[i];
      place_ = at + "[" + std::to_string(i) + "]";
      if (!row.is_object()) return no("form", "{...}");
      if (row.get_object().empty()) continue;
      out.push_back(fields(f.columns, row.get_object(), place_ + "."));
    }
    place_ = at;
    if (out.empty()) return std::nullopt;
    return json::value(std::move(out));
  }

  const Kind& kind_;
  const Known& known_;
  std::vector<Wrong>& wrong_;
  std::string place_;
};

std::optional<Days> days_in(const Kind& kind, const json::object& values, const std::string& field,
                            std::int64_t today) {
  if (field == "today") return Days{today, today};
  const auto* v = values.if_contains(field);
  if (!v || !v->is_string()) return {};
  const std::string_view s(v->get_string());
  const Field* f = kind.field(field);
  if (f && f->type == Type::time) {
    const auto t = base::parse_rfc3339(s);
    if (!t) return {};
    const std::int64_t day = *t >= 0 ? *t / 86400 : -((-*t + 86399) / 86400);
    return Days{day, day};
  }
  const auto d = days_of(s);
  return d ? std::optional(*d) : std::nullopt;
}

}  // namespace

std::string text_in(const json::object& o, std::string_view member) {
  const auto* v = o.if_contains(member);
  return v && v->is_string() ? std::string(v->get_string()) : std::string();
}
double figure_in(const json::object& o, std::string_view member, double otherwise) {
  const auto* v = o.if_contains(member);
  return v && v->is_number() ? v->to_number<double>() : otherwise;
}
bool filled(const json::object& values, std::string_view field) {
  const auto* v = values.if_contains(json::string_view(field.data(), field.size()));
  if (!v || v->is_null()) return false;
  if (v->is_string()) return !v->get_string().empty();
  if (v->is_array()) return !v->get_array().empty();
  return true;
}

bool holds(const Condition& c, const Kind& kind, const json::object& values, std::string_view state,
           std::int64_t today, const Elsewhere& elsewhere) {
  const auto also = [&](const Condition& x) { return holds(x, kind, values, state, today, elsewhere); };
  const auto* v = c.field.empty() ? nullptr : values.if_contains(c.field);
  const auto among = [&](const json::value& x) { return std::ranges::find(c.values, x) != c.values.end(); };
  switch (c.is) {
    case Condition::Is::always: return true;
    case Condition::Is::filled: return filled(values, c.field);
    case Condition::Is::is:
    case Condition::Is::in:
      if (!v) return false;
      if (v->is_array()) return std::ranges::any_of(v->get_array(), among);
      return among(*v);
    case Condition::Is::at_least: return v && v->is_number() && v->to_number<double>() >= c.bound;
    case Condition::Is::at_most: return v && v->is_number() && v->to_number<double>() <= c.bound;
    case Condition::Is::not_after: {
      const auto a = days_in(kind, values, c.field, today), b = days_in(kind, values, c.other, today);
      return !a || !b || a->from <= b->to;
    }
    case Condition::Is::state: return among(json::value(json::string_view(state.data(), state.size())));
    case Condition::Is::not_: return !also(c.of.front());
    case Condition::Is::all: return std::ranges::all_of(c.of, also);
    case Condition::Is::any: return std::ranges::any_of(c.of, also);
    case Condition::Is::of: {
      if (!v || !elsewhere) return false;
      const auto there = [&](const json::value& code) {
        return code.is_string() && elsewhere(std::string_view(code.get_string()), c.of.front());
      };
      if (v->is_array()) return !v->get_array().empty() && std::ranges::all_of(v->get_array(), there);
      return there(*v);
    }
  }
  return false;
}

json::object fit(const Kind& kind, const json::object& given, const Known& known, std::vector<Wrong>& wrong) {
  const std::size_t before = wrong.size();
  json::object out = Fitting(kind, known, wrong).fields(kind.fields, given, "");
  if (wrong.size() != before) return out;
  for (const Rule& r : kind.rules)
    if (!holds(r.must, kind, out, known.state, known.today)) wrong.push_back({r.must.field, r.id, r.words});
  return out;
}

}  // namespace kinds
