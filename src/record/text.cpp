#include <base/bytes.h>
#include <record/text.h>

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>

#include <charconv>
#include <cmath>
#include <map>

namespace record {
namespace {

// Boost.JSON 1.81 reads a fraction to within one unit in its last place only: this reads those of the members
// of an object from their text.
struct Fractions {
  using View = boost::json::string_view;
  using Code = boost::json::error_code;
  static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);
  std::map<std::string, double> members;
  std::string key, number;
  int depth = 0;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return ++depth, key.clear(), true; }
  bool on_object_end(std::size_t, Code&) { return --depth, true; }
  bool on_array_begin(Code&) { return ++depth, true; }
  bool on_array_end(std::size_t, Code&) { return --depth, true; }
  bool on_key_part(View s, std::size_t n, Code&) {
    return key.resize(n - s.size()), key.append(s.data(), s.size()), true;
  }
  bool on_key(View s, std::size_t n, Code& e) { return on_key_part(s, n, e); }
  bool on_string_part(View, std::size_t, Code&) { return true; }
  bool on_string(View, std::size_t, Code&) { return true; }
  bool on_number_part(View s, Code&) { return number.append(s.data(), s.size()), true; }
  bool on_int64(std::int64_t, View, Code&) { return number.clear(), true; }
  bool on_uint64(std::uint64_t, View, Code&) { return number.clear(), true; }
  bool on_double(double, View s, Code&) {
    number.append(s.data(), s.size());
    double exact = 0;
    if (depth == 1 && std::from_chars(number.data(), number.data() + number.size(), exact).ec == std::errc{})
      members[key] = exact;
    number.clear();
    return true;
  }
  bool on_bool(bool, Code&) { return true; }
  bool on_null(Code&) { return true; }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }
};

void read_fractions(std::string_view json, boost::json::object& object) {
  boost::json::basic_parser<Fractions> parser(boost::json::parse_options{});
  boost::json::error_code error;
  parser.write_some(false, json.data(), json.size(), error);
  if (error) return;
  for (const auto& [key, exact] : parser.handler().members)
    if (auto* v = object.if_contains(key); v && v->is_double()) v->as_double() = exact;
}

const boost::json::value& of(const void* v) { return *static_cast<const boost::json::value*>(v); }

std::string_view column_name(Column c) {
  switch (c) {
    case Column::integer: return "integer";
    case Column::real: return "real";
    case Column::text: return "text";
    case Column::blob: return "blob";
  }
  return "";
}

}  // namespace

bool JsonView::is_null() const { return of(value_).is_null(); }
std::optional<std::int64_t> JsonView::integer() const {
  if (const auto* i = of(value_).if_int64()) return *i;
  return {};
}
std::optional<double> JsonView::real() const {
  if (const auto* d = of(value_).if_double()) return std::isfinite(*d) ? std::optional(*d) : std::nullopt;
  if (const auto* u = of(value_).if_uint64()) return static_cast<double>(*u);
  if (const auto* i = of(value_).if_int64()) return static_cast<double>(*i);
  return {};
}
std::optional<bool> JsonView::boolean() const {
  if (const auto* b = of(value_).if_bool()) return *b;
  return {};
}
std::optional<std::string_view> JsonView::string() const {
  if (const auto* s = of(value_).if_string()) return std::string_view(s->data(), s->size());
  return {};
}

void WireOf<Octets>::json(std::string& o, const Octets& v) {
  base::append_json_string(o, base::hex(v.bytes));
}
bool WireOf<Octets>::from_json(const JsonView& j, Octets& v) {
  const auto s = j.string();
  if (!s) return false;
  auto bytes = base::unhex(*s);
  if (!bytes) return false;
  v.bytes = std::move(*bytes);
  return true;
}

std::string to_json(const Shape& shape, const void* record) {
  std::string out = "{";
  for (const Field& f : shape.fields) {
    if (out.size() > 1) out += ',';
    base::append_json_string(out, f.name);
    out += ':';
    f.wire->json(out, f.at(record));
  }
  return out + "}";
}

base::Status from_json(const Shape& shape, std::string_view json, void* record) {
  boost::json::error_code error;
  boost::json::value parsed = boost::json::parse({json.data(), json.size()}, error);
  if (error) return base::Error{base::Refusal::invalid, "not JSON: " + error.message()};
  boost::json::object* object = parsed.if_object();
  if (!object) return base::Error{base::Refusal::invalid, "a JSON object is expected"};
  for (const auto& member : *object)
    if (member.value().is_double()) {
      read_fractions(json, *object);
      break;
    }
  std::size_t met = 0;
  for (const Field& f : shape.fields) {
    const auto* v = object->if_contains({f.name.data(), f.name.size()});
    if (!v) {
      if (f.wire->optional) continue;
      return base::Error{base::Refusal::invalid, "member \"" + std::string(f.name) + "\" is missing"};
    }
    ++met;
    if (!f.wire->from_json(JsonView(v), f.at_mutable(record)))
      return base::Error{base::Refusal::invalid,
                         "member \"" + std::string(f.name) + "\" must fit " + std::string(f.wire->schema)};
  }
  if (met != object->size())
    for (const auto& member : *object) {
      bool known = false;
      for (const Field& f : shape.fields)
        known |= member.key() == boost::json::string_view(f.name.data(), f.name.size());
      if (!known)
        return base::Error{base::Refusal::invalid,
                           "member \"" + std::string(member.key()) + "\" is not known"};
    }
  return base::Done{};
}

std::string json_schema(const Shape& shape) {
  std::string required, properties;
  for (const Field& f : shape.fields) {
    if (!properties.empty()) properties += ',';
    base::append_json_string(properties, f.name);
    properties += ":{\"title\":" + base::json_string(f.label) + "," + std::string(f.wire->schema.substr(1));
    if (f.wire->optional) continue;
    if (!required.empty()) required += ',';
    base::append_json_string(required, f.name);
  }
  return "{\"title\":" + base::json_string(shape.name) +
         ",\"type\":\"object\",\"additionalProperties\":false,\"required\":[" + required +
         "],\"properties\":{" + properties + "}}";
}

std::vector<std::string_view> changed(const Shape& shape, const void* before, const void* after) {
  std::vector<std::string_view> names;
  for (const Field& f : shape.fields)
    if (!f.wire->equal(f.at(before), f.at(after))) names.push_back(f.name);
  return names;
}

std::string lock_lines(const Shape& shape) {
  std::string out;
  for (const Field& f : shape.fields) {
    out.append(shape.name)
        .append(" ")
        .append(std::to_string(f.number))
        .append(" ")
        .append(f.name)
        .append(" ");
    out.append(column_name(f.wire->column));
    if (f.wire->optional) out += " optional";
    if (f.indexed) out += " indexed";
    if (f.key) out += " key";
    if (f.guard != Guard::open) out += f.guard == Guard::sealed ? " sealed" : " restricted";
    out += '\n';
  }
  for (const int n : shape.retired)
    out.append(shape.name).append(" ").append(std::to_string(n)).append(" retired\n");
  return out;
}

}  // namespace record
