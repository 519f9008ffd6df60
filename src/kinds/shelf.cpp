// The templates of an office: those that are shipped, and the versions that it made of them.
#include "say.h"

#include <base/json.h>
#include <base/time.h>
#include <kinds/records.h>
#include <kinds/template.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

json::object head_of(const Template& t) {
  json::array periods;
  for (const std::string& p : t.periods) periods.emplace_back(p);
  return {{"template", t.name},
          {"label", words_json(t.label)},
          {"kind", t.kind.empty() ? json::value() : json::value(t.kind)},
          {"periods", std::move(periods)},
          {"version", t.version},
          {"source", t.source},
          {"ratified", t.ratified}};
}

}  // namespace

// A kept version that no longer fits what is declared does not keep the office from opening: the shipped one
// stands, and whoever keeps templates is told.
base::Status Records::load_templates() {
  std::map<std::string, Shelved, std::less<>> all;
  for (const std::string& text : shipped_templates()) {
    Template t = TRY(read_template(*declared_, text));
    if (all.contains(t.name))
      return base::Error{base::Refusal::invalid, "template " + t.name + ": two templates have this name"};
    const std::string name = t.name;
    all[name].now = std::make_shared<const Template>(std::move(t));
  }
  sql().each(
      "select t.name, t.version, t.body from template t where t.version = (select max(u.version) from "
      "template u "
      "where u.name = t.name)",
      [&](store::Statement& s) {
        const std::string name(s.text(0));
        auto kept = read_template(*declared_, s.text(2));
        const auto at = all.find(name);
        if (at != all.end() && at->second.now->version >= s.integer(1)) return;
        if (kept)
          all[name].now = std::make_shared<const Template>(std::move(*kept));
        else if (at != all.end())
          at->second.wrong = kept.error().message;
      });
  const std::lock_guard lock(mutex_);
  templates_ = std::move(all);
  return base::Done{};
}

bool Records::uses(const Asker& who, const Template& t) {
  if (!t.kind.empty()) {
    const Kind* kind = declared_->kind(t.kind);
    return kind && sees_some(who, *kind, rights::Act::read);
  }
  return std::ranges::any_of(t.kinds, [&](const std::string& name) {
    const Kind* kind = declared_->kind(name);
    return kind && sees_some(who, *kind, rights::Act::read);
  });
}

json::object Records::templates(const Asker& who, std::string_view kind) {
  const bool editable = administers_vocabularies(who);
  const auto shelf = [&] {
    const std::lock_guard lock(mutex_);
    return templates_;
  }();
  json::array out;
  for (const auto& [name, at] : shelf) {
    const bool usable = uses(who, *at.now);
    if ((!usable && !editable) || (!kind.empty() && at.now->kind != kind)) continue;
    json::object t = head_of(*at.now);
    t["usable"] = usable, t["editable"] = editable;
    if (editable && !at.wrong.empty()) t["wrong"] = at.wrong;
    out.push_back(std::move(t));
  }
  return {{"templates", std::move(out)}, {"editable", editable}};
}

base::Result<std::shared_ptr<const Template>> Records::template_for(const Asker& who, std::string_view name) {
  const auto met = [&]() -> std::shared_ptr<const Template> {
    const std::lock_guard lock(mutex_);
    const auto at = templates_.find(name);
    return at == templates_.end() ? nullptr : at->second.now;
  }();
  if (!met || !uses(who, *met)) return not_there();
  return met;
}

std::vector<std::string> Records::template_names() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& [name, shelved] : templates_) out.push_back(name);
  return out;
}
base::Result<json::object> Records::template_page(const Asker& who, std::string_view name) {
  const bool editable = administers_vocabularies(who);
  Shelved met;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = templates_.find(name); at != templates_.end()) met = at->second;
  }
  if (!met.now || (!editable && !uses(who, *met.now))) return not_there();
  json::object out = head_of(*met.now);
  out["usable"] = uses(who, *met.now), out["editable"] = editable, out["declaration"] = met.now->declaration;
  if (editable && !met.wrong.empty()) out["wrong"] = met.wrong;
  json::array versions;
  sql().each(
      "select version, at, who, body from template where name = ? order by version desc",
      [&](store::Statement& s) {
        boost::system::error_code broken;
        const json::value body = json::parse(json::string_view(s.text(3).data(), s.text(3).size()), broken);
        const auto* source = body.if_object() ? body.get_object().if_contains("source") : nullptr;
        versions.push_back(json::object{{"version", s.integer(0)},
                                        {"at", base::rfc3339(s.integer(1) / 1'000'000)},
                                        {"who", std::string(s.text(2))},
                                        {"source", source ? *source : json::value()}});
      },
      name);
  for (auto& v : versions) v.as_object()["who"] = person(std::string(v.at("who").as_string()));
  out["versions"] = std::move(versions);
  return out;
}

base::Result<Template> Records::template_draft(const Asker& who, std::string_view text) {
  if (!administers_vocabularies(who)) return no_right();
  return read_template(*declared_, text);
}

base::Result<std::int64_t> Records::put_template(const Asker& who, std::string_view name,
                                                 std::int64_t version, std::string_view text) {
  if (!administers_vocabularies(who)) return no_right();
  TRY(load_templates());  // another server may have changed it
  std::shared_ptr<const Template> before;
  {
    const std::lock_guard lock(mutex_);
    if (const auto at = templates_.find(name); at != templates_.end()) before = at->second.now;
  }
  if (version != (before ? before->version : 0))
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed this template since: look at both versions"};
  Template after = TRY(read_template(*declared_, text));
  if (after.name != name)
    return base::Error{base::Refusal::invalid,
                       "template " + after.name + ": the name of a template stays: " + std::string(name)};
  const std::int64_t newest =
      sql().number("select coalesce(max(version), 0) from template where name = ?", name);
  after.version = std::max(version, newest) + 1;
  after.declaration["version"] = after.version;
  TRY(keep_version("template", who, name, before ? before->version : 0,
                   before ? &before->declaration : nullptr, after.declaration));
  const std::int64_t made = after.version;
  const std::lock_guard lock(mutex_);
  templates_[std::string(name)] = {std::make_shared<const Template>(std::move(after)), ""};
  return made;
}

}  // namespace kinds
