#include "openapi.h"

#include <base/text.h>

#include <algorithm>
#include <set>

namespace service {
namespace {

namespace json = boost::json;

json::value of(json::object o) { return json::value(std::move(o)); }

// One shape, from the front of `rest`.
class Reading {
 public:
  Reading(std::string_view rest, std::set<std::string>& asked) : rest_(rest), asked_(asked) {}
  base::Result<json::value> all() {
    json::value v = TRY(one_of());
    if (!word().empty() || !rest_.empty()) return wrong("the end of the line");
    return v;
  }

 private:
  base::Error wrong(std::string_view expected) const {
    return {base::Refusal::invalid,
            "expected " + std::string(expected) + " before \"" + std::string(rest_.substr(0, 30)) + "\""};
  }
  void skip() {
    while (!rest_.empty() && rest_[0] == ' ') rest_.remove_prefix(1);
  }
  bool take(std::string_view what) {
    skip();
    if (!rest_.starts_with(what)) return false;
    rest_.remove_prefix(what.size());
    return true;
  }
  std::string_view word() {
    skip();
    std::size_t n = 0;
    while (n < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[n])) || rest_[n] == '_')) ++n;
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return out;
  }
  base::Result<json::value> one_of() {
    json::array all{TRY(one())};
    while (take("|")) all.push_back(TRY(one()));
    if (all.size() == 1) return all[0];
    // Words alone are a list of them.
    if (std::ranges::all_of(all, [](const json::value& v) { return v.as_object().contains("const"); })) {
      json::array words;
      for (const json::value& v : all) words.push_back(v.at("const"));
      return of({{"type", "string"}, {"enum", std::move(words)}});
    }
    return of({{"anyOf", std::move(all)}});
  }
  base::Result<json::value> one() {
    if (take("[")) {
      json::value items = TRY(one_of());
      if (take(",")) {
        json::array each{std::move(items)};
        do each.push_back(TRY(one_of()));
        while (take(","));
        if (!take("]")) return wrong("]");
        const std::size_t n = each.size();
        return of({{"type", "array"},
                   {"prefixItems", std::move(each)},
                   {"items", false},
                   {"minItems", n},
                   {"maxItems", n}});
      }
      if (!take("]")) return wrong("]");
      return of({{"type", "array"}, {"items", std::move(items)}});
    }
    if (take("{")) return object();
    if (take("\"")) {
      const std::size_t end = rest_.find('"');
      if (end == std::string_view::npos) return wrong("the end of a word");
      json::value v = json::object{{"type", "string"}, {"const", rest_.substr(0, end)}};
      rest_.remove_prefix(end + 1);
      return v;
    }
    const std::string_view name = word();
    static const std::map<std::string_view, const char*> plain{
        {"text", "string"}, {"int", "integer"}, {"num", "number"}, {"bool", "boolean"}, {"null", "null"}};
    if (const auto at = plain.find(name); at != plain.end()) return of({{"type", at->second}});
    if (name == "any") return of({});
    if (name.empty() || name[0] < 'A' || name[0] > 'Z') return wrong("a shape");
    asked_.emplace(name);
    return of({{"$ref", "#/components/schemas/" + std::string(name)}});
  }
  base::Result<json::value> object() {
    json::object properties;
    json::array required;
    json::value more = false;
    while (!take("}")) {
      const bool any = take("*");
      const std::string_view name = any ? "" : word();
      if (!any && name.empty()) return wrong("the name of a member");
      const bool maybe = take("?");
      if (!take(":")) return wrong(":");
      json::value shape = TRY(one_of());
      if (any)
        more = std::move(shape);
      else
        properties[name] = std::move(shape);
      if (!any && !maybe) required.emplace_back(name);
      if (!take(",") && !rest_.starts_with("}")) return wrong(", or }");
    }
    return of({{"type", "object"},
               {"properties", std::move(properties)},
               {"required", std::move(required)},
               {"additionalProperties", std::move(more)}});
  }
  std::string_view rest_;
  std::set<std::string>& asked_;
};

json::object content(std::string_view type, const json::value& schema) {
  json::object media;
  if (!schema.is_null()) media["schema"] = schema;
  return {{type, std::move(media)}};
}
json::object places_of(const std::string& path) {
  json::array out;
  for (std::size_t at = 0; (at = path.find('{', at)) != std::string::npos; ++at)
    out.push_back({{"name", path.substr(at + 1, path.find('}', at) - at - 1)},
                   {"in", "path"},
                   {"required", true},
                   {"schema", {{"type", "string"}}}});
  return {{"parameters", std::move(out)}};
}

}  // namespace

base::Result<Shapes> Shapes::parse(std::string_view text) {
  Shapes out;
  std::set<std::string> asked;
  std::size_t number = 0;
  for (const std::string_view raw : base::split(text, '\n')) {
    ++number;
    const std::string_view line = base::trim(raw);
    if (line.empty() || line[0] == '#') continue;
    const auto wrong = [&](const std::string& what) {
      return base::Error{base::Refusal::invalid, "shapes, line " + std::to_string(number) + ": " + what};
    };
    const std::size_t space = line.find(' ');
    const std::string name(line.substr(0, space));
    const std::string_view rest = space == std::string_view::npos ? "" : line.substr(space + 1);
    const std::size_t sign = rest.find(' ');
    const std::string_view how = rest.substr(0, sign),
                           shape = sign == std::string_view::npos ? "" : rest.substr(sign + 1);
    const bool type = how == "=";
    if (!type && how != "<-" && how != "->") return wrong("expected =, <- or -> after the name");
    json::value v = nullptr;
    if (!type && how == "->" && shape == "nothing") {
      v = false;
    } else if (type || shape != "bytes") {
      auto read = Reading(shape, asked).all();
      if (!read.ok()) return wrong(read.error().message);
      v = std::move(*read);
    }
    auto& table = how == "<-" ? out.requests : out.responses;
    if (type ? out.named.contains(name) : table.contains(name)) return wrong(name + " is described twice");
    if (type)
      out.named[name] = std::move(v);
    else
      table[name] = std::move(v);
  }
  for (const std::string& name : asked)
    if (!out.named.contains(name))
      return base::Error{base::Refusal::invalid, "shapes: there is no shape " + name};
  return out;
}

std::string openapi_of(const std::vector<http::Route>& routes, const Shapes& shapes) {
  json::object paths;
  const json::object problem{{"description", "a problem (RFC 9457)"},
                             {"content", content("application/problem+json", nullptr)}};
  std::map<std::string, std::vector<const http::Route*>> by_path;
  for (const http::Route& r : routes) by_path[kPrefix + r.path].push_back(&r);
  for (const auto& [path, all] : by_path)
    for (const http::Route* r : all) {
      const std::string name(r->act.name());
      json::object operation{{"operationId", name}};
      for (auto& [key, value] : places_of(path)) operation[key] = value;
      if (const auto at = shapes.requests.find(name); at != shapes.requests.end())
        operation["requestBody"] = json::object{
            {"content", content(at->second.is_null() ? r->takes : "application/json", at->second)}};
      json::object good{{"description", "done"}};
      if (const json::value& gives = shapes.responses.at(name); gives != false)
        good["content"] = content(gives.is_null() ? "*/*" : "application/json", gives);
      operation["responses"] = json::object{{"2XX", std::move(good)}, {"default", problem}};
      std::string method(http::name_of(r->method));
      for (char& c : method) c = static_cast<char>(c | 0x20);
      if (!paths.contains(path)) paths[path] = json::object{};
      paths[path].as_object()[method] = std::move(operation);
    }
  return json::serialize(json::object{{"openapi", "3.1.0"},
                                      {"info", {{"title", "Custos"}, {"version", CUSTOS_VERSION}}},
                                      {"paths", std::move(paths)},
                                      {"components", {{"schemas", shapes.named}}}});
}

std::vector<std::string> misfits(const std::vector<http::Route>& routes, const Shapes& shapes) {
  std::vector<std::string> out;
  std::set<std::string> names;
  for (const http::Route& r : routes) names.emplace(r.act.name());
  for (const auto* table : {&shapes.requests, &shapes.responses})
    for (const auto& [name, shape] : *table)
      if (!names.contains(name)) out.push_back(name + ": there is no such operation");
  for (const std::string& name : names)
    if (!shapes.responses.contains(name)) out.push_back(name + ": what it gives is not described");
  return out;
}

}  // namespace service
