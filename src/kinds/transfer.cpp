// Values as cells of a table, as words, as a schema.
#include <base/text.h>
#include <kinds/value.h>

#include <algorithm>
#include <charconv>

namespace kinds {
namespace {

namespace json = boost::json;

std::optional<double> number_in(std::string_view s, bool decimal_comma) {
  std::string text;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == ' ' || s.substr(i).starts_with("\u00a0") || s.substr(i).starts_with("\u202f")) {
      i += s[i] == ' ' ? 0 : s.substr(i).starts_with("\u00a0") ? 1 : 2;  // groups of thousands
      continue;
    }
    text += decimal_comma && s[i] == ',' ? '.' : s[i];
  }
  double d = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), d);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return d;
}

json::value as_number(const Field& f, double d) {
  if (f.type == Type::integer && d == static_cast<double>(static_cast<std::int64_t>(d)))
    return static_cast<std::int64_t>(d);
  return d;
}

std::string text_in(const json::value& v) {
  if (v.is_string()) return std::string(v.get_string());
  if (v.is_double()) {
    char buffer[32];
    return {buffer, std::to_chars(buffer, buffer + sizeof buffer, v.get_double()).ptr};
  }
  return v.is_null() ? std::string() : json::serialize(v);
}

std::optional<json::value> single(const Field& f, std::string_view cell, bool decimal_comma) {
  switch (f.type) {
    case Type::integer:
    case Type::number: {
      const auto d = number_in(cell, decimal_comma);
      if (!d) return {};
      return as_number(f, *d);
    }
    case Type::yes_no: {
      const std::string s = base::lower_ascii(cell);
      if (s == "true" || s == "yes" || s == "oui" || s == "1" || s == "vrai") return json::value(true);
      if (s == "false" || s == "no" || s == "non" || s == "0" || s == "faux") return json::value(false);
      return {};
    }
    case Type::place: {
      // "name", "lat lon", or "name @ lat lon"
      json::object out;
      const std::size_t at = cell.rfind('@');
      std::string_view where = at == std::string_view::npos ? cell : base::trim(cell.substr(at + 1));
      const std::size_t gap = where.find(decimal_comma                               ? ' '
                                         : where.find(',') != std::string_view::npos ? ','
                                                                                     : ' ');
      std::optional<double> lat, lon;
      if (gap != std::string_view::npos) {
        lat = number_in(base::trim(where.substr(0, gap)), decimal_comma);
        lon = number_in(base::trim(where.substr(gap + 1)), decimal_comma);
      }
      if (lat && lon) {
        out["lat"] = *lat, out["lon"] = *lon;
        if (at != std::string_view::npos && at > 0) {
          const std::string_view name = base::trim(cell.substr(0, at));
          if (!name.empty()) out["name"] = json::string_view(name.data(), name.size());
        }
      } else {
        out["name"] = json::string_view(cell.data(), cell.size());
      }
      return json::value(std::move(out));
    }
    case Type::graded: {
      // "admiralty B2"
      const std::size_t gap = cell.find(' ');
      if (gap == std::string_view::npos || cell.size() != gap + 3) return {};
      const auto part = [&](std::size_t from, std::size_t n) { return std::string(cell.substr(from, n)); };
      return json::object{
          {"scheme", part(0, gap)}, {"source", part(gap + 1, 1)}, {"information", part(gap + 2, 1)}};
    }
    case Type::money: {
      // "1250.50 EUR"
      const std::size_t gap = cell.rfind(' ');
      if (gap == std::string_view::npos) return {};
      std::string amount(cell.substr(0, gap));
      std::erase(amount, ' ');
      if (decimal_comma) std::ranges::replace(amount, ',', '.');
      return json::object{{"amount", amount}, {"currency", std::string(cell.substr(gap + 1))}};
    }
    case Type::rows: {
      boost::system::error_code broken;
      json::value v = json::parse(json::string_view(cell.data(), cell.size()), broken);
      if (broken) return {};
      return v;
    }
    default: return json::value(json::string_view(cell.data(), cell.size()));
  }
}

void words_of(const std::vector<Field>& fields, const json::object& values, const Declared& declared,
              std::string& out) {
  for (const Field& f : fields) {
    if (f.retired || f.guard != Guard::open) continue;
    const auto* v = values.if_contains(f.name);
    if (!v) continue;
    const auto one = [&](const json::value& x) {
      if (f.type == Type::rows) {
        if (x.is_object()) words_of(f.columns, x.get_object(), declared, out);
      } else if (f.type == Type::place) {
        if (x.is_object() && x.get_object().contains("name")) out += text_in(x.at("name")) + "\n";
      } else if (f.type == Type::coded) {
        const auto vocabulary = declared.vocabulary(f.vocabulary);
        const Code* c = vocabulary ? vocabulary->code(text_in(x)) : nullptr;
        if (c) out += c->label.en + "\n" + c->label.fr + "\n";
      } else if (x.is_string()) {
        out += text_in(x) + "\n";
      }
    };
    if (v->is_array())
      for (const auto& x : v->get_array()) one(x);
    else
      one(*v);
  }
}

json::object schema_of_fields(const std::vector<Field>& fields, const Declared& declared);

json::object schema_of(const Field& f, const Declared& declared) {
  json::object s;
  const auto object = [](json::object properties, json::array required) {
    return json::object{{"type", "object"},
                        {"properties", std::move(properties)},
                        {"required", std::move(required)},
                        {"additionalProperties", false}};
  };
  const json::object text{{"type", "string"}}, number{{"type", "number"}};
  switch (f.type) {
    case Type::text: s = {{"type", "string"}, {"maxLength", 500}}; break;
    case Type::long_: s = {{"type", "string"}, {"maxLength", 100000}}; break;
    case Type::integer: s = {{"type", "integer"}}; break;
    case Type::number: s = {{"type", "number"}}; break;
    case Type::yes_no: s = {{"type", "boolean"}}; break;
    case Type::time: s = {{"type", "string"}, {"format", "date-time"}}; break;
    case Type::place:
      s = object({{"name", text}, {"lat", number}, {"lon", number}, {"radius_m", number}}, {});
      break;
    case Type::graded:
      s = object({{"scheme", text}, {"source", text}, {"information", text}},
                 {"scheme", "source", "information"});
      break;
    case Type::money: s = object({{"amount", text}, {"currency", text}}, {"amount", "currency"}); break;
    case Type::rows: s = {{"type", "array"}, {"items", schema_of_fields(f.columns, declared)}}; break;
    case Type::coded: {
      json::array codes;
      if (const auto v = declared.vocabulary(f.vocabulary))
        for (const Code& c : v->codes) codes.emplace_back(c.code);
      s = {{"type", "string"}, {"enum", std::move(codes)}};
      break;
    }
    default: s = {{"type", "string"}};
  }
  if (f.min) s["minimum"] = *f.min;
  if (f.max) s["maximum"] = *f.max;
  if (!f.pattern.empty()) s["pattern"] = f.pattern;
  if (f.many) s = {{"type", "array"}, {"items", std::move(s)}, {"uniqueItems", true}};
  s["title"] = f.label.en;
  return s;
}

json::object schema_of_fields(const std::vector<Field>& fields, const Declared& declared) {
  json::object properties;
  json::array required;
  for (const Field& f : fields) {
    if (f.retired || f.computed) continue;
    properties[f.name] = schema_of(f, declared);
    if (f.required && f.when.is == Condition::Is::always) required.emplace_back(f.name);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

}  // namespace

std::optional<json::value> from_cell(const Field& field, std::string_view cell, bool decimal_comma) {
  if (!field.many) return single(field, cell, decimal_comma);
  json::array out;
  for (const std::string_view part : base::split(cell, '|'))
    if (const std::string_view s = base::trim(part); !s.empty()) {
      auto v = single(field, s, decimal_comma);
      if (!v) return {};
      out.push_back(std::move(*v));
    }
  return json::value(std::move(out));
}

std::string to_cell(const Field& field, const json::value& value) {
  if (value.is_null()) return {};
  if (field.type == Type::rows) return json::serialize(value);
  if (value.is_array()) {
    std::string out;
    for (const auto& v : value.get_array()) out += (out.empty() ? "" : "|") + text_in(v);
    return out;
  }
  if (const auto* o = value.if_object()) {
    const auto part = [&](const char* name) {
      return o->contains(name) ? text_in(o->at(name)) : std::string();
    };
    if (field.type == Type::graded) return part("scheme") + " " + part("source") + part("information");
    if (field.type == Type::money) return part("amount") + " " + part("currency");
    if (field.type == Type::place) {
      std::string out = part("name");
      if (!o->contains("lat")) return out;
      return out + (out.empty() ? "" : " @ ") + part("lat") + " " + part("lon");
    }
  }
  return text_in(value);
}

std::string text_of(const Kind& kind, const json::object& values, const Declared& declared) {
  std::string out;
  words_of(kind.fields, values, declared, out);
  return out;
}

json::object json_schema(const Kind& kind, const Declared& declared) {
  json::object s = schema_of_fields(kind.fields, declared);
  s["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  s["title"] = kind.label.en;
  return s;
}

}  // namespace kinds
