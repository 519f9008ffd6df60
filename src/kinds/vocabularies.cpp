// Vocabularies: data with a source and versions, edited by whoever may change the policy of the office.
#include "say.h"

#include <base/json.h>
#include <base/time.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

}  // namespace

// Who keeps people and their rights keeps the words of the office as well: the same heads of team.
bool Records::administers_vocabularies(const Asker& who) const {
  Asked a;
  a.act = rights::Act::change, a.rights = "account";
  a.label.classification = rights::Classification::internal;
  return who.decide(a).allowed;
}

void Records::on_vocabulary(std::string name, Judge judge) {
  judges_.emplace_back(std::move(name), std::move(judge));
}

json::object Records::vocabularies(const Asker& who) {
  const bool editable = administers_vocabularies(who);
  json::array out;
  for (const auto& [name, v] : declared_->vocabularies())
    out.push_back(json::object{{"name", name},
                               {"label", words_json(v->label)},
                               {"version", v->version},
                               {"source", v->source},
                               {"codes", v->codes.size()},
                               {"editable", editable}});
  return {{"vocabularies", std::move(out)}};
}

base::Result<json::object> Records::vocabulary(std::string_view name) {
  const auto v = declared_->vocabulary(name);
  if (!v) return not_there();
  return v->declaration;
}

base::Result<json::object> Records::vocabulary_versions(std::string_view name) {
  if (!declared_->vocabulary(name)) return not_there();
  json::array out;
  sql().each(
      "select version, at, who, body from vocabulary where name = ? order by version desc",
      [&](store::Statement& s) {
        const auto v = read_vocabulary(s.text(3));
        out.push_back(json::object{{"version", s.integer(0)},
                                   {"at", base::rfc3339(s.integer(1) / 1'000'000)},
                                   {"who", std::string(s.text(2))},
                                   {"source", v ? v->source : std::string()}});
      },
      name);
  for (auto& v : out) v.as_object()["who"] = person(std::string(v.at("who").as_string()));
  return json::object{{"versions", std::move(out)}};
}

// In the table `what`, which says what is versioned, and in the ledger. The version that was shipped is kept
// as well, so that what stood before can always be read.
base::Status Records::keep_version(std::string_view what, const Asker& who, std::string_view name,
                                   std::int64_t was, const json::object* before, const json::object& after) {
  const std::string table(what);
  return desk_.change([&](kernel::Change& c) -> base::Status {
    const auto keep = [&](std::int64_t version, std::string_view who_wrote, const json::object& text) {
      sql().run("insert into " + table + " (name, version, at, who, body) values (?, ?, ?, ?, ?)", name,
                version, clock_.unix_micros(), who_wrote, std::string_view(json::serialize(text)));
    };
    if (before && !sql().number("select count(*) from " + table + " where name = ?", name))
      keep(was, "", *before);
    keep(after.at("version").as_int64(), who.code, after);
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("version", after.at("version").as_int64())
        .member("source", std::string_view(after.at("source").as_string()))
        .end_object();
    c.tell({table + "_changed", who.code, name, payload});
    return base::Done{};
  });
}

base::Result<std::int64_t> Records::put_vocabulary(const Asker& who, std::string_view name,
                                                   std::int64_t version, std::string_view text,
                                                   std::vector<std::string>& used) {
  used.clear();
  TRY(load_vocabularies());  // another server may have changed it
  const auto before = declared_->vocabulary(name);
  if (!before) return not_there();
  if (!administers_vocabularies(who)) return no_right();
  if (before->version != version)
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed this vocabulary since: look at both versions"};
  Vocabulary after = TRY(read_vocabulary(text));
  if (after.name != before->name)
    return base::Error{base::Refusal::invalid, "\"vocabulary\": the name of a vocabulary stays"};
  for (const auto& [of, judge] : judges_)
    if (of == name) TRY(judge(after));
  after.version = before->version + 1;
  after.declaration["version"] = after.version;
  for (const Code& c : before->codes) {
    if (after.code(c.code)) continue;
    bool in_use = c.retired;  // what was once retired had been used
    for (const auto& k : declared_->kinds())
      for (const Field& f : k->fields) {
        if (in_use || f.retired) continue;
        const std::string column = "select count(*) from " + k->table() + " where f_" + f.name;
        const std::string quoted = "%" + json::serialize(json::value(c.code)) + "%";
        const bool columns =
            std::ranges::any_of(f.columns, [&](const Field& x) { return x.vocabulary == before->name; });
        if (f.vocabulary == before->name && !f.many)
          in_use = sql().number(column + " = ?", c.code) > 0;
        else if (f.vocabulary == before->name || columns ||
                 (f.type == Type::graded && before->name == "grading"))
          in_use = sql().number(column + " like ?", quoted) > 0;
      }
    if (before->name == "relation")
      in_use = in_use || sql().number("select count(*) from record_link where relation = ?", c.code) > 0;
    if (in_use) used.push_back(c.code);
  }
  if (!used.empty())
    return base::Error{base::Refusal::conflict,
                       "codes that are in use cannot be dropped: mark them as retired instead"};
  TRY(keep_version("vocabulary", who, name, before->version, &before->declaration, after.declaration));
  const std::int64_t made = after.version;
  Declared all = *declared_;
  all.put(std::move(after));
  declared_.put(std::move(all));
  return made;
}

}  // namespace kinds
