#include <base/bytes.h>
#include <record/text.h>

#include <boost/json.hpp>

namespace record {
namespace {

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
  if (const auto* d = of(value_).if_double()) return *d;
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

void WireOf<Octets>::json(std::string& o, const Octets& v) { base::append_json_string(o, base::hex(v.bytes)); }
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
  const boost::json::value parsed = boost::json::parse({json.data(), json.size()}, error);
  if (error) return base::Error{base::Refusal::invalid, "not JSON: " + error.message()};
  const boost::json::object* object = parsed.if_object();
  if (!object) return base::Error{base::Refusal::invalid, "a JSON object is expected"};
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
      for (const Field& f : shape.fields) known |= member.key() == boost::json::string_view(f.name.data(), f.name.size());
      if (!known)
        return base::Error{base::Refusal::invalid, "member \"" + std::string(member.key()) + "\" is not known"};
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
  return "{\"title\":" + base::json_string(shape.name) + ",\"type\":\"object\",\"additionalProperties\":false,\"required\":[" +
         required + "],\"properties\":{" + properties + "}}";
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
    out.append(shape.name).append(" ").append(std::to_string(f.number)).append(" ").append(f.name).append(" ");
    out.append(column_name(f.wire->column));
    if (f.wire->optional) out += " optional";
    if (f.indexed) out += " indexed";
    if (f.key) out += " key";
    if (f.guard != Guard::open) out += f.guard == Guard::sealed ? " sealed" : " restricted";
    out += '\n';
  }
  for (const int n : shape.retired) out.append(shape.name).append(" ").append(std::to_string(n)).append(" retired\n");
  return out;
}

}  // namespace record
