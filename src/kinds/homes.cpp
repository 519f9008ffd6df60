// Homes as they are declared, and what is wrong with them.
#include "asked.h"
#include "tree.h"

#include <kinds/date.h>
#include <kinds/home.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 7> kShows{"tasks", "counts", "list", "table", "cases", "map", "times"};

TilePart read_part(Tree& t) {
  TilePart p;
  p.kind = t.text("kind"), p.filter = t.list("filter"), p.sort = t.texts("sort");
  p.due = t.text_or("due"), p.alarm = t.flag("alarm");
  return p;
}

Tile read_tile(const json::value& v, const std::string& place) {
  const auto* o = v.if_object();
  const auto* named = o ? o->if_contains("tile") : nullptr;
  Tree t(v, place + "." + (named && named->is_string() ? std::string(named->get_string()) : "?"));
  Tile out;
  out.name = t.text("tile"), out.label = t.words(), out.wide = t.flag("wide");
  if (!is_name(out.name)) t.refuse("a name is lower case letters, digits and _");
  const std::string show = t.text("show");
  const auto at = std::ranges::find(kShows, show);
  if (at == kShows.end()) t.refuse("there is no way to show named \"" + show + "\"");
  out.show = static_cast<Tile::Show>(at - kShows.begin());
  if (t.any("kind")) {
    out.parts.push_back(read_part(t));
    out.parts.back().label = out.label;
  }
  for (const auto& each : t.list("parts")) {
    Tree p(each, t.place() + ".parts[" + std::to_string(out.parts.size()) + "]");
    TilePart part = read_part(p);
    part.label = p.words();
    p.end();
    out.parts.push_back(std::move(part));
  }
  if (out.show == Tile::Show::table) out.rows = t.text("rows"), out.columns = t.text("columns");
  t.end();
  if ((out.show == Tile::Show::tasks) != out.parts.empty())
    t.refuse("\"tasks\" asks for no kind; everything else for a \"kind\", or for \"parts\"");
  const bool one =
      out.show == Tile::Show::table || out.show == Tile::Show::map || out.show == Tile::Show::times;
  if (one && out.parts.size() != 1) t.refuse("a " + show + " is of one kind");
  return out;
}

Home home_of(const json::value& v) {
  const auto* o = v.if_object();
  const auto* named = o ? o->if_contains("home") : nullptr;
  if (!named || !named->is_string()) throw Wrongly("a home begins with \"home\"");
  Tree t(v, "home " + std::string(named->get_string()));
  Home h;
  h.name = t.text("home"), h.source = t.text("source"), h.label = t.words(), h.roles = t.texts("roles");
  h.version = t.integer("version", 1, 1'000'000), h.order = t.integer("order", 0, 1000);
  if (!is_name(h.name)) t.refuse("a name is lower case letters, digits and _");
  if (h.roles.empty()) t.refuse("it is for no role");
  std::set<std::string> met;
  for (const auto& each : t.list("tiles")) {
    h.tiles.push_back(read_tile(each, t.place() + ".tiles"));
    if (!met.insert(h.tiles.back().name).second) t.refuse("\"" + h.tiles.back().name + "\" is there twice");
  }
  t.end();
  if (h.tiles.empty()) t.refuse("it has no tiles");
  return h;
}

void check_part(const Declared& declared, const Tile& tile, const TilePart& part, const std::string& place) {
  const Kind* kind = declared.kind(part.kind);
  if (!kind) throw Wrongly(place + ": there is no kind \"" + part.kind + "\"");
  check_filter(declared, *kind, asked_today(*kind, part.filter, "P-1", 20'000), place);
  check_sort(*kind, part.sort, place);
  if (!part.due.empty())
    if (const Field* f = open_field(*kind, part.due); !f || f->type != Type::date)
      throw Wrongly(place + ".due: \"" + part.due + "\" is no open field of the type date");
  const auto has = [&](std::initializer_list<Type> types) {
    return std::ranges::any_of(kind->fields, [&](const Field& f) {
      return !f.retired && f.guard == Guard::open && std::ranges::find(types, f.type) != types.end();
    });
  };
  if (tile.show == Tile::Show::map && !has({Type::place}))
    throw Wrongly(place + ": " + kind->name + " has no open field of the type place");
  if (tile.show == Tile::Show::times && !has({Type::date, Type::time}))
    throw Wrongly(place + ": " + kind->name + " has no open field that is a date");
  if (tile.show == Tile::Show::table)
    for (const std::string& by : {tile.rows, tile.columns})
      if (!can_count_by(*kind, by))
        throw Wrongly(place + ": \"" + by +
                      "\" cannot be counted by: take state, case, or an open field with one code");
}

// "today", "today+14", "today-1": so many days from today.
std::optional<std::int64_t> day_said(std::string_view s) {
  if (!s.starts_with("today")) return {};
  s.remove_prefix(5);
  if (s.empty()) return 0;
  if (s.front() != '+' && s.front() != '-') return {};
  std::int64_t days = 0;
  const auto read = std::from_chars(s.data() + (s.front() == '+' ? 1 : 0), s.data() + s.size(), days);
  if (read.ec != std::errc() || read.ptr != s.data() + s.size()) return {};
  return days;
}

}  // namespace

std::string_view name_of(Tile::Show show) { return kShows[static_cast<std::size_t>(show)]; }

json::array asked_today(const Kind& kind, const json::array& filter, std::string_view me,
                        std::int64_t today) {
  json::array out = filter;
  for (auto& each : out) {
    auto* o = each.if_object();
    auto* value = o ? o->if_contains("value") : nullptr;
    const auto* field = o ? o->if_contains("field") : nullptr;
    if (!value || !value->is_string() || !field || !field->is_string()) continue;
    const std::string_view name = field->get_string(), said = value->get_string();
    const Field* f = kind.field(name);
    const bool day = f ? f->type == Type::date || f->type == Type::time : name == "made" || name == "changed";
    const bool person = f ? f->type == Type::staff : name == "author";
    if (person && said == "me")
      *value = json::string_view(me.data(), me.size());
    else if (const auto days = day_said(said); day && days)
      *value = date_of(today + *days);
  }
  return out;
}

base::Result<Homes> Homes::make(const rights::Policy& policy, const Declared& declared,
                                const std::vector<std::string>& homes) {
  Homes out;
  try {
    for (const std::string& text : homes) {
      boost::system::error_code broken;
      const json::value v = json::parse(text, broken);
      if (broken) throw Wrongly("a home is not JSON: " + broken.message());
      Home h = home_of(v);
      const std::string place = "home " + h.name;
      if (out.named(h.name)) throw Wrongly(place + ": two homes have this name");
      for (const std::string& role : h.roles)
        if (!policy.role(role)) throw Wrongly(place + ".roles: the policy has no role \"" + role + "\"");
      for (const Tile& tile : h.tiles)
        for (std::size_t i = 0; i < tile.parts.size(); ++i)
          check_part(declared, tile, tile.parts[i],
                     place + ".tiles." + tile.name +
                         (tile.parts.size() > 1 ? ".parts[" + std::to_string(i) + "]" : ""));
      out.homes_.push_back(std::move(h));
    }
  } catch (const Wrongly& w) { return base::Error{base::Refusal::invalid, w.what()}; }
  std::ranges::stable_sort(out.homes_, {}, &Home::order);
  return out;
}
base::Result<Homes> Homes::shipped(const rights::Policy& policy, const Declared& declared) {
  return make(policy, declared, shipped_homes());
}

const Home* Homes::named(std::string_view name) const {
  for (const Home& h : homes_)
    if (h.name == name) return &h;
  return nullptr;
}
std::vector<const Home*> Homes::of(const std::vector<std::string>& roles) const {
  std::vector<const Home*> out;
  for (const Home& h : homes_)
    if (std::ranges::any_of(h.roles,
                            [&](const auto& r) { return std::ranges::find(roles, r) != roles.end(); }))
      out.push_back(&h);
  return out;
}

}  // namespace kinds
